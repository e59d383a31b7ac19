import { DomainError } from '../../domain/errors.ts'
import type { JsonObject } from '../../domain/json.ts'
import { EngineFault } from '../fault.ts'
import type { Chart } from './chart.ts'
import { cancel, move, repair } from './command.ts'
import { type Draft, draftOf, valueOf } from './draft.ts'
import { faultIncident, openIncident } from './incident.ts'
import type { FactSnapshots, Instance, StepResult, Stimulus } from './instance.ts'
import { consume, defer } from './keep.ts'
import { enterInitial, Held, macrostep } from './microstep.ts'
import { outsideEvent, timerFired } from './outside-event.ts'
import { payloadFaults } from './payload.ts'
import { moved, refuse } from './result.ts'
import { FactsNeeded } from './select.ts'
import { canResume, settleCall, settleInvocation } from './settle.ts'
import { userEvent } from './user-event.ts'

/**
 * One macrostep: what an instance becomes when something happens to it. Pure: no clock, no I/O, no randomness, and
 * `instance` itself is never changed, so the workflow, the API's buttons, the simulator and the checks share it.
 *
 * Ends in `moved`; `rejected` (a person's event, with the reasons; nothing changed); `needs` (facts to fetch, then call
 * again); `ignored` (stale, unknown, or nobody listens). A guard that cannot be evaluated, an endless loop or a broken
 * expression rolls the macrostep back and becomes an incident. Rules: docs/definitions.md 3.4.
 */
export function step(
  chart: Chart,
  instance: Instance,
  stimulus: Stimulus,
  facts: FactSnapshots,
  nowMs: number,
): StepResult {
  const draft = draftOf(chart, instance, facts, nowMs, 'actor' in stimulus ? (stimulus.actor ?? null) : null)
  try {
    return dispatch(draft, instance, stimulus)
  } catch (fault) {
    if (fault instanceof FactsNeeded) return { kind: 'needs', facts: [...draft.needed.values()] }
    const byHand = 'actor' in stimulus && stimulus.actor !== undefined
    if (fault instanceof Held)
      return byHand ? refuse('Busy', busy) : defer(draftOf(chart, instance, {}, nowMs, null), instance, stimulus)
    // Durations and instants are data of the order too: one that no calendar reaches is a fault of this step.
    const known =
      fault instanceof DomainError || fault instanceof RangeError
        ? new EngineFault('BadExpression', fault.message)
        : fault
    if (!(known instanceof EngineFault)) throw fault
    if (!byHand) return faultIncident(chart, instance, stimulus, nowMs, known)
    const code = known.type === 'BadContext' || known.type === 'TooLarge' ? 'BadInput' : 'GuardFailed'
    return refuse(code, { en: known.message, fa: 'این گذار با داده‌های کنونی انجام‌شدنی نیست' }, draft.trace)
  }
}

/** An instance before its first step; `context` is laid over the definition's initial values by the stimulus `start`. */
export function newInstance(input: { id: string; orderId: string; context: JsonObject; nowMs: number }): Instance {
  return {
    id: input.id,
    orderId: input.orderId,
    startedAtMs: input.nowMs,
    seq: 0,
    status: 'running',
    outcome: null,
    leaves: [],
    context: input.context,
    visits: {},
    history: {},
    timers: [],
    clocks: [],
    invocations: [],
    undo: [],
    queue: [],
    incidents: [],
    actors: {},
    assigned: {},
    pendingMessages: [],
    deferred: [],
    facts: {},
    calls: 0,
  }
}

/** `kept`: the stimulus came before, and was put aside or led to an incident. */
function dispatch(draft: Draft, before: Instance, stimulus: Stimulus, kept = false): StepResult {
  const { instance } = draft
  switch (stimulus.type) {
    case 'callDone':
    case 'callFailed':
      return settleCall(draft, before, stimulus)
    case 'done':
    case 'error':
      return settleInvocation(draft, before, stimulus)
    case 'retry':
    case 'resolve':
      return repair(draft, before, stimulus, (stimulus) => dispatch(draft, before, stimulus, true))
    case 'fault':
      consume(instance, stimulus.stimulus)
      openIncident(draft, 'guard', instance.leaves.join(' ') || 'start', stimulus.error, {
        stimulus: stimulus.stimulus,
      })
      return moved(draft, before, { type: 'incident', name: stimulus.stimulus.type })
    case 'start':
      return start(draft, before)
    default:
  }
  if (instance.outcome !== null)
    return stimulus.type === 'user'
      ? refuse('Ended', { en: 'The order has ended', fa: 'این سفارش پایان یافته است' })
      : { kind: 'ignored', reason: 'ended' }
  switch (stimulus.type) {
    case 'user':
      return userEvent(draft, before, stimulus)
    case 'move':
      return move(draft, before, stimulus.target)
    case 'cancel':
      return cancel(draft, before)
    case 'resume':
      return resume(draft, before)
    case 'timer':
      return instance.status === 'compensating'
        ? defer(draft, before, stimulus)
        : timerFired(draft, before, stimulus, kept)
    case 'external':
      if (instance.status === 'compensating') return defer(draft, before, stimulus)
      return externalEvent(draft, before, stimulus)
    default:
      return stimulus satisfies never
  }
}

function start(draft: Draft, before: Instance): StepResult {
  const { instance, chart } = draft
  if (before.leaves.length > 0) return { kind: 'ignored', reason: 'stale' }
  const initial = Object.entries(chart.graph.contextInitial).map(([name, expr]) => [name, valueOf(draft, expr)])
  instance.context = { ...Object.fromEntries(initial), ...instance.context }
  draft.set = { ...instance.context }
  enterInitial(draft)
  macrostep(draft, [])
  return moved(draft, before, { type: 'start', name: 'start' })
}

/** An event from another system: it must be declared as external, and its payload must fit. */
function externalEvent(draft: Draft, before: Instance, stimulus: Extract<Stimulus, { type: 'external' }>): StepResult {
  const { events } = draft.chart.graph
  const declaration = Object.hasOwn(events, stimulus.name) ? events[stimulus.name] : undefined
  if (declaration?.kind !== 'external') return { kind: 'ignored', reason: 'unknown' }
  draft.event = { name: stimulus.name, payload: stimulus.payload, output: null }
  if (payloadFaults(draft, declaration, stimulus.payload).length > 0) return { kind: 'ignored', reason: 'badInput' }
  return outsideEvent(draft, before, stimulus, draft.event)
}

/** Takes the oldest deferred stimulus. If nobody wants it any more, it is dropped. */
function resume(draft: Draft, before: Instance): StepResult {
  const stimulus = canResume(before) ? draft.instance.deferred.shift() : undefined
  if (stimulus === undefined) return { kind: 'ignored', reason: 'unknown' }
  const result = dispatch(draft, before, stimulus, true)
  return result.kind === 'ignored' ? moved(draft, before, { type: 'dropped', name: stimulus.type }) : result
}

const busy = {
  en: 'A call that must not be interrupted is under way',
  fa: 'فراخوانی که نباید قطع شود در جریان است؛ کمی بعد دوباره بکوشید',
}
