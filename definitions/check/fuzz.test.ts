import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Json } from '../../domain/json.ts'
import { check } from './index.ts'
import { aDefinition, someCatalogues } from './samples.ts'

const example = JSON.parse(readFileSync(new URL('examples/adsl-install.json', import.meta.url), 'utf8')) as Json
const small = aDefinition() as unknown as Json

/** Words that make a change more likely to get past the form. */
const words = [
  '#waiting',
  '#done',
  '#fulfilment.line',
  'PAY',
  'CANCEL',
  '$.phone',
  'P1D',
  'PT1S',
  'parallel',
  'final',
  'history',
  'paid',
  '',
  '__proto__',
  'constructor',
  '#',
  '$',
  'oss.reservePort',
]
const replacement = fc.oneof(
  fc.constantFrom<Json>(...words),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(null, -1, 0, 1e9, true, [], {}),
)

/** Replaces, removes, copies or swaps one part of a JSON value. */
function mutate(value: Json, road: number[], how: number, by: Json): Json {
  if (value === null || typeof value !== 'object' || road.length === 0) return how % 4 === 3 ? [value, value] : by
  const [here = 0, ...rest] = road
  if (Array.isArray(value)) {
    if (value.length === 0) return [by]
    const at = here % value.length
    if (rest.length === 0 && how % 4 === 1) return value.filter((_, i) => i !== at)
    if (rest.length === 0 && how % 4 === 2) return [...value].reverse()
    return value.map((part, i) => (i === at ? mutate(part, rest, how, by) : part))
  }
  const keys = Object.keys(value)
  if (keys.length === 0) return { added: by }
  const key = keys[here % keys.length] as string
  if (rest.length === 0 && how % 4 === 1)
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
  if (rest.length === 0 && how % 4 === 2) return { ...value, [words[here % words.length] ?? 'x']: value[key] as Json }
  return { ...value, [key]: mutate(value[key] as Json, rest, how, by) }
}

const change = fc.record({
  road: fc.array(fc.nat(40), { minLength: 1, maxLength: 9 }),
  how: fc.nat(3),
  by: replacement,
})

test('no change of a good definition makes the check throw or pollute a prototype', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(small, small, small, example),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (start, changes) => {
        const changed = changes.reduce((value, { road, how, by }) => mutate(value, road, how, by), start)
        const findings = check(JSON.stringify(changed), someCatalogues)
        expect(Array.isArray(findings)).toBe(true)
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
      },
    ),
    { numRuns: 500, seed: 20261124 },
  )
})

test('no text at all makes the check throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json({ maxDepth: 5 }),
        fc.string().map((s) => `{"states":${s}`),
      ),
      (text) => {
        expect(check(text, someCatalogues).length).toBeGreaterThan(0)
      },
    ),
    { numRuns: 500, seed: 20261124 },
  )
})
