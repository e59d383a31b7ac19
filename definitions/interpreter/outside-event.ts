import { notify } from './actions.ts'
import type { Draft, InnerEvent } from './draft.ts'
import type { Instance, StepResult, Stimulus } from './instance.ts'
import { macrostep } from './microstep.ts'
import { moved } from './result.ts'
import { type Chosen, exitSet } from './route.ts'
import { selectForEvent } from './select.ts'
import { slaOf } from './timing.ts'

/** An event from outside people's hands. Where a call with `onExit: wait` holds the exit, it waits its turn. */
export function outsideEvent(draft: Draft, before: Instance, stimulus: Stimulus, event: InnerEvent): StepResult {
  draft.event = event
  const chosen = selectForEvent(draft)
  if (heldBy(draft, chosen) !== undefined) return defer(draft, before, stimulus)
  if (chosen.length === 0 && stimulus.type === 'external') return { kind: 'ignored', reason: 'noCandidate' }
  macrostep(draft, chosen)
  const key = 'key' in stimulus && stimulus.key !== undefined ? { key: stimulus.key } : {}
  return moved(draft, before, { type: stimulus.type, name: event.name, ...key }, null, event.payload ?? event.output)
}

/** A running call with `onExit: wait` in a state that these transitions would leave: money must not be interrupted. */
export function heldBy(draft: Draft, chosen: Chosen[]): string | undefined {
  const { chart, instance } = draft
  const holding = instance.invocations.filter(
    ({ holdsExit, status }) => holdsExit && (status === 'running' || status === 'settled'),
  )
  if (holding.length === 0) return undefined
  const leaving = new Set(chosen.flatMap((c) => [...exitSet(chart, c, draft.active, instance.history)]))
  return holding.find(({ state }) => leaving.has(chart.byId.get(state) ?? -1))?.key
}

/** Puts a stimulus aside until the order can take it (see `canResume`). */
export function defer(draft: Draft, before: Instance, stimulus: Stimulus): StepResult {
  if (stimulus.type === 'timer') draft.instance.timers = draft.instance.timers.filter(({ key }) => key !== stimulus.key)
  if (stimulus.type === 'done' || stimulus.type === 'error') {
    const invocation = draft.instance.invocations.find(({ key }) => key === stimulus.key)
    if (invocation !== undefined) invocation.status = 'settled'
  }
  draft.instance.deferred.push(stimulus)
  return moved(draft, before, { type: 'deferred', name: stimulus.type })
}

export function timerFired(draft: Draft, before: Instance, stimulus: Extract<Stimulus, { type: 'timer' }>): StepResult {
  const { instance, chart } = draft
  const timer = instance.timers.find(({ key }) => key === stimulus.key)
  if (timer?.kind === 'sla') return slaStep(draft, before, timer.state, timer.id, timer.at ?? 0, stimulus.key)
  // A deferred timer was taken off the list when it fired; leaving its state has taken it out of the deferred ones.
  const index = chart.byId.get(timer?.state ?? stimulus.key.slice(0, stimulus.key.indexOf('/')))
  if (index === undefined || !draft.active.has(index)) return { kind: 'ignored', reason: 'stale' }
  instance.timers = instance.timers.filter((other) => other !== timer)
  return outsideEvent(draft, before, stimulus, { name: `timer:${stimulus.key}`, payload: null, output: null })
}

/** An sla clock never moves the state itself: it tells people, hands over, or raises an event (definitions.md 3.4.12). */
function slaStep(draft: Draft, before: Instance, state: string, id: string, at: number, key: string): StepResult {
  const { instance, chart } = draft
  const clock = instance.clocks.find((c) => c.state === state && c.id === id)
  const declared = slaOf(chart, { state, id })?.steps.find((s) => s.at === at)
  if (clock === undefined || declared === undefined || clock.firedAt.includes(at))
    return { kind: 'ignored', reason: 'stale' }
  clock.firedAt = [...clock.firedAt, at]
  if (declared.assignTo !== undefined) {
    instance.assigned[state] = declared.assignTo
    draft.effects.push(`assign:${declared.assignTo}`)
  }
  for (const message of declared.notify ?? []) notify(draft, message, state)
  if (declared.raise !== undefined) draft.inner.push({ name: declared.raise, payload: null, output: null })
  macrostep(draft, [])
  return moved(draft, before, { type: 'sla', name: key })
}
