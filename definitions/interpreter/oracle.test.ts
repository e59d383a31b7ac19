import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { compare } from './oracle/compare.ts'
import { generate } from './oracle/generate.ts'

const runs = Number(process.env['ORACLE_RUNS'] ?? 3000)
const seed = Number(process.env['ORACLE_SEED'] ?? 20_260_321)

describe('XState agrees with the interpreter on its subset', () => {
  const counts = { same: 0, loop: 0, unordered: 0, commands: 0 }

  test(`in ${runs} random definitions: leaves, status, context, order of actions, timers and live calls`, () => {
    fc.assert(
      fc.property(fc.noBias(fc.array(fc.nat({ max: 0xffff }), { minLength: 300, maxLength: 900 })), (tape) => {
        const subject = generate(tape)
        const verdict = compare(subject)
        if (verdict.kind === 'different') throw new Error(JSON.stringify({ verdict, case: subject }, null, 1))
        counts[verdict.kind] += 1
        if (verdict.kind === 'same') counts.commands += verdict.commands
      }),
      // A shorter run is somebody's quick check: it need not find the smallest case.
      { numRuns: runs, seed, endOnFailure: runs < 3000 },
    )
  }, 3_600_000)

  test('and few definitions had to be skipped', () => {
    if (process.env['ORACLE_RUNS'] !== undefined) console.info(JSON.stringify(counts))
    expect(counts.loop + counts.unordered).toBeLessThan(runs * 0.15)
    expect(counts.commands).toBeGreaterThan(runs * 4)
  })
})
