import { notify } from './actions.ts'
import type { Draft, InnerEvent } from './draft.ts'
import type { Instance, StepResult, Stimulus } from './instance.ts'
import { macrostep } from './microstep.ts'
import { moved } from './result.ts'
import { selectForEvent } from './select.ts'
import { slaOf } from './timing.ts'

/** An event from outside people's hands. */
export function outsideEvent(draft: Draft, before: Instance, stimulus: Stimulus, event: InnerEvent): StepResult {
  draft.event = event
  const chosen = selectForEvent(draft)
  if (chosen.length === 0 && stimulus.type === 'external') return { kind: 'ignored', reason: 'noCandidate' }
  macrostep(draft, chosen)
  const key = 'key' in stimulus && stimulus.key !== undefined ? { key: stimulus.key } : {}
  return moved(draft, before, { type: stimulus.type, name: event.name, ...key }, null, event.payload ?? event.output)
}

/** A timer has come due. `kept`: it came due before, was taken off the list, and comes again from where it was kept. */
export function timerFired(
  draft: Draft,
  before: Instance,
  stimulus: Extract<Stimulus, { type: 'timer' }>,
  kept: boolean,
): StepResult {
  const { instance } = draft
  const listed = kept ? undefined : instance.timers.find(({ key }) => key === stimulus.key)
  const timer = kept ? recalled(stimulus.key) : listed
  const index = draft.chart.byId.get(timer?.state ?? '')
  if (timer === undefined || index === undefined || !draft.active.has(index))
    return { kind: 'ignored', reason: 'stale' }
  if (timer.at !== undefined) return slaStep(draft, before, timer.state, timer.id, timer.at, kept)
  instance.timers = instance.timers.filter((other) => other !== listed)
  return outsideEvent(draft, before, stimulus, { name: `timer:${stimulus.key}`, payload: null, output: null })
}

/** What a timer's key says: `state/id`, or `state/id@percent` of an sla step. */
function recalled(key: string): { state: string; id: string; at?: number } {
  const slash = key.indexOf('/')
  const [id = '', percent] = key.slice(slash + 1).split('@')
  return { state: key.slice(0, slash), id, ...(percent === undefined ? {} : { at: Number(percent) }) }
}

/** An sla clock never moves the state itself: it tells people, hands over, or raises an event (definitions.md 3.4.12). */
function slaStep(draft: Draft, before: Instance, state: string, id: string, at: number, kept: boolean): StepResult {
  const { instance, chart } = draft
  const clock = instance.clocks.find((c) => c.state === state && c.id === id)
  const declared = slaOf(chart, { state, id })?.steps.find((s) => s.at === at)
  if (clock === undefined || declared === undefined || (!kept && clock.firedAt.includes(at)))
    return { kind: 'ignored', reason: 'stale' }
  if (!kept) clock.firedAt = [...clock.firedAt, at]
  if (declared.assignTo !== undefined) {
    instance.assigned[state] = declared.assignTo
    draft.effects.push(`assign:${declared.assignTo}`)
  }
  for (const message of declared.notify ?? []) notify(draft, message, state)
  if (declared.raise !== undefined) draft.inner.push({ name: declared.raise, payload: null, output: null })
  macrostep(draft, [])
  return moved(draft, before, { type: 'sla', name: `${state}/${id}@${at}` })
}
