import { describe, expect, test } from '@jest/globals'
import type { Condition, Definition, State } from '../format.ts'
import { check } from './index.ts'
import { aDefinition, someCatalogues } from './samples.ts'

const label = { fa: 'x', en: 'x' }
const rulesOf = (text: string) => check(text, someCatalogues).map(({ rule }) => rule)
const withGuard = (guard: unknown): string => {
  const definition = aDefinition()
  definition.guards = { welcome: guard as Condition }
  return JSON.stringify(definition)
}
const small = JSON.stringify(aDefinition())
const deepGuard = (depth: number) =>
  `${'{"not":'.repeat(depth)}{"fact":"ctx","operator":"equal","value":1}${'}'.repeat(depth)}`
const leaf = { fact: 'ctx', path: '$.phone', operator: 'equal', value: '1' }

/** The golden set: each hostile or broken text, and the code it is refused with (reliability A7-A11). */
const golden: [what: string, rule: string, text: () => string][] = [
  ['an empty text', 'E00', () => ''],
  ['no JSON', 'E00', () => '{"format": samfony}'],
  ['a comment', 'E00', () => small.replace('{', '{ /* hi */')],
  ['a trailing comma', 'E00', () => '{"a": [1,]}'],
  ['something after the end', 'E00', () => `${small} {}`],
  ['a key twice', 'E00', () => small.replace('{', '{"id":"other",')],
  ['a number beyond 2^53', 'E00', () => small.replace('"version":1', '"version":9007199254740993')],
  ['a number that is infinite', 'E00', () => small.replace('"version":1', '"version":1e999')],
  ['__proto__ at the top', 'E32', () => small.replace('{', '{"__proto__":{"admin":true},')],
  ['__proto__ deep inside', 'E32', () => small.replace('"reason":{"type"', '"__proto__":{"type"')],
  [
    'constructor.prototype',
    'E32',
    () => small.replace('"initial":{"portId":null}', '"initial":{"constructor":{"prototype":{"admin":true}}}'),
  ],
  ['__proto__ in escapes', 'E32', () => small.replace('{', '{"\\u005f_proto__":{},')],
  ['50,000 nested arrays', 'E33', () => '['.repeat(50_000) + ']'.repeat(50_000)],
  ['50,000 brackets that never close', 'E33', () => '{"a":'.repeat(50_000)],
  ['600 KB', 'E33', () => JSON.stringify({ note: 'x'.repeat(600_000) })],
  ['a guard nested 3,000 deep', 'E33', () => small.replace('"guards":{', `"guards":{"deep":${deepGuard(3000)},`)],
  ['a guard nested 18 deep', 'E33', () => small.replace('"guards":{', `"guards":{"deep":${deepGuard(18)},`)],
  ['20,000 sibling conditions', 'E33', () => withGuard({ all: Array.from({ length: 5000 }, () => leaf) })],
  ['201 conditions', 'E33', () => withGuard({ any: Array.from({ length: 201 }, () => leaf) })],
  ['an unknown fact', 'E02', () => withGuard({ fact: 'weather', operator: 'equal', value: 1 })],
  ['10,000 states', 'E33', () => many(5000)],
  ['501 states', 'E33', () => many(501)],
  ['a self-loop on a timer of no time', 'E17', () => timer('PT0S')],
  ['a self-loop on a timer of a second', 'E17', () => timer('PT1S')],
  ['a negative timer', 'E17', () => timer('-PT1H')],
  ['a duration of a million years', 'E17', () => timer('P1000000Y')],
  [
    'a cycle without a wait',
    'E06',
    () =>
      changed((d) =>
        Object.assign(
          d.states['held'] as State,
          { always: [{ target: '#held2' }] },
          void (d.states['held2'] = { label, always: [{ target: '#held' }] }),
        ),
      ),
  ],
  [
    'an event that raises itself',
    'E06',
    () =>
      changed((d) => {
        d.events['AGAIN'] = { kind: 'internal', label }
        Object.assign(d.states['held'] as State, {
          on: { AGAIN: [{ actions: [{ type: 'raise', event: 'AGAIN' }] }] },
          entry: [{ type: 'raise', event: 'AGAIN' }],
        })
      }),
  ],
  [
    'an unreachable state',
    'E03',
    () => changed((d) => (d.states['island'] = { label, on: { PAY: [{ target: '#done' }] } })),
  ],
  ['a dead end', 'E04', () => changed((d) => Reflect.deleteProperty(d.states['held'] as State, 'after'))],
  ['a filter in a path', 'E32', () => withGuard({ ...leaf, path: '$.list[?(@.n>28)].n' })],
  ['a script in a path', 'E32', () => withGuard({ ...leaf, path: '$..[?(p="console.log(1)")]' })],
  [
    'a constructor walk in a path',
    'E32',
    () => withGuard({ ...leaf, path: "$.constructor['constructor']('return 1')()" }),
  ],
  ['a wildcard in a path', 'E32', () => withGuard({ ...leaf, path: '$.*' })],
  ['a hanging pattern', 'E36', () => small.replace('"maxLength":200', '"pattern":"^(a+)+$"')],
  ['a pattern for property names', 'E36', () => small.replace('"maxLength":200', '"patternProperties":{"(a+)+":true}')],
  ['an array instead of a definition', 'E01', () => '[]'],
  ['null', 'E01', () => 'null'],
  ['code instead of an action', 'E01', () => small.replace('"type":"notify"', '"type":"eval"')],
]

describe('the golden set of bad definitions', () => {
  test.each(golden)('%s is refused with %s', (_what, rule, text) => {
    const given = text()
    const startedMs = performance.now()
    const rules = rulesOf(given)

    expect(rules).toContain(rule)
    expect(performance.now() - startedMs).toBeLessThan(2000)
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
  })
})

test('a fault of the text has its line and column', () => {
  const [finding] = check('{\n  "id": "a",\n  "id": "b"\n}', someCatalogues)

  expect(finding).toMatchObject({ rule: 'E00', path: '$.id', line: 3, column: 3 })
})

test('a fault of the form has its line and column too', () => {
  const text = JSON.stringify({ ...aDefinition(), version: 0 }, null, 1)
  const [finding] = check(text, someCatalogues)

  expect(finding).toMatchObject({ rule: 'E01', path: '$.version' })
  expect(text.split('\n')[(finding?.line ?? 0) - 1]).toContain('"version": 0')
})

function changed(change: (definition: Definition) => void): string {
  const definition = aDefinition()
  change(definition)
  return JSON.stringify(definition)
}

function timer(delay: string): string {
  return changed((d) =>
    Object.assign(d.states['held'] as State, {
      after: [{ id: 'again', delay, then: [{ target: '#held', reenter: true }] }],
    }),
  )
}

function many(count: number): string {
  return changed((d) => {
    for (let n = 0; n < count; n++) d.states[`s${n}`] = { label }
  })
}
