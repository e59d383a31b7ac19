import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Json } from '../../../domain/json.ts'
import { activeStates, type Chart, nodeAt } from '../chart.ts'
import type { Instance, Stimulus } from '../instance.ts'
import { canResume, nextCall } from '../settle.ts'
import { nextTimer } from '../timing.ts'
import { createTrial, office, operator, type Plan, person } from './trial.ts'

const example = JSON.parse(
  readFileSync(new URL('../../check/examples/adsl-install.json', import.meta.url), 'utf8'),
) as Plan
const plan: Plan = {
  ...example,
  known: { 'ir-office': office, 'tci-office': office, 'ir-sms-hours': office },
  given: { orderId: 'O1', customerId: 'C1', resellerId: 'R1', centreId: 'X1', phone: '02188000000', productId: 'P1' },
}

const payloads: Record<string, Json[]> = {
  DECIDE_FEASIBILITY: [{ feasible: true, technology: 'vdsl' }, { feasible: false }, { feasible: 'yes' }],
  PAYMENT_CONFIRMED: [
    { ref: 'R1', amountRial: 1000 },
    { ref: 'R1', amountRial: 0 },
  ],
  SUBMIT_SLIP: [
    { ref: 'S123', amountRial: 1000, paidOn: '2026-07-01', image: 'f' },
    { ref: 'S123', amountRial: 1, paidOn: '2026-07-01', image: 'f' },
  ],
  DOCUMENTS_SUBMITTED: [{ nationalId: '0123456789', files: ['f'] }, {}],
  RESCHEDULE_RANGING: [{ date: '2026-08-01' }],
  SCHEDULE_VISIT: [
    { at: '2026-08-01T08:00:00Z', technicianId: 't1' },
    { at: 'tomorrow', technicianId: 't1' },
  ],
  VISIT_DONE: [{ modemSerial: 'M1', syncKbps: 8000 }],
  CANCEL: [{ reason: 'customer' }, { reason: 'none of these' }],
}
const reasons: Json[] = [{ reason: 'because' }, null]
const outputs: Json[] = [
  {
    feasible: true,
    technology: 'adsl2plus',
    proformaId: 'PF1',
    amountRial: 1000,
    invoiceId: 'I1',
    portId: 'P1',
    username: 'u1',
    ref: 'RF1',
  },
  { feasible: false, proformaId: 'PF2', amountRial: 500 },
  {},
]
const everybody = {
  id: 'all',
  roles: ['customer', 'reseller', 'sales', 'accountant', 'noc', 'technician', 'support'].map((role) => ({
    role,
    scopes: ['own', 'subtree', 'centre', 'city', 'any'] as const,
  })),
}
const actors = [everybody, { ...everybody, id: 'second' }, person('c', 'customer', 'own'), person('n', 'noc', 'centre')]

type Trial = ReturnType<typeof createTrial>

/** What could happen now: mostly what makes sense, at times what does not. */
function stimuli({ chart, instance: now }: Trial, n: number): Stimulus[] {
  const instance = now()
  const names = [
    ...new Set(activeStates(chart, instance.leaves).flatMap((i) => Object.keys(nodeAt(chart, i).on ?? {}))),
  ]
  const error = { type: ['NoFreePort', 'Down', 'DuplicateUsername'][n % 3] ?? '', message: 'x' }
  const call = nextCall(instance)
  const timer = nextTimer(instance)
  const incident = instance.incidents[n % Math.max(1, instance.incidents.length)]
  const of = <T>(list: readonly T[]) => list[n % list.length] as T
  return [
    ...names.map((name): Stimulus => {
      const payload = of(payloads[name] ?? reasons)
      if (chart.graph.events[name]?.kind === 'external') return { type: 'external', name, payload }
      return {
        type: 'user',
        name,
        payload: chart.graph.events[name]?.schema === undefined ? null : payload,
        actor: { ...of(actors), roles: of(actors).roles.map((r) => ({ ...r, scopes: [...r.scopes] })) },
      }
    }),
    ...instance.invocations.flatMap(({ key }): Stimulus[] => {
      const good: Stimulus = { type: 'done', key, output: outputs[0] ?? null }
      return [good, good, good, { type: 'done', key, output: of(outputs) }, { type: 'error', key, error }]
    }),
    ...(call === undefined
      ? []
      : ([
          { type: 'callDone', key: call.key },
          { type: 'callDone', key: call.key },
          { type: 'callFailed', key: call.key, error },
        ] as const)),
    ...(timer === undefined ? [] : [{ type: 'timer', key: timer.key } as const]),
    ...(canResume(instance) ? ([{ type: 'resume' }, { type: 'resume' }] as const) : []),
    ...(incident === undefined
      ? []
      : ([
          { type: 'retry', incident: incident.id, actor: operator },
          { type: 'resolve', incident: incident.id, output: of(outputs), actor: operator },
        ] as const)),
    ...(n % 17 === 0 ? ([{ type: 'cancel' }, { type: 'cancel', actor: operator }, { type: 'resume' }] as const) : []),
    ...(n % 29 === 0
      ? ([{ type: 'move', target: of(['#refund', '#visit', '#fulfilment.line.ranging']), actor: operator }] as const)
      : []),
    ...(n % 13 === 0
      ? ([
          { type: 'timer', key: 'visit/ghost' },
          { type: 'done', key: 'ghost', output: null },
          { type: 'external', name: 'RANGING_DONE', payload: null },
        ] as const)
      : []),
  ]
}

/** Puts a stimulus and answers its questions for facts. */
function put(trial: Trial, stimulus: Stimulus, n: number): void {
  const facts: Record<string, { value: Json; atMs: number }> = {}
  for (let round = 0; round < 6; round++) {
    const result = trial.put(stimulus, facts)
    if (result.kind !== 'needs') return
    for (const { key } of result.facts)
      facts[key] = {
        value: {
          blocked: false,
          documentsVerified: n % 2 === 0,
          settled: n % 5 !== 0,
          freePorts: n % 4,
          availableRial: n % 3000,
        },
        atMs: trial.nowMs(),
      }
  }
  throw new Error('asks for facts for ever')
}

function illegal(chart: Chart, { leaves }: Instance): string | undefined {
  const active = activeStates(chart, leaves)
  if (leaves.length === 0) return 'no leaf'
  if (new Set(leaves).size !== leaves.length || leaves.some((leaf) => !chart.byId.has(leaf)))
    return 'leaf twice or unknown'
  return active
    .map((index) => nodeAt(chart, index))
    .flatMap((node) => {
      const inside = node.children.filter((child) => active.includes(child))
      const regions = node.children.filter((child) => nodeAt(chart, child).kind !== 'history')
      const wanted = node.kind === 'compound' ? 1 : node.kind === 'parallel' ? regions.length : 0
      return inside.length === wanted ? [] : [`${node.id} has ${inside.length} of ${wanted}`]
    })[0]
}

function checkStep(trial: Trial, before: Instance, undone: Set<string>, keys: Set<string>): void {
  const { chart } = trial
  const after = trial.instance()
  expect(after.seq).toBe(before.seq + (after === before ? 0 : 1))
  if (after === before) return
  expect(illegal(chart, after)).toBeUndefined()
  const active = new Set(activeStates(chart, after.leaves).map((index) => nodeAt(chart, index).id))
  expect(after.timers.filter(({ state }) => !active.has(state))).toEqual([])
  expect(new Set(after.timers.map(({ key }) => key)).size).toBe(after.timers.length)
  expect(after.invocations.filter(({ state, status }) => status !== 'cancelling' && !active.has(state))).toEqual([])
  for (const { key } of after.invocations) {
    if (before.invocations.some((i) => i.key === key)) continue
    expect(keys).not.toContain(key)
    keys.add(key)
  }

  // The undo list is a stack: what is taken off is taken latest first, and at most once; the rest keeps its order.
  const known = new Set(before.queue.map(({ key }) => key))
  const taken = after.queue.filter(({ key, undo }) => undo !== undefined && !known.has(key)).map(({ key }) => key)
  for (const key of taken) {
    expect(undone).not.toContain(key)
    undone.add(key)
  }
  const stack = [
    ...before.undo,
    ...after.undo.filter(
      ({ invokeId, entry }) => !before.undo.some((u) => u.invokeId === invokeId && u.entry === entry),
    ),
  ].map(({ invokeId, entry }) => `wf/undo/${invokeId}/${entry}`)
  expect(after.undo.map(({ invokeId, entry }) => `wf/undo/${invokeId}/${entry}`)).toEqual(
    stack.filter((key) => !taken.includes(key)),
  )
  const late = taken.filter((key) => !stack.includes(key))
  expect(late.length).toBeLessThanOrEqual(before.invocations.length)
  expect(taken.filter((key) => stack.includes(key))).toEqual(stack.filter((key) => taken.includes(key)).reverse())

  if (before.outcome !== null)
    expect(after).toMatchObject({
      outcome: before.outcome,
      leaves: before.leaves,
      context: before.context,
      undo: before.undo,
    })
  if (after.outcome !== null) expect(after).toMatchObject({ timers: [], clocks: [], deferred: [] })
  const undoing = after.queue.some(({ undo }) => undo !== undefined)
  const expected = undoing
    ? 'compensating'
    : after.incidents.length > 0
      ? 'held'
      : after.outcome === null
        ? 'running'
        : 'ended'
  expect(after.status).toBe(expected)
  if (before.status === 'compensating' && trial.report().actor === null && trial.report().event.type !== 'command')
    expect(after.leaves).toEqual(before.leaves)
}

describe('the ADSL installation under random stimuli', () => {
  const seen = {
    outcomes: new Set<string>(),
    states: new Set<string>(),
    incidents: new Set<string>(),
    undone: 0,
    deferred: 0,
    steps: 0,
  }

  test('keeps every promise of the interpreter after every step', () => {
    fc.assert(
      fc.property(fc.noBias(fc.array(fc.nat({ max: 0xffff }), { minLength: 20, maxLength: 90 })), (tape) => {
        const trial = createTrial(plan)
        const undone = new Set<string>()
        const keys = new Set<string>()
        trial.start()
        for (const n of tape) {
          const before = trial.instance()
          const possible = stimuli(trial, n)
          const stimulus = possible[Math.floor(n / 7) % possible.length]
          if (stimulus === undefined) break
          if (stimulus.type === 'timer') trial.moveTo(nextTimer(before)?.dueMs ?? 0)
          else if (n % 3 === 0) trial.sleep('PT7H')
          put(trial, stimulus, n)
          checkStep(trial, before, undone, keys)
          const { outcome, leaves, incidents, deferred } = trial.instance()
          if (outcome !== null) seen.outcomes.add(outcome)
          for (const leaf of leaves) seen.states.add(leaf)
          for (const { kind } of incidents) seen.incidents.add(kind)
          seen.deferred += deferred.length
          seen.steps += 1
        }
        seen.undone += undone.size
      }),
      { numRuns: 600, seed: 9 },
    )
  })

  test('and the run has been nearly everywhere', () => {
    const { nodes } = createTrial(plan).chart
    const places = nodes.filter(({ kind }) => kind === 'atomic' || kind === 'final').map(({ id }) => id)
    expect([...seen.outcomes].sort()).toEqual(['active', 'cancelled', 'expired', 'notFeasible', 'refunded'])
    // These three are only passed through.
    expect(places.filter((id) => !seen.states.has(id))).toEqual([
      'fulfilment.documents.check',
      'refund.done',
      'cancelling',
    ])
    expect([...seen.incidents].sort()).toEqual(expect.arrayContaining(['compensation', 'effect', 'invocation']))
    expect(Math.min(seen.undone, seen.deferred)).toBeGreaterThan(100)
  })
})
