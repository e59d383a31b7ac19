import type { Json } from '../../domain/json.ts'
import type { Compensation } from '../format.ts'
import { type Draft, valueOf } from './draft.ts'
import type { Invocation } from './instance.ts'

/** On success a call with a compensation goes on the undo list, its input evaluated now (definitions.md 3.4.17). */
export function remember(draft: Draft, invocation: Invocation, compensation: Compensation, output: Json): void {
  const { event } = draft
  draft.event = { name: event.name, payload: null, output }
  draft.instance.undo.push({
    invokeId: invocation.id,
    entry: invocation.entry,
    ...compensation,
    input: valueOf(draft, compensation.input ?? {}),
  })
  draft.event = event
}

/** A success whose state has been left: nobody uses it any more, so it is undone at once. */
export function undoLate(draft: Draft, invocation: Invocation, compensation: Compensation, output: Json): void {
  remember(draft, invocation, compensation, output)
  draft.effects.push(`compensate:${invocation.id}`)
  takeBack(draft, [invocation.id], invocation.entry)
}

/** Queues the compensation of successful calls (of one entry, if given), latest first; each leaves the undo list for good. */
export function takeBack(draft: Draft, of: 'all' | string[], ofEntry?: number): void {
  const { instance } = draft
  const chosen = instance.undo
    .filter(
      ({ invokeId, entry }) => (of === 'all' || of.includes(invokeId)) && (ofEntry === undefined || entry === ofEntry),
    )
    .reverse()
  instance.undo = instance.undo.filter((entry) => !chosen.includes(entry))
  for (const { invokeId, entry, activity, input, retry, timeout } of chosen) {
    instance.queue.push({
      key: `${instance.id}/undo/${invokeId}/${entry}`,
      activity,
      input,
      ...(retry === undefined ? {} : { retry }),
      ...(timeout === undefined ? {} : { timeout }),
      undo: invokeId,
      onFailure: 'incident',
      status: 'waiting',
    })
  }
  if (chosen.length > 0) instance.status = 'compensating'
}
