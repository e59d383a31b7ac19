import type { Chart } from '../definitions/interpreter/chart.ts'
import type { Instance, StepReport } from '../definitions/interpreter/instance.ts'
import { standingOf } from '../definitions/interpreter/standing.ts'
import type { Json } from '../domain/json.ts'
import type { OutboxEntry, TransitionRecord } from '../domain/transition.ts'
import type { OrderInput } from './messages.ts'

/** One macrostep as the database keeps it. The end of a child is told to its parent in the same transaction. */
export function recordOf(
  input: OrderInput,
  chart: Chart,
  before: Instance,
  instance: Instance,
  report: StepReport,
  nowMs: number,
  { id, notAfter, moves = false }: { id?: string; notAfter?: string | undefined; moves?: boolean } = {},
): TransitionRecord {
  const { stage, tmfState, owners, dueAt } = standingOf(chart, instance)
  const { event, actor, role, trace, outcomeKind, ...step } = report
  return {
    orderId: input.orderId,
    workflowId: instance.id,
    seq: instance.seq,
    at: new Date(nowMs).toISOString(),
    event: id === undefined ? event : { ...event, updateId: id },
    actor:
      actor === null
        ? null
        : {
            id: actor.id,
            ...(actor.name === undefined ? {} : { name: actor.name }),
            ...(role === null ? {} : { role }),
          },
    payload: step.payload,
    from: step.from,
    to: step.to,
    entered: step.entered,
    left: step.left,
    trace: trace as unknown as Json,
    set: step.set,
    effects: step.effects,
    status: instance.status,
    outcome: instance.outcome,
    outcomeKind,
    stage,
    tmfState,
    owners,
    dueAt,
    incidents: instance.incidents.map(({ id, kind, place, error, openedAt }) => ({ id, kind, place, error, openedAt })),
    instance: instance as unknown as Json,
    outbox: [...step.outbox, ...endOf(input, before, instance, outcomeKind)],
    cancel: step.cancel,
    ...(notAfter === undefined ? {} : { notAfter }),
    ...(moves ? { definitionVersion: chart.graph.version } : {}),
  }
}

function endOf(
  { parent }: OrderInput,
  before: Instance,
  instance: Instance,
  outcomeKind: StepReport['outcomeKind'],
): OutboxEntry[] {
  if (parent === undefined || instance.status !== 'ended' || before.status === 'ended') return []
  const { outcome, context: output } = instance
  return [
    {
      key: `${instance.id}/ended`,
      kind: 'childDone',
      ...parent,
      outcome: outcome ?? '',
      outcomeKind: outcomeKind ?? 'failure',
      output,
    },
  ]
}
