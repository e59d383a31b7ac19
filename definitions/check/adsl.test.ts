import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { compile } from '../compile.ts'
import type { Definition, State } from '../format.ts'
import { explore } from './explore.ts'
import type { CheckCatalogues } from './finding.ts'
import { check } from './index.ts'
import { someCatalogues } from './samples.ts'

const text = readFileSync(new URL('examples/adsl-install.json', import.meta.url), 'utf8')
const label = { fa: 'x', en: 'x' }
const catalogues: CheckCatalogues = {
  ...someCatalogues,
  templates: Object.fromEntries(
    [...text.matchAll(/"template": "([^"]+)"/g)].map(([, name]) => [name, ['sms', 'email', 'inbox']]),
  ),
  processes: { known: ['adsl-subscription'], complete: true },
}
const adsl = () => JSON.parse(text) as Definition
const state = (definition: Definition, id: string) =>
  id.split('.').reduce<{ states?: Record<string, State> }>((at, key) => at.states?.[key] as State, definition) as State

test('the full example of the format has no error', () => {
  expect(check(text, catalogues).filter(({ severity }) => severity === 'error')).toEqual([])
})

/** Seconds of processor time of the quickest of three runs: other work on the machine does not count. */
function quickest(text: string): number {
  const times = [0, 1, 2].map(() => {
    const before = process.cpuUsage()
    check(text, catalogues)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1e6
  })
  return Math.min(...times)
}

test('the whole lint of it takes less than a second', () => {
  expect(quickest(text)).toBeLessThan(1)
})

test('the whole lint of 200 states takes less than ten seconds', () => {
  const definition = adsl()
  const states = Array.from({ length: 200 }, (_, i): [string, State] => [
    `s${i}`,
    {
      label: { fa: `گام ${i}`, en: `Step ${i}` },
      owner: 'sales',
      on: { CANCEL: [{ target: `#s${(i * 7 + 1) % 200}`, allow: [{ role: 'sales' }] }] },
      after: [{ id: 't', delay: 'P1D', then: [{ target: i === 199 ? '#cancelled' : `#s${i + 1}` }] }],
    },
  ])
  const large = {
    ...definition,
    initial: 's0',
    requires: [],
    tests: [],
    states: { ...Object.fromEntries(states), cancelled: state(definition, 'cancelled') },
  }
  expect(check(JSON.stringify(large), catalogues).some(({ rule }) => rule === 'I01')).toBe(true)
  expect(quickest(JSON.stringify(large))).toBeLessThan(10)
})

test('its configuration graph is small and whole', () => {
  const explored = explore(compile(adsl(), catalogues, ''))

  expect(explored.cut).toBe(false)
  expect(explored.configurations.length).toBeGreaterThan(25)
  expect(explored.configurations.length).toBeLessThan(60)
  expect([...explored.entered]).toContain('fulfilment.line.waitingForPort')
})

describe('a seeded fault is found, and the road to it shown', () => {
  const faults: [
    what: string,
    rule: string,
    place: string,
    change: (definition: Definition) => void,
    road?: string[],
  ][] = [
    [
      'the payment step is skipped',
      'E08',
      '$.requires[0]',
      (d) => (state(d, 'presale.proforma').invoke![0]!.onDone![0]!.target = '#fulfilment'),
      [
        'start',
        'done checkFeasibility',
        'done issueProforma',
        'done reservePort',
        'RANGING_DONE',
        'SCHEDULE_VISIT',
        'VISIT_DONE',
        'done createAccount',
      ],
    ],
    [
      'paid, then cancelled without a refund',
      'E08',
      '$.requires[3]',
      (d) => (state(d, 'paid').on!['CANCEL']![0]!.target = '#cancelling'),
      ['start', 'done checkFeasibility', 'done issueProforma', 'PAYMENT_CONFIRMED', 'CANCEL'],
    ],
    [
      'a visit without documents',
      'E08',
      '$.requires[2]',
      (d) => (state(d, 'fulfilment.line.ranging').on!['RANGING_DONE']![0]!.target = '#scheduling'),
    ],
    [
      'ranged, then refunded without collection',
      'E08',
      '$.requires[4]',
      (d) => (state(d, 'scheduling').on!['CANCEL']![0]!.target = '#refund'),
    ],
    [
      'a permission is taken away',
      'E14',
      '$.states.slipReview.on.ACCEPT_SLIP[0]',
      (d) => Reflect.deleteProperty(state(d, 'slipReview').on!['ACCEPT_SLIP']![0]!, 'allow'),
    ],
    [
      'the accountant may accept his own slip',
      'E15',
      '$.states.slipReview.on.ACCEPT_SLIP[0].allow',
      (d) => Reflect.deleteProperty(state(d, 'slipReview').on!['ACCEPT_SLIP']![0]!.allow![0]!, 'notActorOf'),
    ],
    [
      'a state is left behind',
      'E03',
      '$.states.archive',
      (d) => (d.states['archive'] = { label, on: { CANCEL: [{ target: '#cancelled', allow: [{ role: 'sales' }] }] } }),
    ],
    [
      'provisioning has no way out',
      'E04',
      '$.states.provisioningProblem',
      (d) => Reflect.deleteProperty(state(d, 'provisioningProblem'), 'on'),
    ],
    [
      'collection never ends',
      'E04',
      '$.states.collection',
      (d) => Reflect.deleteProperty(state(d, 'collection'), 'on'),
    ],
    [
      'the port is reserved without a compensation',
      'E23',
      '$.states.fulfilment.states.line.states.portReservation.invoke[0]',
      (d) => Reflect.deleteProperty(state(d, 'fulfilment.line.portReservation').invoke![0]!, 'compensate'),
    ],
    [
      'the refund may be interrupted',
      'E30',
      '$.states.refund.states.payout.invoke[0]',
      (d) => Reflect.deleteProperty(state(d, 'refund.payout').invoke![0]!, 'onExit'),
    ],
    [
      'a transition crosses the regions',
      'E25',
      '$.states.fulfilment.states.documents.states.awaiting.after[0].then[1].target',
      (d) => (state(d, 'fulfilment.documents.awaiting').after![0]!.then![1]!.target = '#fulfilment.line.ready'),
    ],
    [
      'a guard is renamed',
      'E02',
      '$.states.presale.states.awaitingPayment.on.PAYMENT_CONFIRMED[0].guard.condition',
      (d) => Reflect.deleteProperty(d.guards!, 'settled'),
    ],
  ]
  const rows = faults.map(([what, rule, place, change, road = []]) => ({ what, rule, place, change, road }))
  test.each(rows)('$what: $rule', ({ rule, place, change, road }) => {
    const definition = adsl()
    change(definition)
    const findings = check(JSON.stringify(definition), catalogues)
    const found = findings.find((one) => one.rule === rule && one.path === place)

    expect(findings.map((one) => `${one.rule} ${one.path}`)).toContain(`${rule} ${place}`)
    if (rule === 'E08') expect(found?.counterExample?.[0]?.stimulus).toBe('start')
    if (road.length > 0) expect(found?.counterExample?.map(({ stimulus }) => stimulus)).toEqual(road)
  })
})
