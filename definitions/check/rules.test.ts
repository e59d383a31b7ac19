import { describe, expect, test } from '@jest/globals'
import type { Definition, State, Transition } from '../format.ts'
import { check } from './index.ts'
import { aDefinition, someCatalogues } from './samples.ts'

const text = { fa: 'x', en: 'x' }
/** What only informs is left out. */
const checked = (definition: object) =>
  check(JSON.stringify(definition), someCatalogues).filter(({ severity }) => severity !== 'info')
const changed = (change: (definition: Definition) => void) => {
  const definition = aDefinition()
  change(definition)
  return checked(definition)
}
const waiting = (definition: Definition) => definition.states['waiting'] as State
const first = (list: Transition[] | undefined) => list?.[0] as Transition

test('a good definition has no finding at all', () => {
  expect(checked(aDefinition())).toEqual([])
})

describe('each rule finds its fault, at its place', () => {
  const faults: [rule: string, what: string, path: string, change: (definition: Definition) => void][] = [
    ['E01', 'an unknown key', '$.states.waiting.onn', (d) => Object.assign(waiting(d), { onn: {} })],
    ['E01', 'a missing label', '$.states.held', (d) => Reflect.deleteProperty(d.states['held'] as State, 'label')],
    [
      'E01',
      'an operator that does not exist',
      '$.guards.welcome.operator',
      (d) => Object.assign(d.guards?.['welcome'] ?? {}, { operator: 'matches' }),
    ],
    [
      'E01',
      'an action that does not exist',
      '$.states.waiting.entry[0]',
      (d) => Object.assign(waiting(d), { entry: [{ type: 'script', code: 'x' }] }),
    ],
    [
      'E01',
      'a key too many in an action',
      '$.states.waiting.entry[0].retries',
      (d) => Object.assign(waiting(d), { entry: [{ type: 'run', activity: 'oss.releasePort', retries: 3 }] }),
    ],
    [
      'E02',
      'a target that does not exist',
      '$.states.waiting.on.PAY[0].target',
      (d) => (first(waiting(d).on?.['PAY']).target = '#nowhere'),
    ],
    ['E02', 'an initial state that does not exist', '$.initial', (d) => (d.initial = 'nowhere')],
    [
      'E02',
      'an event that is not declared',
      '$.states.waiting.on.REFUND[0]',
      (d) => Object.assign(waiting(d).on ?? {}, { REFUND: [{ target: '#done' }] }),
    ],
    [
      'E02',
      'an outcome that does not exist',
      '$.states.done.outcome',
      (d) => ((d.states['done'] as State).outcome = 'perfect'),
    ],
    [
      'E02',
      'a guard that does not exist',
      '$.states.waiting.on.PAY[0].guard.condition',
      (d) => (first(waiting(d).on?.['PAY']).guard = { condition: 'nice' }),
    ],
    [
      'E02',
      'a fact that is not declared',
      '$.guards.welcome.fact',
      (d) => (d.guards = { welcome: { fact: 'weather', operator: 'equal', value: 'fine' } }),
    ],
    [
      'E02',
      'a fact source that does not exist',
      '$.facts.customer.source',
      (d) => Object.assign(d.facts?.['customer'] ?? {}, { source: 'sap' }),
    ],
    [
      'E02',
      'a query that does not exist',
      '$.facts.customer.query',
      (d) => Object.assign(d.facts?.['customer'] ?? {}, { query: 'mood' }),
    ],
    [
      'E02',
      'a form that does not exist',
      '$.events.CANCEL.form',
      (d) => Object.assign(d.events['CANCEL'] ?? {}, { form: 'why' }),
    ],
    ['E02', 'a calendar that does not exist', '$.calendars.office', (d) => (d.calendars = { office: 'mars' })],
    [
      'E02',
      'a calendar alias that does not exist',
      '$.states.waiting.after[0].calendar',
      (d) => Object.assign(waiting(d).after?.[0] ?? {}, { calendar: 'night' }),
    ],
    [
      'E02',
      'an activity that does not exist',
      '$.states.reserving.invoke[0].activity',
      (d) => Object.assign(d.states['reserving']?.invoke?.[0] ?? {}, { activity: 'oss.teleport' }),
    ],
    [
      'E02',
      'a process that does not exist',
      '$.states.done.entry[1].process',
      (d) => d.states['done']?.entry?.push({ type: 'start', process: 'nobody', key: 'k' }),
    ],
    [
      'E21',
      'a template without a text for the channel',
      '$.states.done.entry[0].notify.channels[0]',
      (d) =>
        (d.states['done']!.entry = [
          { type: 'notify', notify: { channels: ['call'], template: 'adsl.welcome', to: 'customer' } },
        ]),
    ],
    [
      'E02',
      'a template that does not exist',
      '$.states.done.entry[0].notify.template',
      (d) =>
        (d.states['done']!.entry = [
          { type: 'notify', notify: { channels: ['sms'], template: 'order.lost', to: 'customer' } },
        ]),
    ],
    ['E02', 'an owner that is no role', '$.states.waiting.owner', (d) => (waiting(d).owner = 'king')],
    [
      'E02',
      'the same call id twice',
      '$.states.held.invoke[0].id',
      (d) =>
        (d.states['held']!.invoke = [{ id: 'reservePort', activity: 'oss.awaitRanging', input: { portId: null } }]),
    ],
    [
      'E02',
      'a selector that selects nothing',
      '$.requires[0].via',
      (d) => (d.requires = [{ id: 'x', check: 'passesThrough', to: 'outcome:done', via: 'tag:payed' }]),
    ],
    [
      'E02',
      'compensation of a call that has none',
      '$.states.done.entry[1].of[0]',
      (d) => d.states['done']?.entry?.push({ type: 'compensate', of: ['payBack'] }),
    ],
    [
      'E03',
      'a state that no road leads to',
      '$.states.island',
      (d) => (d.states['island'] = { label: text, after: [{ id: 't', delay: 'P1D', then: [{ target: '#done' }] }] }),
    ],
    [
      'E04',
      'a state that nothing leads out of',
      '$.states.held',
      (d) => Reflect.deleteProperty(d.states['held'] as State, 'after'),
    ],
    [
      'E05',
      'two states that only lead to each other',
      '$.states.held',
      (d) => {
        d.states['held']!.after = [{ id: 'a', delay: 'P1D', then: [{ target: '#other' }] }]
        d.states['other'] = { label: text, after: [{ id: 'b', delay: 'P1D', then: [{ target: '#held' }] }] }
      },
    ],
    [
      'E06',
      'eventless steps that go round',
      '$.states',
      (d) => {
        d.states['held']!.always = [{ target: '#other' }]
        d.states['other'] = { label: text, always: [{ target: '#held' }] }
      },
    ],
    [
      'E06',
      'eventless steps that may go round, by a condition',
      '$.states',
      (d) => {
        const guard = { fact: 'ctx', path: '$.phone', operator: 'equal' as const, value: '1' }
        d.states['held']!.always = [{ target: '#other', guard }]
        d.states['other'] = { label: text, always: [{ target: '#held', guard }, { target: '#done' }] }
      },
    ],
    [
      'E07',
      'calls that go round without a wait',
      '$.states',
      (d) => (d.states['reserving']!.invoke![0]!.onError = [{ target: '#reserving', reenter: true }]),
    ],
    [
      'E08',
      'a road to success past the payment',
      '$.requires[0]',
      (d) => Object.assign(first(waiting(d).on?.['CANCEL']), { target: '#done' }),
    ],
    [
      'E14',
      'a user event that nobody is allowed',
      '$.states.waiting.on.CANCEL[0]',
      (d) => Reflect.deleteProperty(first(waiting(d).on?.['CANCEL']), 'allow'),
    ],
    [
      'E14',
      'a role that does not exist',
      '$.states.waiting.on.CANCEL[0].allow[0].role',
      (d) => (first(waiting(d).on?.['CANCEL']).allow = [{ role: 'king' }]),
    ],
    [
      'E14',
      'a permission on an external event',
      '$.states.waiting.on.PAY[0].allow',
      (d) => (first(waiting(d).on?.['PAY']).allow = [{ role: 'sales' }]),
    ],
    [
      'E15',
      'a sensitive event that its own author may approve',
      '$.states.waiting.on.CANCEL[0].allow',
      (d) => Object.assign(d.events['CANCEL'] ?? {}, { sensitive: true }),
    ],
    [
      'E17',
      'a timer of no time',
      '$.states.held.after[0].delay',
      (d) => Object.assign(d.states['held']?.after?.[0] ?? {}, { delay: 'PT0S' }),
    ],
    ['E17', 'a timer beyond the horizon', '$.states.held.after[0].delay', (d) => (d.limits = { horizon: 'PT1H' })],
    [
      'E17',
      'a cycle that waits less than a minute',
      '$.states',
      (d) => Object.assign(d.states['held']?.after?.[0] ?? {}, { delay: 'PT59S', then: [{ target: '#reserving' }] }),
    ],
    [
      'E18',
      'an input that the activity does not take',
      '$.states.reserving.invoke[0].input.speed',
      (d) => Object.assign((d.states['reserving']?.invoke?.[0]?.input as object) ?? {}, { speed: 8 }),
    ],
    [
      'E18',
      'an input that is missing',
      '$.states.reserving.invoke[0].input',
      (d) => Object.assign(d.states['reserving']?.invoke?.[0] ?? {}, { input: { phone: '1', technology: null } }),
    ],
    [
      'E18',
      'an error that the activity does not have',
      '$.states.reserving.invoke[0].onError[0].errors',
      (d) => Object.assign(d.states['reserving']?.invoke?.[0]?.onError?.[0] ?? {}, { errors: ['Tired'] }),
    ],
    [
      'E18',
      'an output that the activity does not give',
      '$.states.reserving.invoke[0].compensate.input',
      (d) =>
        Object.assign(d.states['reserving']?.invoke?.[0] ?? {}, {
          compensate: { activity: 'oss.releasePort', input: { portId: { $output: '$.id' } } },
        }),
    ],
    [
      'E20',
      'a variable that does not exist',
      '$.facts.customer.params',
      (d) => Object.assign(d.facts?.['customer'] ?? {}, { params: { id: { $ctx: '$.customer' } } }),
    ],
    [
      'E20',
      'a typo in a condition',
      '$.guards.welcome.path',
      (d) => Object.assign(d.guards?.['welcome'] ?? {}, { path: '$.bloked' }),
    ],
    [
      'E22',
      'a form field that the schema does not have',
      '$.forms.reason.steps[0].fields[1]',
      (d) => d.forms?.['reason']?.steps[0]?.fields.push('mood'),
    ],
    [
      'E23',
      'an effect without a word on compensation',
      '$.states.reserving.invoke[0]',
      (d) => Reflect.deleteProperty(d.states['reserving']?.invoke?.[0] ?? {}, 'compensate'),
    ],
    [
      'E24',
      'a call in a state that is only passed through',
      '$.states.reserving',
      (d) => (d.states['reserving']!.always = [{ target: '#held' }]),
    ],
    [
      'E25',
      'a transition into another region',
      '$.states.both.states.a.states.one.on.PAY[0].target',
      (d) => (d.states = inParallel('#both.b.two')),
    ],
    [
      'E25',
      'a region that enters itself',
      '$.states.both.states.a.on.PAY[0].target',
      (d) => {
        d.states = inParallel('#done')
        d.states['both']!.states!['a']!.on = { PAY: [{ target: '#both.a', reenter: true }] }
      },
    ],
    [
      'E26',
      'a target equal to the source',
      '$.states.waiting.on.PAY[0].target',
      (d) => (first(waiting(d).on?.['PAY']).target = '#waiting'),
    ],
    [
      'E27',
      'an end without an outcome',
      '$.states.done',
      (d) => Reflect.deleteProperty(d.states['done'] as State, 'outcome'),
    ],
    [
      'E30',
      'money that may be interrupted',
      '$.states.held.invoke[0]',
      (d) =>
        (d.states['held']!.invoke = [
          {
            id: 'pay',
            activity: 'billing.refund',
            compensate: 'none',
            input: { customerId: 'c', amountRial: 1, paymentRef: null },
            onDone: [{ target: '#done' }],
          },
        ]),
    ],
    [
      'E33',
      'states nested too deep',
      '$.states.n0.states.n1.states.n2.states.n3.states.n4.states.n5.states.n6.states.n7.states.n8',
      (d) => (d.states['n0'] = nested(0)),
    ],
    [
      'E33',
      'a condition that needs itself',
      '$.guards.welcome',
      (d) => (d.guards = { welcome: { not: { condition: 'welcome' } } }),
    ],
    [
      'E35',
      'a test that does not hold',
      '$.tests[0].steps[1]',
      (d) => (d.tests![0]!.steps[1]!.expect = { outcome: 'cancelled' }),
    ],
    [
      'E35',
      'a test that answers a call nobody made',
      '$.tests[0].steps[0]',
      (d) => (d.tests![0]!.steps = [{ complete: 'reservePort' }]),
    ],
    [
      'E36',
      'a pattern that can hang',
      '$.forms.reason.schema.properties.reason.pattern',
      (d) =>
        Object.assign(d.forms?.['reason']?.schema as object, {
          properties: { reason: { type: 'string', pattern: '^(a+)+$' } },
        }),
    ],
    [
      'E36',
      'a reference in a schema',
      '$.context.schema.$ref',
      (d) => Object.assign(d.context.schema as object, { $ref: 'https://example.com/x' }),
    ],
    [
      'W01',
      'an event that nothing uses',
      '$.events.LATER',
      (d) => (d.events['LATER'] = { kind: 'external', label: text }),
    ],
    ['E35', 'an outcome that no test reaches', '$.outcomes.noPort', (d) => d.tests?.pop()],
  ]
  test.each(faults)('%s: %s', (rule, _what, path, change) => {
    const findings = changed(change)

    expect(findings.map((f) => ({ rule: f.rule, path: f.path.replace('["$ref"]', '.$ref') }))).toContainEqual({
      rule,
      path,
    })
  })
})

/** Faults of the same changes that these examples are not about. */
const beside = ['W01', 'W04', 'W10', 'W11', 'W12', 'E03', 'E08', 'E11', 'E12', 'E16', 'E35']

describe('what is near a fault and is none', () => {
  const fine: [what: string, change: (definition: Definition) => void][] = [
    ['a transition out of the whole parallel', (d) => (d.states = inParallel('#done'))],
    [
      'a cycle of calls that a count of visits ends',
      (d) => {
        d.states['reserving']!.invoke![0]!.onError = [
          {
            target: '#reserving',
            reenter: true,
            guard: { fact: 'visits', path: '$.reserving', operator: 'lessThan', value: 3 },
          },
          { target: '#held' },
        ]
      },
    ],
    ['a timer of a minute in a cycle', (d) => Object.assign(d.states['held']?.after?.[0] ?? {}, { delay: 'PT1M' })],
    [
      'a target equal to the source with reenter',
      (d) => Object.assign(first(waiting(d).on?.['PAY']), { target: '#waiting', reenter: true }),
    ],
    [
      'a sensitive event that another person approves',
      (d) => {
        Object.assign(d.events['CANCEL'] ?? {}, { sensitive: true })
        first(waiting(d).on?.['CANCEL']).allow = [{ role: 'sales', notActorOf: 'CANCEL' }]
      },
    ],
    [
      'an effect that says none',
      (d) => Object.assign(d.states['reserving']?.invoke?.[0] ?? {}, { compensate: 'none' }),
    ],
    [
      'eventless steps that end',
      (d) => {
        d.states['held']!.always = [{ target: '#other' }]
        d.states['other'] = { label: text, after: [{ id: 'b', delay: 'P1D', then: [{ target: '#done' }] }] }
      },
    ],
    [
      'history that remembers where it was',
      (d) => {
        d.states['group'] = {
          label: text,
          initial: 'a',
          states: { a: { label: text }, past: { label: text, type: 'history', history: 'deep', target: '#group.a' } },
          on: { PAY: [{ target: '#held' }] },
        }
        d.states['held'] = {
          label: text,
          after: [{ id: 'again', delay: 'P1D', then: [{ target: '#group.past' }] }],
          on: { PAY: [{ target: '#done' }] },
        }
      },
    ],
  ]
  test.each(fine)('%s', (_what, change) => {
    expect(changed(change).filter(({ rule }) => !beside.includes(rule))).toEqual([])
  })
})

test('a broken property comes with the shortest road that breaks it', () => {
  const findings = changed((d) => Object.assign(first(waiting(d).on?.['CANCEL']), { target: '#done' }))

  expect(findings.find(({ rule }) => rule === 'E08')?.counterExample).toEqual([
    { stimulus: 'start', to: ['#waiting'] },
    { stimulus: 'CANCEL', to: ['#done', 'outcome:done'] },
  ])
})

test('an obligation that is still open at an end breaks followedBy', () => {
  const findings = changed((d) => {
    d.requires = [{ id: 'release', check: 'followedBy', to: '#reserving', via: '#held', unless: 'outcome:cancelled' }]
  })

  expect(findings[0]?.counterExample?.map(({ stimulus }) => stimulus)).toEqual(['start', 'PAY', 'done reservePort'])
})

test('two conditions that a guard joins are tried both ways, `state` is known', () => {
  const findings = changed((d) => {
    d.states['never'] = { label: text, type: 'final', outcome: 'done' }
    waiting(d).always = [{ target: '#never', guard: { fact: 'state', operator: 'contains', value: 'reserving' } }]
  })

  expect(findings.filter(({ severity }) => severity === 'error').map(({ rule, path }) => `${rule} ${path}`)).toEqual([
    'E03 $.states.never',
  ])
})

test('too many parallel combinations are told, not waited for', () => {
  const region = (): State => ({
    label: text,
    initial: 's0',
    states: Object.fromEntries(
      [0, 1, 2, 3, 4, 5].map((n) => [
        `s${n}`,
        { label: text, on: { PAY: [{ target: `#all.rX.s${(n + 1) % 6}`, guard: { condition: 'welcome' } }] } },
      ]),
    ),
  })
  const definition = aDefinition()
  const keys = Array.from({ length: 8 }, (_, i) => `r${i}`)
  definition.states['all'] = {
    label: text,
    type: 'parallel',
    order: keys,
    states: Object.fromEntries(
      keys.map((key) => [
        key,
        JSON.parse(
          JSON.stringify(region()).replaceAll('rX', key).replaceAll('"PAY"', `"E_${key.toUpperCase()}"`),
        ) as State,
      ]),
    ),
  }
  for (const key of keys) definition.events[`E_${key.toUpperCase()}`] = { kind: 'external', label: text }
  first(waiting(definition).on?.['PAY']).target = '#all'

  const startedMs = performance.now()
  const findings = checked(definition)

  expect(findings.filter(({ rule }) => rule === 'E33').map(({ path }) => path)).toEqual(['$.states'])
  expect(performance.now() - startedMs).toBeLessThan(30_000)
})

function inParallel(target: string): Definition['states'] {
  const states = aDefinition().states
  return {
    ...states,
    both: {
      label: text,
      type: 'parallel',
      order: ['a', 'b'],
      states: {
        a: { label: text, initial: 'one', states: { one: { label: text, on: { PAY: [{ target }] } } } },
        b: { label: text, initial: 'two', states: { two: { label: text } } },
      },
    },
    held: { label: text, after: [{ id: 'again', delay: 'P1D', then: [{ target: '#both' }] }] },
  }
}

function nested(depth: number): State {
  return depth === 8
    ? { label: text }
    : { label: text, initial: `n${depth + 1}`, states: { [`n${depth + 1}`]: nested(depth + 1) } }
}
