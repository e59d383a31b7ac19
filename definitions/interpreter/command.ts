import type { Draft } from './draft.ts'
import type { Instance, StepResult, Stimulus } from './instance.ts'
import { defer } from './keep.ts'
import { Held, holdsExit, macrostep } from './microstep.ts'
import { moved } from './result.ts'
import { selectForEvent } from './select.ts'
import { nextCall, settleInvocation } from './settle.ts'
import { takeBack } from './undo.ts'

/**
 * What an operator does about an incident: try again, or give the result by hand (of what was no call: let it go).
 * `again` hands a kept stimulus in once more; if nobody wants it any more, the incident is over.
 */
export function repair(
  draft: Draft,
  before: Instance,
  command: Extract<Stimulus, { type: 'retry' | 'resolve' }>,
  again: (stimulus: Stimulus) => StepResult,
): StepResult {
  const { instance } = draft
  const incident = instance.incidents.find(({ id }) => id === command.incident)
  if (incident === undefined) return { kind: 'ignored', reason: 'unknown' }
  instance.incidents = instance.incidents.filter((other) => other !== incident)
  const done = () =>
    moved(
      draft,
      before,
      { type: 'command', name: `${command.type} ${incident.place}` },
      'operator',
      'output' in command ? command.output : null,
    )
  const kept = incident.stimulus
  if (kept !== undefined) {
    if (command.type === 'resolve' && kept.type !== 'done' && kept.type !== 'error') return done()
    const result = again(
      command.type === 'resolve' && 'key' in kept
        ? { type: 'done', key: kept.key ?? '', output: command.output }
        : kept,
    )
    return result.kind === 'ignored' ? done() : result
  }

  const invocation = instance.invocations.find(({ key }) => key === incident.key)
  if (invocation !== undefined) {
    invocation.status = 'running'
    if (command.type === 'resolve')
      return settleInvocation(draft, before, { type: 'done', key: invocation.key, output: command.output })
    invocation.attempt += 1
    return done()
  }
  instance.queue = instance.queue.flatMap((call) => {
    if (call.key !== incident.key) return [call]
    return command.type === 'resolve' ? [] : [{ ...call, status: 'waiting' as const }]
  })
  return done()
}

/** An operator puts the order into a state by hand: everything is left, calls that hold their state too, and the target is entered as by a transition of the root. */
export function move(draft: Draft, before: Instance, target: string): StepResult {
  const index = draft.chart.byId.get(target.replace(/^#/, ''))
  if (index === undefined || index === 0) return { kind: 'ignored', reason: 'unknown' }
  draft.instance.incidents = []
  draft.instance.queue = draft.instance.queue.filter(({ status }) => status !== 'incident')
  for (const invocation of draft.instance.invocations) invocation.holdsExit = false
  draft.byOperator = true
  macrostep(draft, [{ source: 0, transition: { target: index } }])
  return moved(draft, before, { type: 'command', name: `move ${target}` }, 'operator')
}

/** Cancellation from above: the definition's own SYSTEM_CANCEL if a state takes it, else everything is undone and the order ends as cancelled (3.4.18). */
export function cancel(draft: Draft, before: Instance): StepResult {
  const { instance, chart } = draft
  // What is being undone is finished first, unless it is stuck: then cancelling is a way out.
  if (instance.status === 'compensating' && nextCall(instance) !== undefined) {
    if (draft.actor !== null) throw new Held()
    return defer(draft, before, { type: 'cancel' })
  }
  draft.event = { name: 'SYSTEM_CANCEL', payload: null, output: null }
  const chosen = selectForEvent(draft)
  if (chosen.length === 0) {
    if (instance.invocations.some(holdsExit)) throw new Held()
    draft.effects.push('compensate:all')
    takeBack(draft, 'all')
    instance.outcome = Object.entries(chart.graph.outcomes).find(([, kind]) => kind === 'cancelled')?.[0] ?? 'cancelled'
    draft.outcomeKind = 'cancelled'
    instance.incidents = []
    instance.queue = instance.queue.filter(({ status }) => status !== 'incident')
  }
  macrostep(draft, chosen)
  return moved(draft, before, { type: 'command', name: 'cancel' }, 'operator')
}
