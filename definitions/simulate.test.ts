import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { compile } from './compile.ts'
import type { Definition, DefinitionTest } from './format.ts'
import { chartFor, office, type Plan, startMs } from './interpreter/semantics/trial.ts'
import { simulate } from './simulate.ts'

const example = JSON.parse(
  readFileSync(new URL('./check/examples/adsl-install.json', import.meta.url), 'utf8'),
) as Definition

test.each((example.tests ?? []).map((one) => [one.name, one] as const))('the example holds: %s', (_name, one) => {
  const graph = compile(
    example,
    { calendars: { 'ir-office': office, 'tci-office': office, 'ir-sms-hours': office } },
    'h',
  )
  expect(simulate(graph, one, startMs).flatMap(({ failures }) => failures)).toEqual([])
})

const plan: Plan = {
  context: {
    schema: {
      type: 'object',
      required: ['n', 'kind', 'flag', 'at', 'word'],
      properties: {
        n: { type: 'integer', minimum: 3 },
        kind: { enum: ['a', 'b'] },
        flag: { type: 'boolean' },
        at: { type: 'string', format: 'date' },
        word: { type: ['string', 'null'] },
      },
    },
  },
  facts: { credit: { source: 'x', query: 'y', type: true } },
  events: { GO: { kind: 'user' }, PAID: { kind: 'external' }, STOP: { kind: 'user' } },
  states: {
    a: {
      on: {
        GO: [
          {
            target: '#a',
            reenter: true,
            allow: [{ role: 'clerk' }],
            guard: { fact: 'credit', path: '$.ok', operator: 'equal', value: true },
          },
        ],
        PAID: [{ target: '#b' }],
        STOP: [{ target: '#end', allow: [{ role: 'clerk' }], actions: [{ type: 'compensate', of: 'all' }] }],
      },
      invoke: [
        {
          id: 'call',
          activity: 'x',
          compensate: { activity: 'undo' },
          onDone: [{ actions: [{ type: 'run', activity: 'told' }] }],
        },
      ],
      after: [
        { id: 'late', delay: 'PT2H', then: [{ target: '#b' }] },
        { id: 'soon', delay: 'PT1H', then: [{ actions: [{ type: 'run', activity: 'ping' }] }] },
      ],
    },
    b: {},
    end: { type: 'final', outcome: 'off' },
  },
}
const { graph } = chartFor(plan)
const run = (steps: DefinitionTest['steps'], given: DefinitionTest['given'] = {}) =>
  simulate(graph, { name: 't', given, steps }, startMs)
const last = (steps: DefinitionTest['steps'], given?: DefinitionTest['given']) => run(steps, given).at(-1)

describe('a simulation', () => {
  test('starts with values for what the order must bring, or those given', () => {
    expect(run([])[0]).toMatchObject({
      step: { start: true },
      in: ['#a'],
      context: { n: 3, kind: 'a', flag: false, at: '2026-01-01', word: 'word' },
      now: '2026-07-04T06:00:00.000Z',
    })
    expect(run([], { context: { n: 9 } })[0]?.context).toMatchObject({ n: 9, kind: 'a' })
  })
  test('fires the timers that come due on the way, in order', () => {
    expect(last([{ advance: 'PT90M' }])).toMatchObject({
      in: ['#a'],
      effects: ['run:ping'],
      now: '2026-07-04T07:30:00.000Z',
    })
    expect(last([{ advance: 'PT3H' }])).toMatchObject({ in: ['#b'], effects: ['run:ping'] })
  })
  test('reads the facts that are given, also those that change on the way', () => {
    const go = { send: 'GO', by: { role: 'clerk' } }
    expect(last([go])?.rejected).toBe('GuardFailed')
    expect(last([go], { facts: { credit: { ok: true } } })?.rejected).toBeNull()
    expect(last([{ facts: { credit: { ok: true } } }, go])?.rejected).toBeNull()
  })
  test('refuses who may not, with the reasons', () => {
    expect(last([{ send: 'GO', by: { role: 'other' } }])).toMatchObject({
      rejected: 'Forbidden',
      reasons: [{ allow: ['clerk@subtree'] }],
    })
    expect(last([{ send: 'GO' }])?.rejected).toBe('Forbidden')
  })
  test('completes the call of the present entry, not one that was left', () => {
    const again = { send: 'GO', by: { role: 'clerk' } }
    expect(last([again, { complete: 'call' }], { facts: { credit: { ok: true } } })).toMatchObject({
      effects: ['run:told'],
      in: ['#a'],
    })
  })
  test('makes compensations at once, so that it ends', () => {
    expect(last([{ complete: 'call' }, { send: 'STOP', by: { role: 'clerk' } }])).toMatchObject({
      outcome: 'off',
      effects: ['compensate:all'],
    })
  })
  test('shows an incident', () => {
    expect(last([{ fail: 'call', error: 'Down' }])).toMatchObject({
      in: ['#a'],
      incidents: [{ place: 'a/call', type: 'Down' }],
      effects: ['incident:a/call'],
    })
  })
})

describe('expectations that do not hold are said', () => {
  test.each<[DefinitionTest['steps'][number], string]>([
    [{ send: 'PAID', expect: { in: ['#a'] } }, 'not in #a, but in #b'],
    [{ send: 'PAID', expect: { outcome: 'off' } }, 'outcome is null, not off'],
    [{ send: 'PAID', expect: { effects: ['run:x'] } }, 'no effect run:x among '],
    [{ send: 'PAID', expect: { rejected: 'Forbidden' } }, 'rejected is null, not Forbidden'],
    [{ send: 'GO', expect: { in: ['#a'] } }, 'rejected: Forbidden'],
    [{ send: 'GO', expect: { rejected: 'Busy' } }, 'rejected is Forbidden, not Busy'],
    [{ fail: 'call', expect: { incident: false } }, 'incident is true'],
    [{ send: 'PAID', expect: { incident: true } }, 'incident is false'],
    [{ complete: 'ghost' }, 'no call ghost is under way'],
  ])('%j', (step, failure) => {
    expect(last([step])?.failures).toEqual([failure])
  })
  test('and those that hold are not', () => {
    expect(last([{ send: 'PAID', expect: { in: ['#b'], incident: false } }])?.failures).toEqual([])
    expect(
      last([{ fail: 'call', expect: { incident: true, in: ['#a'], effects: ['incident:a/call'] } }])?.failures,
    ).toEqual([])
  })
})
