import type { Json } from '../../domain/json.ts'
import { nodeAt } from './chart.ts'
import type { Draft } from './draft.ts'
import { openIncident } from './incident.ts'
import type { Instance, QueuedCall, StepResult, Stimulus } from './instance.ts'
import { defer } from './keep.ts'
import { holdsExit, macrostep } from './microstep.ts'
import { moved } from './result.ts'
import { selectForEvent } from './select.ts'
import { remember, undoLate } from './undo.ts'

/**
 * A call of a state has come back. Of an earlier entry: dropped, and undone if it succeeded. An error goes to `onError`;
 * where no candidate takes it, it is an incident (definitions.md 3.4.14 and 15).
 */
export function settleInvocation(
  draft: Draft,
  before: Instance,
  stimulus: Extract<Stimulus, { type: 'done' | 'error' }>,
): StepResult {
  const { instance, chart } = draft
  const invocation = instance.invocations.find(({ key }) => key === stimulus.key)
  if (invocation === undefined) return { kind: 'ignored', reason: 'stale' }
  const index = chart.byId.get(invocation.state)
  const declared = index === undefined ? undefined : nodeAt(chart, index).invoke?.find(({ id }) => id === invocation.id)
  const place = `${invocation.state}/${invocation.id}`
  if (invocation.status !== 'cancelling' && instance.status === 'compensating') return defer(draft, before, stimulus)

  instance.invocations = instance.invocations.filter((other) => other !== invocation)
  instance.incidents = instance.incidents.filter(({ key }) => key !== stimulus.key)
  const undo = stimulus.type === 'done' ? declared?.compensate : undefined
  if (invocation.status === 'cancelling') {
    if (undo !== undefined) undoLate(draft, invocation, undo, outputOf(stimulus))
    return moved(draft, before, { type: `late ${stimulus.type}`, name: invocation.id, key: stimulus.key })
  }

  const error = stimulus.type === 'error' ? { error: stimulus.error } : {}
  draft.event = { name: `${stimulus.type}:${place}`, payload: null, output: outputOf(stimulus), ...error }
  const chosen = selectForEvent(draft)
  if (undo !== undefined) remember(draft, invocation, undo, outputOf(stimulus))
  if (stimulus.type === 'error' && chosen.length === 0) {
    instance.invocations.push({ ...invocation, status: 'incident' })
    openIncident(draft, 'invocation', place, stimulus.error, { key: invocation.key })
  }
  macrostep(draft, chosen)
  const told = stimulus.type === 'error' ? { ...stimulus.error } : stimulus.output
  return moved(draft, before, { type: stimulus.type, name: `${stimulus.type}:${place}`, key: stimulus.key }, null, told)
}

const outputOf = (stimulus: Stimulus): Json => (stimulus.type === 'done' ? stimulus.output : null)

/** A `run` effect or a compensation has come back. Exhausted retries are an incident, unless the definition says ignore. */
export function settleCall(
  draft: Draft,
  before: Instance,
  stimulus: Extract<Stimulus, { type: 'callDone' | 'callFailed' }>,
): StepResult {
  const { instance } = draft
  const call = instance.queue.find(({ key }) => key === stimulus.key)
  if (call === undefined) return { kind: 'ignored', reason: 'stale' }
  const name = call.undo === undefined ? call.activity : `undo ${call.undo}`
  if (stimulus.type === 'callFailed' && call.onFailure === 'incident') {
    instance.queue = instance.queue.map((other) => (other === call ? { ...call, status: 'incident' } : other))
    openIncident(draft, call.undo === undefined ? 'effect' : 'compensation', name, stimulus.error, { key: call.key })
  } else instance.queue = instance.queue.filter((other) => other !== call)
  return moved(draft, before, { type: stimulus.type, name, key: call.key })
}

/** The call to make now. One at a time, in order; a compensation that is an incident holds back what comes after it. */
export function nextCall(instance: Instance): QueuedCall | undefined {
  for (const call of instance.queue) {
    if (call.status === 'waiting') return call
    if (call.undo !== undefined) return undefined
  }
  return undefined
}

/** Whether a deferred stimulus can be taken now: nothing is being undone, and no call holds an exit. */
export function canResume(instance: Instance): boolean {
  const held = instance.invocations.some(holdsExit)
  return instance.deferred.length > 0 && instance.status !== 'compensating' && !held
}
