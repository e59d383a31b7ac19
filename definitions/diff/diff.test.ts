import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { calendars } from '../catalogue/calendars.ts'
import { aDefinition } from '../check/samples.ts'
import type { Definition, State } from '../format.ts'
import { diffDefinitions } from './diff.ts'

const label = (en: string) => ({ fa: `${en} فا`, en })
const changed = (change: (definition: Definition) => void) => {
  const to = aDefinition()
  change(to)
  return diffDefinitions(aDefinition(), to, { calendars })
}
const waiting = (definition: Definition) => definition.states['waiting'] as State
const seeds = new URL('../seeds/', import.meta.url)

test('a definition does not differ from itself, whatever the order of its keys', () => {
  for (const file of readdirSync(seeds)) {
    const definition = JSON.parse(readFileSync(new URL(file, seeds), 'utf8')) as Definition
    const turned = { ...definition, states: Object.fromEntries(Object.entries(definition.states).reverse()) }
    expect(diffDefinitions(definition, turned, { calendars })).toEqual({
      changes: [],
      behaviour: { gained: [], lost: [], cut: false },
    })
  }
})

describe('what differs is told in both languages, at its place', () => {
  const cases: [what: string, change: (d: Definition) => void, kind: string, path: string, en: string][] = [
    [
      'state',
      (d) =>
        (d.states['check'] = {
          label: label('Check'),
          after: [{ id: 't', delay: 'P1D', then: [{ target: '#done' }] }],
        }),
      'added',
      '$.states.check',
      'state "Check" was added',
    ],
    [
      'transition',
      (d) =>
        Object.assign(waiting(d).on ?? {}, {
          PAY: [{ target: '#done', guard: { condition: 'welcome' }, tags: ['paid'] }],
        }),
      'changed',
      '$.states.waiting.on.PAY[0]',
      'transition "Waiting", Paid -> "Done": target changed from "Reserving" to "Done"',
    ],
    [
      'guard',
      (d) => Reflect.deleteProperty(waiting(d).on?.['PAY']?.[0] ?? {}, 'guard'),
      'changed',
      '$.states.waiting.on.PAY[0]',
      'transition "Waiting", Paid -> "Reserving": guard was removed: "welcome"',
    ],
    [
      'guard',
      (d) => Object.assign(d.guards?.['welcome'] ?? {}, { value: true }),
      'changed',
      '$.guards.welcome',
      'guard "welcome": text changed from customer.blocked is false to customer.blocked is true',
    ],
    [
      'permission',
      (d) => Object.assign(waiting(d).on?.['CANCEL']?.[0] ?? {}, { allow: [{ role: 'customer', scope: 'own' }] }),
      'changed',
      '$.states.waiting.on.CANCEL[0]',
      'transition "Waiting", Cancel -> "Cancelled": permission changed from Sales (those below) to Customer (own)',
    ],
    [
      'form',
      (d) => d.forms?.['reason']?.steps[0]?.fields.push('note'),
      'changed',
      '$.forms.reason',
      'form "reason": steps changed from [{"id":"why","label":{"fa":"چرا","en":"Why"},"fields":["reason"]}] to [{"id":"why","label":{"fa":"چرا","en":"Why"},"fields":["reason","note"]}]',
    ],
    [
      'deadline',
      (d) => Object.assign(waiting(d).after?.[0] ?? {}, { delay: 'P1DT2H' }),
      'changed',
      '$.states.waiting.after[0]',
      'deadline "expire in "Waiting"": delay changed from 3 days to 1 day 2 hours',
    ],
    [
      'call',
      (d) => Object.assign(d.states['reserving']?.invoke?.[0] ?? {}, { compensate: 'none' }),
      'changed',
      '$.states.reserving.invoke[0]',
      'call "oss.reservePort in "Reserving"": compensation changed from {"activity":"oss.releasePort","input":{"portId":{"$output":"$.portId"}}} to "none"',
    ],
    [
      'event',
      (d) => (d.events['LATER'] = { kind: 'user', label: label('Later') }),
      'added',
      '$.events.LATER',
      'event "Later" was added',
    ],
    ['promise', (d) => d.requires?.shift(), 'removed', '$.requires[0]', 'promise "payFirst" was removed'],
    ['test', (d) => d.tests?.pop(), 'removed', '$.tests[3]', 'test "three times no port" was removed'],
  ]
  test.each(cases)('%s: %#', (what, change, kind, path, en) => {
    const { changes } = changed(change)
    const found = changes.find((one) => one.what === what)

    expect(found).toMatchObject({ kind, path, message: { en } })
    expect(found?.message.fa).toMatch(/شد|کرد/)
  })

  test('candidates that changed places', () => {
    const two = (swap: boolean) => {
      const definition = aDefinition()
      const list = [
        { target: '#reserving', guard: { condition: 'welcome' }, tags: ['paid'] },
        { target: '#cancelled', otherwise: true },
      ]
      Object.assign(waiting(definition).on ?? {}, { PAY: swap ? list.reverse() : list })
      return definition
    }
    const { changes } = diffDefinitions(two(false), two(true), { calendars })

    expect(changes.map(({ part, message }) => [part, message.en])).toEqual([
      ['order', 'transition "Waiting", Paid -> "Cancelled" is now tried before "Waiting", Paid -> "Reserving"'],
    ])
  })
})

describe('behaviour', () => {
  test('a new way is gained, with the shortest road to it', () => {
    const { behaviour } = changed((d) => Object.assign(waiting(d).on?.['CANCEL']?.[0] ?? {}, { target: '#done' }))

    expect(behaviour.gained).toEqual([
      [
        { stimulus: 'start', to: ['#waiting'] },
        { stimulus: 'CANCEL', to: ['#done', 'outcome:done'] },
      ],
    ])
    expect(behaviour.lost.map((road) => road.at(-1))).toEqual([
      { stimulus: 'CANCEL', to: ['#cancelled', 'outcome:cancelled'] },
    ])
  })

  test('words and forms change nothing of it', () => {
    const { behaviour } = changed((d) => {
      d.label = label('Other')
      waiting(d).label = label('Other')
      d.forms?.['reason']?.steps.pop()
    })

    expect(behaviour).toEqual({ gained: [], lost: [], cut: false })
  })

  test('what is gained in one direction is lost in the other, on the shipped ADSL order', () => {
    const order = () => JSON.parse(readFileSync(new URL('adsl-order.json', seeds), 'utf8')) as Definition
    const without = order()
    const [name] = Object.entries(without.states).find(([, { on }]) => on !== undefined) ?? ['']
    Reflect.deleteProperty(without.states[name] as State, 'on')
    const [there, back] = [
      diffDefinitions(order(), without, { calendars }).behaviour,
      diffDefinitions(without, order(), { calendars }).behaviour,
    ]

    expect(there.lost.length).toBeGreaterThan(0)
    expect(there.gained).toEqual(back.lost)
    expect(there.lost).toEqual(back.gained)
  })
})
