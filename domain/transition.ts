import type { Json, JsonObject } from './json.ts'

/** Who acts. `roles` carries, for each role held, the scopes that cover this very order; the API computes it, the workflow checks it against the graph. */
export interface Actor {
  id: string
  name?: string
  roles: { role: string; scopes: Scope[] }[]
}

/** own: the order is the actor's (customer, his partner, his visit); subtree: of a partner below his; centre, city: in his area; any: everywhere. */
export type Scope = 'own' | 'subtree' | 'centre' | 'city' | 'any'

/** Where an order stands for the outside. `held` = an incident waits for a person. */
export type OrderStatus = 'running' | 'held' | 'compensating' | 'ended'

export type OutcomeKind = 'success' | 'failure' | 'cancelled'

/** A thing to be done by the relay once the transition is committed. `key` is unique: the same entry twice is one. */
export type OutboxEntry = { key: string; dueAt?: string } & (
  | {
      kind: 'start'
      process: string
      version?: number | string
      businessKey: string
      input: JsonObject
      invocation?: string
    }
  | { kind: 'signal'; workflowId: string; event: string; payload: Json }
  | {
      kind: 'childDone'
      workflowId: string
      invocation: string
      outcome: string
      outcomeKind: OutcomeKind
      output: JsonObject
    }
  | { kind: 'cancel'; invocation: string }
  | { kind: 'payment'; attemptId: string }
  | { kind: 'loginCode'; codeId: string; mobile: string }
  | { kind: 'callback'; attemptId: string; fields: Record<string, string> }
  | { kind: 'job'; workflowType: string; workflowId: string; input: JsonObject }
  | { kind: 'message'; channels: string[]; template: string; to: string; data: JsonObject; state: string }
)

/** An incident that waits for a person; the list in a record is always the whole list of open ones. */
export interface IncidentRecord {
  id: string
  kind: 'invocation' | 'effect' | 'compensation' | 'guard' | 'loop'
  place: string
  error: { type: string; message: string }
  openedAt: string
}

/** One macrostep of an order, as it is written to the transition log, the projection and the outbox in one database transaction, keyed (orderId, seq). */
export interface TransitionRecord {
  orderId: string
  workflowId: string
  seq: number
  /** ISO instant of the step, workflow time. */
  at: string
  /** `updateId`: the caller's key of a press or a repair. */
  event: { type: string; name: string; key?: string; updateId?: string }
  actor: { id: string; name?: string; role?: string } | null
  payload: Json
  /** Active leaf states before and after. */
  from: string[]
  to: string[]
  entered: string[]
  left: string[]
  /** Candidates tried, with what their guards read: why it went there. */
  trace: Json
  /** Context variables that this step changed. */
  set: JsonObject
  /** Effects in order, as words: `run:oss.requestRanging`, `notify:adsl.expired`. */
  effects: string[]
  status: OrderStatus
  outcome: string | null
  outcomeKind: OutcomeKind | null
  stage: string | null
  tmfState: string | null
  /** Roles whose work list shows the order. */
  owners: string[]
  /** Instant after which the order counts as late; null when nothing is due. */
  dueAt: string | null
  incidents: IncidentRecord[]
  /** The whole interpreter instance after the step: what the API offers buttons from. */
  instance: Json
  outbox: OutboxEntry[]
  /** Keys of waiting messages that this step takes back. */
  cancel: string[]
  /** ISO instant after which the step must not be written any more: its caller has been told that nothing was done. */
  notAfter?: string
  /** The version that the order runs by from this step on, where it is another one than before. */
  definitionVersion?: number
}

/** What the database knows of an order beyond the step that its workflow has reached. */
export interface StepsBeyond {
  /** The interpreter instance after the last of them. */
  instance: Json
  status: OrderStatus
  outcome: string | null
  /** Oldest first. */
  steps: { seq: number; event: TransitionRecord['event']; states: string[] }[]
  /** The compiled graph that it runs by now; there only when one of the steps has changed it. */
  graph?: Json
}
