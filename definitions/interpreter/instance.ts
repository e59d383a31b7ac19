import type { Text } from '../../domain/errors.ts'
import type { Json, JsonObject } from '../../domain/json.ts'
import type { Actor, IncidentRecord, OrderStatus, OutboxEntry, OutcomeKind } from '../../domain/transition.ts'
import type { LeafResult, Truth } from '../condition.ts'
import type { RejectionCode, RetryPolicy, Timeouts } from '../format.ts'

/** The whole state of one order: plain JSON, carried through continue-as-new and kept in the projection. */
export interface Instance {
  id: string
  orderId: string
  startedAtMs: number
  seq: number
  status: OrderStatus
  outcome: string | null
  /** Active leaf states, in document order. */
  leaves: string[]
  context: JsonObject
  /** How often each state was entered; also its entry number. Keys have `_` for `.`, so that a dotted path can read them. */
  visits: Record<string, number>
  /** For each history state: what was active when its parent was last left. */
  history: Record<string, string[]>
  /** In arming order. */
  timers: Timer[]
  clocks: SlaClock[]
  invocations: Invocation[]
  /** Undo list: successful invocations with a compensation, oldest first. */
  undo: Undo[]
  /** Calls to be made in order, one by one: `run` effects and compensations. */
  queue: QueuedCall[]
  incidents: Incident[]
  /** Last actor of each user event: for `notActorOf`. */
  actors: Record<string, string>
  /** Role that an escalation handed a state to. */
  assigned: Record<string, string>
  /** Waiting messages that leaving a state takes back. */
  pendingMessages: { key: string; state: string }[]
  /** Outside events that arrived while compensating or while a call held the exit. */
  deferred: Stimulus[]
  facts: FactSnapshots
  /** Numbers handed out to calls: makes idempotency keys. */
  calls: number
}

export interface Timer {
  key: string
  state: string
  id: string
  entry: number
  dueMs: number
  kind: 'after' | 'sla'
  /** Of a timer counted in a calendar: the instant from which it counts, for when the calendar changes. */
  fromMs?: number
  /** Percent, of an sla step. */
  at?: number
}

/** The running clock of an sla: working time used so far, and since when it runs. */
export interface SlaClock {
  state: string
  id: string
  entry: number
  usedMs: number
  runningSinceMs: number | null
  totalMs: number
  firedAt: number[]
  deadlineMs: number | null
}

export interface Invocation {
  /** `{instance}/{invokeId}/{entry}`: the idempotency key, shared by retries. */
  key: string
  state: string
  id: string
  entry: number
  activity?: string
  process?: string
  version?: number | string
  input: Json
  retry?: RetryPolicy
  timeout?: Timeouts
  /** What the outside sees as the key, where the definition names one of its own. */
  idempotencyKey?: string
  /** `onExit: wait`: nothing may leave the state while it runs. */
  holdsExit: boolean
  /** `settled`: its result has come and waits among the deferred stimuli. */
  status: 'running' | 'settled' | 'cancelling' | 'incident'
  attempt: number
}

export interface Undo {
  invokeId: string
  entry: number
  activity: string
  input: Json
  retry?: RetryPolicy
  timeout?: Timeouts
}

/** A call in the queue. `undo` = a compensation: while one waits, the instance is compensating. */
export interface QueuedCall {
  key: string
  activity: string
  input: Json
  retry?: RetryPolicy
  timeout?: Timeouts
  undo?: string
  onFailure: 'incident' | 'ignore'
  status: 'waiting' | 'incident'
}

export interface Incident extends IncidentRecord {
  /** What to hand in again when a person says retry (guard and loop). */
  stimulus?: Stimulus
  /** The invocation or queued call concerned. */
  key?: string
}

export type FactSnapshots = Record<string, { value: Json; atMs: number }>

export interface FactRequest {
  /** `name(params)`: the key under which the snapshot comes back. */
  key: string
  name: string
  source: string
  query: string
  params: JsonObject
}

/** Anything that can move an instance. */
export type Stimulus =
  | { type: 'start' }
  | { type: 'user'; name: string; payload: Json; actor: Actor; expectedSeq?: number }
  | { type: 'external'; name: string; payload: Json; key?: string }
  | { type: 'timer'; key: string }
  | { type: 'done'; key: string; output: Json }
  | { type: 'error'; key: string; error: { type: string; message: string } }
  | { type: 'callDone'; key: string }
  | { type: 'callFailed'; key: string; error: { type: string; message: string } }
  | { type: 'cancel'; actor?: Actor }
  /** Take the oldest deferred stimulus. */
  | { type: 'resume' }
  /** What a stimulus needs cannot be had (facts, say): it waits for a person. */
  | { type: 'fault'; stimulus: Stimulus; error: { type: string; message: string } }
  | Command

/** What an operator may do about an incident. */
export type Command =
  | { type: 'retry'; incident: string; actor: Actor }
  | { type: 'resolve'; incident: string; output: Json; actor: Actor }
  | { type: 'move'; target: string; actor: Actor }

export type StepResult =
  /** `tokens`: states entered and left, and tags passed, in order. They are not kept. */
  | { kind: 'moved'; instance: Instance; report: StepReport; tokens: string[] }
  | { kind: 'rejected'; code: RejectionCode; message: Text; reasons: Reason[] }
  | { kind: 'needs'; facts: FactRequest[] }
  | { kind: 'ignored'; reason: 'stale' | 'noCandidate' | 'ended' | 'unknown' | 'badInput' }

/** Why a candidate was or was not taken. */
export interface Reason {
  /** `state:EVENT[i]`. */
  candidate: string
  truth: Truth | 'notAllowed' | 'badInput'
  leaves: LeafResult[]
  allow?: string[]
  /** Of bad input: what is wrong at the place that `candidate` names. */
  message?: Text
}

/** What one macrostep did. */
export interface StepReport {
  event: { type: string; name: string; key?: string }
  actor: Actor | null
  role: string | null
  payload: Json
  from: string[]
  to: string[]
  entered: string[]
  left: string[]
  trace: Reason[]
  set: JsonObject
  effects: string[]
  outbox: OutboxEntry[]
  cancel: string[]
  outcomeKind: OutcomeKind | null
}
