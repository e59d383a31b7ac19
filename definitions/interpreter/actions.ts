import { addDuration } from '../../domain/business-calendar.ts'
import type { JsonObject } from '../../domain/json.ts'
import { EngineFault } from '../fault.ts'
import type { Action, Expr, Notification } from '../format.ts'
import { type Draft, judge, valueOf } from './draft.ts'
import { FactsNeeded } from './select.ts'
import { takeBack } from './undo.ts'

/** Runs actions in order: assigns at once, raises inside, collects the rest as effects (definitions.md 3.4.13). */
export function perform(draft: Draft, actions: readonly Action[] | undefined, state: string): void {
  for (const action of actions ?? []) performOne(draft, action, state)
}

function performOne(draft: Draft, action: Action, state: string): void {
  const { instance } = draft
  switch (action.type) {
    case 'assign': {
      // All are read before any is written, since the order of keys means nothing.
      const values = Object.entries(action.set).map(([name, expr]) => [name, valueOf(draft, expr)])
      Object.assign(instance.context, Object.fromEntries(values))
      Object.assign(draft.set, Object.fromEntries(values))
      return
    }
    case 'raise':
      draft.inner.push({ name: action.event, payload: valueOf(draft, action.payload ?? null), output: null })
      return
    case 'run':
      draft.effects.push(`run:${action.activity}`)
      instance.queue.push({
        key: `${instance.id}/fx/${callNumber(draft)}`,
        activity: action.activity,
        input: valueOf(draft, action.input ?? {}),
        ...(action.retry === undefined ? {} : { retry: action.retry }),
        ...(action.timeout === undefined ? {} : { timeout: action.timeout }),
        onFailure: action.onFailure ?? 'incident',
        status: 'waiting',
      })
      return
    case 'compensate':
      draft.effects.push(`compensate:${action.of === 'all' ? 'all' : action.of.join(',')}`)
      takeBack(draft, action.of)
      return
    case 'start': {
      const businessKey = nameOf(draft, action.key)
      draft.effects.push(`start:${action.process}`)
      const input = valueOf(draft, action.input ?? {}) as JsonObject
      draft.outbox.push({
        key: `${instance.id}/start/${action.process}/${businessKey}`,
        kind: 'start',
        process: action.process,
        businessKey,
        input,
      })
      return
    }
    case 'signal': {
      draft.effects.push(`signal:${action.event}`)
      const workflowId = nameOf(draft, action.to)
      const payload = valueOf(draft, action.payload ?? null)
      draft.outbox.push({
        key: `${instance.id}/signal/${callNumber(draft)}`,
        kind: 'signal',
        workflowId,
        event: action.event,
        payload,
      })
      return
    }
    case 'notify':
      notify(draft, action.notify, state)
      return
    default:
      action satisfies never
  }
}

/** A key or address. Nothing else may pass as one: two orders under the key "null" would be one. */
function nameOf(draft: Draft, expr: Expr): string {
  const value = valueOf(draft, expr)
  if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return String(value)
  throw new EngineFault('BadExpression', `not a key: ${JSON.stringify(value)}`)
}

function callNumber(draft: Draft): number {
  draft.instance.calls += 1
  return draft.instance.calls
}

/** A message goes out with the transition that asked for it; `delay` is counted in the calendar named, and leaving the state takes it back if `cancelOnExit`. */
export function notify(draft: Draft, message: Notification, state: string): void {
  if (message.when !== undefined) {
    const { truth } = judge(draft, message.when)
    if (truth === 'unknown' && draft.needed.size > 0) throw new FactsNeeded()
    if (truth === 'error' || truth === 'unknown')
      throw new EngineFault('GuardError', `condition of message ${message.template}`)
    if (truth === 'false') return
  }
  draft.effects.push(`notify:${message.template}`)
  const key = `${draft.instance.id}/msg/${callNumber(draft)}`
  const calendar = message.calendar === undefined ? undefined : draft.chart.graph.calendars[message.calendar]
  const data = valueOf(draft, message.data ?? {}) as JsonObject
  const waits = message.delay !== undefined || calendar !== undefined
  const dueAt = waits
    ? { dueAt: new Date(addDuration(draft.nowMs, message.delay ?? 'PT0S', calendar)).toISOString() }
    : {}
  draft.outbox.push({
    key,
    kind: 'message',
    channels: message.channels,
    template: message.template,
    to: message.to,
    data,
    state,
    ...dueAt,
  })
  if (message.cancelOnExit === true) draft.instance.pendingMessages.push({ key, state })
}
