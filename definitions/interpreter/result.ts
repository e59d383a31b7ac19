import type { Text } from '../../domain/errors.ts'
import type { Json } from '../../domain/json.ts'
import { EngineFault } from '../fault.ts'
import type { RejectionCode } from '../format.ts'
import type { Draft } from './draft.ts'
import type { Instance, Reason, StepReport, StepResult } from './instance.ts'
import { schemaFaults } from './payload.ts'

/** An order's own data may not grow beyond this: a payload of 2 MB would stop its workflow for good. */
const maxContextBytes = 131_072
const maxTraceEntries = 50

/** Closes a macrostep: checks the order's data, counts the step, and reports what was done. Ends in EngineFault `BadContext` or `TooLarge`. */
export function moved(
  draft: Draft,
  before: Instance,
  event: StepReport['event'],
  role: string | null = null,
  payload: Json = null,
): StepResult {
  const { instance, chart } = draft
  if (Object.keys(draft.set).length > 0) {
    const [fault] = schemaFaults(chart.graph.contextSchema, instance.context)
    if (fault !== undefined) throw new EngineFault('BadContext', `${fault.place}: ${fault.message.en}`)
    if (new TextEncoder().encode(JSON.stringify(instance.context)).length > maxContextBytes)
      throw new EngineFault('TooLarge', `the order's data exceed ${maxContextBytes} bytes`)
  }
  instance.seq = before.seq + 1
  settleStatus(instance)
  pruneFacts(draft)
  const report: StepReport = {
    event,
    actor: draft.actor,
    role,
    payload,
    from: before.leaves,
    to: instance.leaves,
    entered: draft.entered,
    left: draft.left,
    trace: draft.trace.filter(({ leaves, truth }) => leaves.length > 0 || truth !== 'true').slice(0, maxTraceEntries),
    set: draft.set,
    effects: draft.effects,
    outbox: draft.outbox,
    cancel: draft.cancel,
    outcomeKind:
      instance.outcome === null ? null : (draft.outcomeKind ?? chart.graph.outcomes[instance.outcome] ?? null),
  }
  return { kind: 'moved', instance, report, tokens: draft.tokens }
}

export function refuse(code: RejectionCode, message: Text, reasons: Reason[] = []): StepResult {
  return { kind: 'rejected', code, message, reasons }
}

/** Compensating lasts until the last undo call of the queue is done; an open incident holds even an order that has its outcome. */
function settleStatus(instance: Instance): void {
  if (instance.queue.some(({ undo }) => undo !== undefined)) instance.status = 'compensating'
  else if (instance.incidents.length > 0) instance.status = 'held'
  else instance.status = instance.outcome === null ? 'running' : 'ended'
}

/** Snapshots live as long as their fact's maxAge. */
function pruneFacts({ instance, chart, nowMs }: Draft): void {
  const { facts } = chart.graph
  const young = ([key, { atMs }]: [string, { atMs: number }]) =>
    atMs + (facts[key.slice(0, key.indexOf('('))]?.maxAgeMs ?? 0) > nowMs
  instance.facts = Object.fromEntries(Object.entries(instance.facts).filter(young))
}
