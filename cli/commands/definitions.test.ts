import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Finding } from '../../definitions/check/finding.ts'
import { aDefinition } from '../../definitions/check/samples.ts'
import type { SimulatedStep } from '../../definitions/simulate.ts'
import { definitionsCommand } from './definitions.ts'

const order = fileURLToPath(new URL('../../definitions/seeds/adsl-order.json', import.meta.url))
const example = fileURLToPath(new URL('../../definitions/check/examples/adsl-install.json', import.meta.url))
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'definitions-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, value: unknown): string => {
  const path = join(folder, name)
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

async function run(...args: string[]): Promise<{ text: string; failed: boolean }> {
  const seen = { text: '', failed: false }
  const terminal = {
    write: (text: string) => {
      seen.text += text
    },
    fail: () => {
      seen.failed = true
    },
    nowMs: () => Date.parse('2026-11-24T08:00:00Z'),
  }
  await definitionsCommand(terminal).parseAsync(args, { from: 'user' })
  return seen
}

describe('check', () => {
  test('the shipped ADSL order and the full example of the format have no error', async () => {
    const shipped = await run('check', order)

    expect(shipped.failed).toBe(false)
    expect(shipped.text).toContain('0 errors')
    expect((await run('check', example, '--json')).failed).toBe(false)
  })

  test('a file that is not there is told in one sentence of each language, without a stack', async () => {
    const { text, failed } = await run('check', '/nowhere/x.json')

    expect(failed).toBe(true)
    expect(text).toBe('/nowhere/x.json does not exist\nپروندهٔ /nowhere/x.json وجود ندارد\n')
    expect((await run('check', folder)).text).toContain('is a folder')
    expect((await run('simulate', order, '--steps', '/nowhere/steps.json')).text).toContain(
      '/nowhere/steps.json does not exist',
    )
    expect(JSON.parse((await run('check', '/nowhere/x.json', '--json')).text)).toMatchObject({ code: 'ENOENT' })
  })

  test('an error has its file, line, rule, both texts and the road to it, and fails', async () => {
    const broken = aDefinition()
    Object.assign(broken.states['waiting']?.on?.['CANCEL']?.[0] ?? {}, { target: '#done' })
    const path = file('broken.json', broken)
    const { text, failed } = await run('check', path)

    expect(failed).toBe(true)
    expect(text).toContain(`${path}:1:`)
    expect(text).toContain('error E08 payFirst')
    expect(text).toContain('1. start -> #waiting\n    2. CANCEL -> #done outcome:done')
  })

  test('--json gives the findings as data', async () => {
    const findings = JSON.parse((await run('check', file('bad.json', '{"id": 1'), '--json')).text) as Finding[]

    expect(findings).toMatchObject([{ rule: 'E00', severity: 'error', path: '$' }])
  })

  test('a process that only a database may know is a warning', async () => {
    const definition = aDefinition()
    definition.states['done']?.entry?.push({ type: 'start', process: 'our-own', key: 'k' })
    const findings = JSON.parse((await run('check', file('own.json', definition), '--json')).text) as Finding[]

    expect(findings.filter(({ rule }) => rule === 'W14')).toMatchObject([{ severity: 'warning' }])
  })
})

describe('simulate', () => {
  const given = { facts: { customer: { blocked: false } } }

  test('each step shows where the process is, its data, effects and outcome', async () => {
    const steps = file('steps.json', {
      given,
      steps: [{ send: 'PAY' }, { complete: 'reservePort', output: { portId: 'P1' } }],
    })
    const { text, failed } = await run('simulate', file('good.json', aDefinition()), '--steps', steps)

    expect(failed).toBe(false)
    expect(text).toContain('in       #reserving')
    expect(text).toContain('"portId":"P1"')
    expect(text).toContain('effects  notify:adsl.welcome')
    expect(text).toContain('outcome  done')
  })

  test('a refusal shows its reasons, and an expectation that fails is an error', async () => {
    const steps = file('wrong.json', [
      { send: 'CANCEL', by: { role: 'customer' }, payload: { reason: 'x' }, expect: { outcome: 'cancelled' } },
    ])
    const { text, failed } = await run('simulate', file('good.json', aDefinition()), '--steps', steps)

    expect(failed).toBe(true)
    expect(text).toContain('rejected Forbidden')
    expect(text).toContain('allowed: sales@subtree')
    expect(text).toContain('FAILED   outcome is null, not cancelled')
  })

  test('--json gives the steps as data, at the instant asked for', async () => {
    const steps = file('json.json', [{ advance: 'P10D' }])
    const { text } = await run(
      'simulate',
      file('good.json', aDefinition()),
      '--steps',
      steps,
      '--json',
      '--at',
      '2026-12-01T08:00:00Z',
    )

    expect(JSON.parse(text) as SimulatedStep[]).toMatchObject([
      { now: '2026-12-01T08:00:00.000Z', in: ['#waiting'] },
      { now: '2026-12-11T08:00:00.000Z', outcome: 'cancelled' },
    ])
  })

  test.each([
    ['steps that are no JSON', '[', 'BadSteps'],
    ['steps of another grammar', '[{"jump": "#done"}]', 'BadDefinition'],
    ['a poisonous key', '[{"send": "PAY", "payload": {"__proto__": {}}}]', 'BadSteps'],
  ])('%s are refused', async (_what, text, code) => {
    const answer = await run('simulate', file('good.json', aDefinition()), '--steps', file('bad-steps.json', text))

    expect(answer.failed).toBe(true)
    expect(answer.text).toContain(code)
  })
})

describe('diff', () => {
  test('every difference is a sentence, and a road that is gained or lost has its sign', async () => {
    const [before, after] = [aDefinition(), aDefinition()]
    Object.assign(after.states['waiting']?.on?.['CANCEL']?.[0] ?? {}, { target: '#done' })
    const { text } = await run('diff', file('before.json', before), file('after.json', after))

    expect(text).toContain('target changed from "Cancelled" to "Done"  ($.states.waiting.on.CANCEL[0])')
    expect(text).toContain('+ start -> #waiting; CANCEL -> #done outcome:done')
    expect(text).toContain('- start -> #waiting; CANCEL -> #cancelled outcome:cancelled')
    expect((await run('diff', '--lang', 'fa', file('b.json', before), file('a.json', after))).text).toContain(
      'تغییر کرد',
    )
  })
})

describe('test', () => {
  test('tells each test and what they do not reach, and fails with them', async () => {
    const definition = aDefinition()
    definition.tests = definition.tests?.slice(1, 3) ?? []
    const { text, failed } = await run('test', file('some.json', definition))
    Object.assign(definition.tests[0]?.steps[0] ?? {}, { expect: { outcome: 'done' } })

    expect(failed).toBe(false)
    expect(text).toContain('ok     expires')
    expect(text).toContain('outcomes   1 of 3 (33%)\n           not $.outcomes.done')
    expect(await run('test', file('wrong-test.json', definition))).toMatchObject({
      failed: true,
      text: expect.stringContaining('FAILED expires\n       outcome is cancelled, not done ($.tests[0].steps[0])'),
    })
  })

  test('a simulation is saved as one', async () => {
    const steps = file('to-save.json', [{ advance: 'P10D' }])
    const { text } = await run('simulate', file('good.json', aDefinition()), '--steps', steps, '--save', 'it expires')

    expect(JSON.parse(text)).toEqual({
      name: 'it expires',
      steps: [{ advance: 'P10D', expect: { in: ['#cancelled'], outcome: 'cancelled' } }],
    })
  })
})

describe('export and import', () => {
  test.each(['xstate', 'scxml'])('as %s and back the definition is the same', async (format) => {
    const there = await run('export', file('out.json', aDefinition()), '--format', format)
    const back = await run('import', file('foreign', there.text), '--format', format)

    expect(JSON.parse(back.text)).toEqual(aDefinition())
  })

  test('what has no counterpart is refused with its place', async () => {
    const { text, failed } = await run(
      'import',
      file('odd.json', '{"initial":"a","states":{"a":{"entry":["x"]}}}'),
      '--format',
      'xstate',
    )

    expect(failed).toBe(true)
    expect(text).toContain('NotImportable at $.states.a.entry[0]')
  })

  test('the transitions are a workbook, right to left in Persian', async () => {
    const out = join(folder, 'table.xlsx')
    await run('export', file('table.json', aDefinition()), '--format', 'xlsx', '--out', out)
    const bytes = readFileSync(out)

    expect(bytes.subarray(0, 2).toString()).toBe('PK')
    expect(bytes.length).toBeGreaterThan(1000)
  })
})
