import type { EngineFault } from '../fault.ts'
import type { Chart } from './chart.ts'
import { type Draft, draftOf } from './draft.ts'
import type { Incident, Instance, StepResult, Stimulus } from './instance.ts'
import { consume } from './keep.ts'
import { moved } from './result.ts'

const maxMessage = 500

/** Something waits for a person. The order stands where it is, and keeps taking events. */
export function openIncident(
  draft: Draft,
  kind: Incident['kind'],
  place: string,
  error: { type: string; message: string },
  more: Pick<Incident, 'key' | 'stimulus'>,
): void {
  const { instance } = draft
  const id = `${instance.seq + 1}-${instance.incidents.length + 1}`
  const openedAt = new Date(draft.nowMs).toISOString()
  instance.incidents.push({
    id,
    kind,
    place,
    error: { type: error.type, message: error.message.slice(0, maxMessage) },
    openedAt,
    ...more,
  })
  draft.effects.push(`incident:${place}`)
}

/** A macrostep that was rolled back: only the incident is written, and what was handed in is kept for a retry (definitions.md 3.4.10). */
export function faultIncident(
  chart: Chart,
  before: Instance,
  stimulus: Stimulus,
  nowMs: number,
  fault: EngineFault,
): StepResult {
  const draft = draftOf(chart, before, {}, nowMs, 'actor' in stimulus ? (stimulus.actor ?? null) : null)
  const { instance } = draft
  consume(instance, stimulus)
  if (stimulus.type === 'resume') instance.deferred.shift()
  const kept = stimulus.type === 'resume' ? before.deferred[0] : stimulus
  const place = before.leaves.length === 0 ? 'start' : before.leaves.join(' ')
  openIncident(
    draft,
    fault.type === 'Loop' ? 'loop' : 'guard',
    place,
    { type: fault.type, message: fault.message },
    kept === undefined ? {} : { stimulus: kept },
  )
  return moved(draft, before, { type: 'incident', name: stimulus.type })
}
