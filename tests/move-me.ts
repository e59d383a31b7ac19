import type { Definition, Migration, State } from '../definitions/format.ts'

/** A small process in two versions, with every kind of due time, for orders that are moved from one to the other. */

const text = (en: string) => ({ fa: en, en })
const sales = [{ role: 'sales', scope: 'any' as const }]
const to = (target: string) => [{ target, allow: sales, label: text(`to ${target}`) }]

const ends: Record<string, State> = {
  done: { type: 'final', outcome: 'done', label: text('done'), tmfState: 'completed' },
  dropped: { type: 'final', outcome: 'dropped', label: text('dropped'), tmfState: 'failed' },
}

const asked = (label: string, days: number, more: Partial<State>): State => ({
  label: text(label),
  owner: 'sales',
  after: [{ id: 'late', delay: `P${days}D`, label: text('too late'), then: [{ target: '#dropped' }] }],
  ...more,
})

const answer: NonNullable<State['sla']> = [
  { id: 'answer', within: 'PT8H', calendar: 'office', steps: [{ at: 100, assignTo: 'sales-lead' }] },
]

function definition(states: Record<string, State>, events: string[], more: Partial<Definition>): Definition {
  return {
    format: 'samfony.process/1',
    id: 'move-me',
    version: 1,
    label: text('orders on the move'),
    subject: 'process',
    stages: [],
    limits: { horizon: 'P60D', maxVisits: 50 },
    context: {
      schema: {
        type: 'object',
        additionalProperties: false,
        properties: { customerId: { type: 'string' }, orderId: { type: 'string' }, rounds: { type: 'integer' } },
      },
      initial: { rounds: 0 },
    },
    calendars: { office: 'ir-office' },
    events: Object.fromEntries(events.map((name) => [name, { kind: 'user' as const, label: text(name) }])),
    outcomes: { done: { kind: 'success', label: text('done') }, dropped: { kind: 'failure', label: text('dropped') } },
    initial: 'intake',
    states: { ...states, ...ends },
    tests: [
      {
        name: 'the straight way',
        steps: [
          { send: 'NEXT', by: { role: 'sales' } },
          { send: 'READY', by: { role: 'sales' } },
          { send: 'APPROVE', by: { role: 'sales' }, expect: { outcome: 'done' } },
        ],
      },
      { name: 'nobody cares', steps: [{ advance: 'P3D', expect: { outcome: 'dropped' } }] },
    ],
    ...more,
  }
}

const intake = asked('intake', 2, { on: { NEXT: to('#work') } })
const check = asked('check', 9, { on: { APPROVE: to('#done') } })
const rounds = [{ type: 'assign' as const, set: { rounds: { $fn: ['add', { $ctx: '$.rounds' }, 1] } } }]

export const first = definition(
  {
    intake,
    work: asked('work', 4, {
      sla: answer,
      on: { READY: to('#check'), WAIT: to('#waiting'), NOTE: [{ allow: sales, label: text('note'), actions: rounds }] },
    }),
    waiting: asked('waiting', 7, { on: { BACK: to('#work') } }),
    check,
  },
  ['NEXT', 'READY', 'WAIT', 'BACK', 'APPROVE', 'NOTE'],
  {},
)

const map: Migration = {
  from: [1],
  states: {
    '#intake': '#intake',
    '#work': { target: '#desk.work', timers: 'keep' },
    '#waiting': 'hold',
    '#check': '#check',
  },
  context: { urgent: false },
}

/** Work is done at a desk now, where a colleague may look at it; who waits stays with the old version until he is back. */
export const second = definition(
  {
    intake: { ...intake, on: { NEXT: to('#desk') } },
    desk: {
      label: text('desk'),
      initial: 'work',
      states: {
        work: asked('at the desk', 4, {
          sla: answer,
          on: {
            READY: to('#check'),
            LOOK: to('#desk.look'),
            NOTE: [{ allow: sales, label: text('note'), actions: rounds }],
          },
        }),
        look: asked('a colleague looks', 3, { on: { BACK: to('#desk.work') } }),
      },
    },
    check,
  },
  ['NEXT', 'READY', 'LOOK', 'BACK', 'APPROVE', 'NOTE'],
  {
    version: 2,
    context: {
      schema: {
        type: 'object',
        additionalProperties: false,
        properties: {
          customerId: { type: 'string' },
          orderId: { type: 'string' },
          rounds: { type: 'integer' },
          urgent: { type: 'boolean' },
        },
      },
      initial: { rounds: 0, urgent: false },
    },
    requires: [
      {
        id: 'checked',
        label: text('checked before the end'),
        check: 'passesThrough',
        to: 'outcome:done',
        via: '#check',
      },
    ],
    migrations: [map],
  },
)
