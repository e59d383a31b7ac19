import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/common'
import * as wf from '@temporalio/workflow'
import type { Graph } from '../definitions/graph.ts'
import { type Chart, chartOf } from '../definitions/interpreter/chart.ts'
import type {
  FactRequest,
  FactSnapshots,
  Instance,
  Invocation,
  QueuedCall,
  StepResult,
  Stimulus,
} from '../definitions/interpreter/instance.ts'
import { recount, withCalendar } from '../definitions/interpreter/recount.ts'
import { canResume, nextCall } from '../definitions/interpreter/settle.ts'
import { newInstance, step } from '../definitions/interpreter/step.ts'
import { nextTimer } from '../definitions/interpreter/timing.ts'
import { migrate } from '../definitions/migrate/migrate.ts'
import { readPath } from '../definitions/paths.ts'
import type { BusinessCalendar } from '../domain/business-calendar.ts'
import type { StepsBeyond } from '../domain/transition.ts'
import {
  type Carried,
  type ChildEnd,
  type Fire,
  type FireAnswer,
  type Migrate,
  names,
  type OrderEnd,
  type OrderInput,
  type Outside,
  type Refusal,
  type Repair,
  type Timely,
} from './messages.ts'
import { callActivity, factsOn, transitionsOn } from './proxies.ts'
import { recordOf } from './record.ts'

// An update, not a signal: the operator is told the new state, or why not, in the same breath.
export const fire = wf.defineUpdate<FireAnswer, [Fire]>(names.fire)
export const repair = wf.defineUpdate<FireAnswer, [Repair]>(names.repair)
export const moveOver = wf.defineUpdate<FireAnswer, [Migrate]>(names.migrate)
// Signals: what comes from outside is accepted even when no worker runs, and survives.
export const outside = wf.defineSignal<[Outside]>(names.outside)
export const childEnded = wf.defineSignal<[ChildEnd]>(names.childEnded)
export const recycle = wf.defineSignal(names.recycle)
export const recalendar = wf.defineSignal<[BusinessCalendar]>(names.recalendar)
export const catchUp = wf.defineSignal(names.catchUp)
export const snapshot = wf.defineQuery<Instance>(names.snapshot)

const limits = { answers: 50, seen: 500, updatesPerRun: 1500, factRounds: 8, factTries: 60, factPauseMs: 60_000 }

/**
 * Drives one order: feeds events to the interpreter one at a time, writes each step in one database transaction before
 * anybody is answered, makes the calls that the step asked for, and wakes at the earliest due time. Never fails: what
 * cannot go on is an incident of the order. Ends when the order has its outcome and nothing is left to undo.
 */
export async function drive(input: OrderInput): Promise<OrderEnd> {
  let chart = chartOf(input.graph)
  const { workflowId } = wf.workflowInfo()
  const { quick, patient } = transitionsOn(input.queuePrefix)
  const factActivities = factsOn(input.queuePrefix)

  let instance: Instance =
    input.carried?.instance ??
    newInstance({ id: workflowId, orderId: input.orderId, context: input.context, nowMs: Date.now() })
  const mailbox: Stimulus[] = []
  const answers = new Map<string, FireAnswer>(input.carried?.answers)
  const seen = new Set<string>(input.carried?.seen)
  const running = new Map<string, { scope: wf.CancellationScope; attempt: number; settled: boolean }>()
  const postponed: { stimulus: Stimulus; dueMs: number }[] = []
  const tries = new Map<string, number>()
  let calling = false
  let held = false
  let changes = 0
  let updates = 0
  let recycling = false
  let behind = false
  const calendars: BusinessCalendar[] = []
  /** What happened in a step that was taken over from the database: not to be handed in again. */
  const taken = new WeakSet<Stimulus>()
  let checked: { id: string; of: Instance; result: StepResult } | undefined

  /**
   * One macrostep at a time, written before it is told; who finds nobody inside goes in without an await, so that check and
   * commit are one. In one function, since the sandbox takes a stack trace for every promise.
   */
  async function put(stimulus: Stimulus, wish: Wish = {}): Promise<{ result: Put; answer: FireAnswer }> {
    while (held) await wf.condition(() => !held)
    held = true
    try {
      let facts: FactSnapshots = {}
      let made = wish.first
      if (wish.knownSeq !== undefined && wish.knownSeq > instance.seq) await catchUpHeld()
      for (let round = 0; ; round++) {
        const known = wish.id === undefined ? undefined : answers.get(wish.id)
        if (known !== undefined || taken.has(stimulus)) return { result: done, answer: known ?? answerOf(instance) }
        const nowMs = Date.now()
        const result = made ?? wish.make?.(facts, nowMs) ?? step(chart, instance, stimulus, facts, nowMs)
        made = undefined
        if (result.kind === 'needs' && round < limits.factRounds) {
          facts = { ...facts, ...(await fetch(result.facts)) }
          continue
        }
        if (result.kind === 'moved') {
          const before = instance
          instance = result.instance
          const written = await surely((on) =>
            on.recordTransition(
              recordOf(input, wish.graph ?? chart, before, instance, result.report, nowMs, {
                ...wish,
                moves: wish.graph !== undefined,
              }),
            ),
          )
          if (written !== null && 'ahead' in written) {
            adopt(written.ahead, stimulus)
            continue
          }
          if (written !== null && 'late' in written) {
            instance = before
            return { result: { kind: 'late' }, answer: answerOf(instance) }
          }
          if (wish.graph !== undefined) runBy(wish.graph)
          wf.setCurrentDetails(instance.leaves.join(' · '))
        }
        return { result, answer: answerOf(instance) }
      }
    } finally {
      held = false
      changes += 1
    }
  }

  /** The database first as a local activity, then as an ordinary one that never gives up. */
  async function surely<T>(call: (on: typeof quick | typeof patient) => Promise<T>): Promise<T> {
    try {
      return await call(quick)
    } catch (error) {
      if (wf.isCancellation(error)) throw error
      return call(patient)
    }
  }

  /**
   * Takes over steps that a worker committed and then died before it could tell Temporal: what happened in them is not done
   * again, and whoever asked for them gets their answer.
   */
  function adopt(beyond: StepsBeyond, current?: Stimulus): void {
    instance = beyond.instance as unknown as Instance
    if (beyond.graph !== undefined) runBy(chartOf(beyond.graph as unknown as Graph))
    wf.log.warn('caught up with the database', { seq: instance.seq, steps: beyond.steps.length })
    for (const { seq, event, states } of beyond.steps) {
      const { key, updateId, type } = event
      if (updateId !== undefined) remember(answers, updateId, { ...answerOf(instance), seq, states })
      for (const stimulus of [...mailbox, ...postponed.map((late) => late.stimulus), current])
        if (
          stimulus !== undefined &&
          stimulus.type === type &&
          'key' in stimulus &&
          stimulus.key === key &&
          key !== undefined
        )
          taken.add(stimulus)
    }
    wf.setCurrentDetails(instance.leaves.join(' · '))
  }

  /** From here on by another graph; a new run carries it on, so that each history is short. */
  function runBy(graph: Chart): void {
    chart = graph
    recycling = true
  }

  async function catchUpHeld(): Promise<void> {
    const beyond = await surely((on) => on.stepsBeyond({ orderId: input.orderId, seq: instance.seq }))
    if (beyond !== null) adopt(beyond)
  }

  /** The API has seen that the database may be ahead. */
  async function lookBeyond(): Promise<void> {
    behind = false
    while (held) await wf.condition(() => !held)
    held = true
    try {
      await catchUpHeld()
    } finally {
      held = false
      changes += 1
    }
  }

  async function fetch(requests: FactRequest[]): Promise<FactSnapshots> {
    const values = await factActivities.loadFacts({ orderId: input.orderId, requests })
    const atMs = Date.now()
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, atMs }]))
  }

  /** A step that nobody waits for. Facts that cannot be had are asked for again later, then become an incident. */
  async function putQuietly(stimulus: Stimulus): Promise<void> {
    try {
      await put(stimulus)
    } catch (error) {
      const key = JSON.stringify(stimulus)
      const count = (tries.get(key) ?? 0) + 1
      tries.set(key, count)
      wf.log.warn('step postponed', { type: stimulus.type, count, error: String(error) })
      if (count < limits.factTries) postponed.push({ stimulus, dueMs: Date.now() + limits.factPauseMs })
      else await put({ type: 'fault', stimulus, error: describe(error) })
    }
  }

  function accept(id: string, stimulus: Stimulus, { notAfter, knownSeq = 0 }: Timely): void {
    if (answers.has(id)) return
    if (notAfter !== undefined && Date.now() > Date.parse(notAfter)) throw refusal(tooLate)
    // Before its first step an order can refuse nobody, nor one that has to catch up: the handler waits its turn and asks then.
    if (instance.seq === 0 || knownSeq > instance.seq) return
    const result = step(chart, instance, stimulus, {}, Date.now())
    if (result.kind === 'rejected') throw refusal(result)
    if (result.kind === 'ignored') throw refusal(ignored(result.reason))
    checked = { id, of: instance, result }
  }

  /** By the map, or told why not; nothing may be on its way that speaks of the old version. */
  function migrated({ graph, map, actor, expectedSeq }: Migrate, facts: FactSnapshots, nowMs: number): StepResult {
    if (mailbox.length > 0 || postponed.length > 0 || instance.seq === 0) return refused('Busy', [])
    if (expectedSeq !== instance.seq) return refused('StaleSeq', [])
    const result = migrate(chart, chartOf(graph), instance, map, facts, nowMs, actor)
    switch (result.kind) {
      case 'moved':
      case 'needs':
        return result
      case 'busy':
        return refused('Busy', [result.place])
      case 'ended':
        return refused('Ended', [])
      case 'hold':
        return refused('NotMoved', [result.place])
      case 'refused':
        return refused(
          'NotMoved',
          result.problems.map(({ place, message }) => `${place}: ${message.en}`),
        )
      default:
        return result satisfies never
    }
  }

  /** Working time has changed: every open due time that was counted in this calendar is counted again. */
  async function retime(calendar: BusinessCalendar): Promise<void> {
    const graph = withCalendar(chart.graph, calendar)
    if (graph === undefined) return
    const fresh = chartOf(graph)
    const make = (_: FactSnapshots, nowMs: number) => recount(chart, fresh, instance, calendar, nowMs)
    const { result } = await put({ type: 'resume' }, { make, graph: fresh })
    if (result.kind === 'ignored') runBy(fresh)
  }

  async function carryOut(
    stimulus: Stimulus,
    { notAfter, knownSeq }: Timely,
    more: Pick<Wish, 'make' | 'graph'> = {},
  ): Promise<FireAnswer> {
    const id = wf.currentUpdateInfo()?.id ?? ''
    const known = answers.get(id)
    if (known !== undefined) return known
    updates += 1
    // The validator has just made this very step; while replaying it does not run, and the step is made here.
    const first = !held && checked?.id === id && checked.of === instance ? checked.result : undefined
    checked = undefined
    try {
      const { result, answer } = await put(stimulus, { id, first, notAfter, knownSeq, ...more })
      if (result.kind === 'rejected') throw refusal(result)
      if (result.kind === 'ignored') throw refusal(ignored(result.reason))
      if (result.kind === 'needs') throw refusal(unavailable)
      if (result.kind === 'late') throw refusal(tooLate)
      remember(answers, id, answer)
      return answer
    } catch (error) {
      if (error instanceof ActivityFailure) throw refusal(unavailable)
      throw error instanceof TemporalFailure ? error : ApplicationFailure.nonRetryable(String(error), 'EngineBug')
    }
  }

  // Made before the handlers are there: an update that came with the first task would find an order without a state.
  const starting =
    input.carried === undefined
      ? wf.CancellationScope.nonCancellable(() => putQuietly({ type: 'start' }))
      : Promise.resolve()

  // A cancelled order still finishes the answers it owes.
  const shield = new wf.CancellationScope({ cancellable: false })
  const answering = (stimulus: Stimulus, timely: Timely) => shield.run(() => carryOut(stimulus, timely))
  wf.setHandler(fire, (f) => answering(fireStimulus(f), f), {
    validator: (f) => accept(wf.currentUpdateInfo()?.id ?? '', fireStimulus(f), f),
  })
  wf.setHandler(repair, (r) => answering(repairStimulus(r), r), {
    validator: (r) => accept(wf.currentUpdateInfo()?.id ?? '', repairStimulus(r), r),
  })
  wf.setHandler(
    moveOver,
    (wanted) =>
      shield.run(() =>
        carryOut({ type: 'resume' }, wanted, {
          make: (facts, nowMs) => migrated(wanted, facts, nowMs),
          graph: chartOf(wanted.graph),
        }),
      ),
    {
      validator: (wanted) => {
        if (answers.has(wf.currentUpdateInfo()?.id ?? '') || (wanted.knownSeq ?? 0) > instance.seq) return
        const result = migrated(wanted, {}, Date.now())
        if (result.kind === 'rejected') throw refusal(result)
      },
    },
  )
  wf.setHandler(recalendar, (calendar) => {
    calendars.push(calendar)
  })
  wf.setHandler(outside, ({ key, event, payload }) => {
    const path = chart.graph.events[event]?.dedupe
    const keys = path === undefined ? [key] : [key, `${event}=${JSON.stringify(readPath(payload, path) ?? null)}`]
    if (keys.some((known) => seen.has(known))) return
    for (const fresh of keys) seen.add(fresh)
    mailbox.push({ type: 'external', name: event, payload, key })
  })
  wf.setHandler(childEnded, ({ invocation, outcome, outcomeKind, output }) => {
    mailbox.push({ type: 'done', key: invocation, output: { outcome, kind: outcomeKind, context: output } })
  })
  wf.setHandler(recycle, () => {
    recycling = true
  })
  wf.setHandler(catchUp, () => {
    behind = true
  })
  wf.setHandler(snapshot, () => instance)
  // Cancellation from above is an event of the order like any other: it undoes what was done, and only then ends.
  void wf.CancellationScope.current().cancelRequested.catch(() => mailbox.push({ type: 'cancel' }))

  /** Starts calls that the last step asked for, and asks those to stop whose state was left. */
  function makeCalls(): void {
    for (const [key, { settled, attempt }] of running) {
      const invocation = instance.invocations.find((i) => i.key === key)
      // A result still in the mailbox keeps its place here, or the call would be made again. An abandoned call is nobody's.
      if (invocation === undefined) running.delete(key)
      else if (settled && (invocation.status !== 'running' || invocation.attempt !== attempt)) running.delete(key)
    }
    for (const invocation of instance.invocations) {
      if (invocation.activity === undefined) continue
      const call = running.get(invocation.key)
      if (invocation.status === 'running' && call === undefined) startInvocation(invocation)
      if (invocation.status === 'cancelling' && call?.settled === false) call.scope.cancel()
    }
    const call = calling ? undefined : nextCall(instance)
    if (call !== undefined) void makeCall(call)
  }

  function startInvocation(invocation: Invocation): void {
    const { key, activity = '', input: given, retry, timeout, attempt, idempotencyKey = key } = invocation
    const call = { scope: new wf.CancellationScope({ cancellable: true }), attempt, settled: false }
    running.set(key, call)
    const settle = (stimulus: Stimulus) => {
      call.settled = true
      mailbox.push(stimulus)
    }
    void call.scope
      .run(() =>
        callActivity(
          input.queuePrefix,
          activity,
          { key: idempotencyKey, orderId: input.orderId, input: given },
          retry,
          timeout,
        ),
      )
      .then(
        (output) => settle({ type: 'done', key, output }),
        (error: unknown) => settle({ type: 'error', key, error: describe(error) }),
      )
  }

  async function makeCall({ key, activity, input: given, retry, timeout }: QueuedCall): Promise<void> {
    calling = true
    try {
      await callActivity(input.queuePrefix, activity, { key, orderId: input.orderId, input: given }, retry, timeout)
      mailbox.push({ type: 'callDone', key })
    } catch (error) {
      mailbox.push({ type: 'callFailed', key, error: describe(error) })
    }
    // The step that takes the result off the queue comes next; only then may another call start.
    await wf.condition(() => !instance.queue.some((call) => call.key === key && call.status === 'waiting'))
    calling = false
    changes += 1
  }

  const atRest = () =>
    mailbox.length === 0 && calendars.length === 0 && postponed.length === 0 && running.size === 0 && !calling && !held
  const finished = () =>
    instance.status === 'ended' && instance.invocations.length === 0 && instance.queue.length === 0 && atRest()
  const wantsNewRun = () => {
    const { continueAsNewSuggested, historyLength } = wf.workflowInfo()
    const long = input.maxHistoryEvents !== undefined && historyLength > input.maxHistoryEvents
    return recycling || continueAsNewSuggested || long || updates >= limits.updatesPerRun
  }
  const carried = (): Carried => ({
    instance,
    seen: [...seen].slice(-limits.seen),
    answers: [...answers],
  })

  /** The timer that fires next; one whose step was postponed keeps its place on the instance and is not fired again meanwhile. */
  function pendingTimer() {
    if (postponed.length === 0) return nextTimer(instance)
    const waiting = new Set(postponed.flatMap(({ stimulus }) => (stimulus.type === 'timer' ? [stimulus.key] : [])))
    return nextTimer({ ...instance, timers: instance.timers.filter(({ key }) => !waiting.has(key)) })
  }

  /** Sleeps until something happens or the earliest due time comes. An alarm that is still right is left running. */
  let alarm: { dueMs: number; scope: wf.CancellationScope } | undefined
  async function rest(): Promise<void> {
    const dues = [pendingTimer()?.dueMs, ...postponed.map(({ dueMs }) => dueMs)].filter((due) => due !== undefined)
    const dueMs = dues.length === 0 ? undefined : Math.min(...dues)
    if (alarm !== undefined && alarm.dueMs !== dueMs) {
      alarm.scope.cancel()
      alarm = undefined
    }
    if (dueMs !== undefined && alarm === undefined) {
      const scope = new wf.CancellationScope({ cancellable: true })
      alarm = { dueMs, scope }
      void scope
        .run(() => wf.sleep(Math.max(1, dueMs - Date.now())))
        .then(
          () => {
            alarm = undefined
            changes += 1
          },
          () => undefined,
        )
    }
    const before = changes
    await wf.condition(
      () =>
        mailbox.length > 0 || calendars.length > 0 || recycling || behind || (changes !== before && !held && !idle()),
    )
  }

  /** Nothing but an answer was given: no call, timer or end to see to. Most transitions are such, and need not wake the loop. */
  function idle(): boolean {
    const { status, invocations, queue, deferred } = instance
    const quiet = status === 'running' && invocations.length === 0 && queue.length === 0 && deferred.length === 0
    return quiet && atRest() && nextTimer(instance)?.dueMs === alarm?.dueMs && !wantsNewRun()
  }

  return wf.CancellationScope.nonCancellable(async () => {
    await starting
    wf.setCurrentDetails(instance.leaves.join(' · '))
    for (;;) {
      if (behind) await lookBeyond()
      for (const calendar of calendars.splice(0)) await retime(calendar)
      makeCalls()
      const nowMs = Date.now()
      const late = postponed.findIndex(({ dueMs }) => dueMs <= nowMs)
      const timer = pendingTimer()
      // What was put aside came first.
      const next = canResume(instance) ? { type: 'resume' as const } : mailbox.shift()
      if (next !== undefined) await putQuietly(next)
      else if (late !== -1) await Promise.all(postponed.splice(late, 1).map(({ stimulus }) => putQuietly(stimulus)))
      else if (timer !== undefined && timer.dueMs <= nowMs) await putQuietly({ type: 'timer', key: timer.key })
      else if (finished()) {
        await wf.condition(wf.allHandlersFinished)
        if (finished()) return { outcome: instance.outcome ?? '', seq: instance.seq }
      } else if (wantsNewRun() && atRest()) {
        await wf.condition(wf.allHandlersFinished)
        if (atRest()) await wf.continueAsNew<typeof drive>({ ...input, graph: chart.graph, carried: carried() })
      } else await rest()
    }
  })
}

/** Whose step it is: the id of an update, what its caller knows, and the step as its validator has made it. */
interface Wish {
  id?: string
  first?: StepResult | undefined
  notAfter?: string | undefined
  knownSeq?: number | undefined
  /** What makes the step, where it is no stimulus of the graph; and the graph that the order runs by after it. */
  make?: (facts: FactSnapshots, nowMs: number) => StepResult
  graph?: Chart
}

/** `late`: not written, since its caller had been told so. `done`: it was written before, by a worker that has died. */
type Put = StepResult | { kind: 'late' } | { kind: 'done' }
const done: Put = { kind: 'done' }

const refused = (code: 'Busy' | 'StaleSeq' | 'Ended' | 'NotMoved', places: string[]): StepResult => ({
  kind: 'rejected',
  code,
  message: { en: 'The order is not moved now', fa: 'سفارش اکنون جابه‌جا نمی‌شود' },
  reasons: places.map((place) => ({ candidate: place, truth: 'false', leaves: [] })),
})

const fireStimulus = ({ event, payload, actor, expectedSeq }: Fire): Stimulus => ({
  type: 'user',
  name: event,
  payload,
  actor,
  ...(expectedSeq === undefined ? {} : { expectedSeq }),
})

function repairStimulus(order: Repair): Stimulus {
  const { actor } = order
  switch (order.command) {
    case 'retry':
      return { type: 'retry', incident: order.incident, actor }
    case 'resolve':
      return { type: 'resolve', incident: order.incident, output: order.output, actor }
    case 'move':
      return { type: 'move', target: order.target, actor }
    case 'cancel':
      return { type: 'cancel', actor }
    default:
      return order satisfies never
  }
}

const answerOf = ({ seq, leaves, status, outcome }: Instance): FireAnswer => ({ seq, states: leaves, status, outcome })

function remember(answers: Map<string, FireAnswer>, id: string, answer: FireAnswer): void {
  answers.set(id, answer)
  if (answers.size <= limits.answers) return
  const oldest = answers.keys().next().value
  if (oldest !== undefined) answers.delete(oldest)
}

const unavailable: Refusal = {
  code: 'Busy',
  message: {
    en: 'Facts that this decision needs cannot be had now',
    fa: 'داده‌های لازم برای این تصمیم اکنون در دسترس نیست',
  },
  reasons: [],
}

const tooLate: Refusal = {
  code: 'TooLate',
  message: {
    en: 'This came too late and was not done; try again',
    fa: 'این درخواست دیر رسید و انجام نشد؛ دوباره بکوشید',
  },
  reasons: [],
}

const ignored = (reason: string): Refusal => ({
  code: reason === 'ended' ? 'Ended' : 'NoSuchTransition',
  message: { en: 'This is not possible in the present state', fa: 'این کار در وضعیت کنونی ممکن نیست' },
  reasons: [],
})

const refusal = ({ code, message, reasons }: Refusal) =>
  ApplicationFailure.create({
    type: code,
    message: message.en,
    nonRetryable: true,
    details: [{ code, message, reasons } satisfies Refusal],
  })

/** The type that `onError` of a definition looks at: the innermost failure's own. */
function describe(error: unknown): { type: string; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error
  if (cause instanceof ApplicationFailure) return { type: cause.type ?? 'Failed', message: cause.message }
  if (cause instanceof TimeoutFailure) return { type: 'Timeout', message: cause.message }
  if (cause instanceof CancelledFailure) return { type: 'Cancelled', message: cause.message }
  return { type: 'Failed', message: cause instanceof Error ? cause.message : String(cause) }
}
