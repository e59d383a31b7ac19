import type { Migration } from '../definitions/format.ts'
import type { Graph } from '../definitions/graph.ts'
import type { Instance } from '../definitions/interpreter/instance.ts'
import type { JsonObject } from '../domain/json.ts'
import type { Actor, OrderStatus } from '../domain/transition.ts'

/** The contract of our workflows: what a caller must know, and nothing of how they work. */

/** Bumped when the driver or the interpreter changes what an old history would do; old runs go on by their own number. */
export const engineVersion = 1

export const kinds = ['order', 'installation', 'renewal', 'collection', 'ticket', 'process'] as const
export type Kind = (typeof kinds)[number]

/** Workflow tasks and transition writes run on `engine`; each slow outside system has a queue of its own, so that a dead one starves nobody. */
export const queues = ['engine', 'aaa', 'oss', 'payment', 'billing'] as const
export type Queue = (typeof queues)[number]
export const taskQueue = (prefix: string, queue: Queue) => `${prefix}-${queue}`

/** `order:<orderId>`, `renewal:<subscriptionId>:<periodStart>`: made from the business key, so that a repeated start finds the same run. */
export const workflowIdOf = (kind: Kind, orderId: string) => `${kind}:${orderId}`

/** Attempts are numbered by each installation's own database, so the prefix keeps two of them apart in one namespace. */
export const paymentIdOf = (prefix: string, attemptId: string) => `${prefix}:payment:${attemptId}`

export interface OrderInput {
  engineVersion: number
  kind: Kind
  orderId: string
  graph: Graph
  /** Initial context; ids only, no personal data. */
  context: JsonObject
  queuePrefix: string
  /** The run that waits for this one's end, and by which of its calls. */
  parent?: { workflowId: string; invocation: string }
  /** After continue-as-new: where the run before left off. */
  carried?: Carried
  /** Test hook: continue as new beyond this many history events. */
  maxHistoryEvents?: number
}

/** An order's run before it is started. */
export interface Start {
  order: { id: string; kind: Kind; workflowId: string; engineVersion: number }
  graph: Graph
  context: JsonObject
  queuePrefix: string
  /** The run that waits for its end; null when none does. */
  parent: { workflowId: string; invocation: string } | null
}

/** How the workflow of an order is started, by the relay or by an API that comes before it: the id is the order's own, so the second start finds the first. */
export function startOptionsOf({ order, graph, context, queuePrefix, parent }: Start) {
  const { id: orderId, kind, workflowId, engineVersion } = order
  const input: OrderInput = {
    engineVersion,
    kind,
    orderId,
    graph,
    context,
    queuePrefix,
    ...(parent !== null && { parent }),
  }
  return { workflowId, taskQueue: taskQueue(queuePrefix, 'engine'), args: [input], ...startedOnce }
}

/** A repeated start finds the same run, running or closed. */
export const startedOnce = {
  workflowIdReusePolicy: 'REJECT_DUPLICATE',
  workflowIdConflictPolicy: 'USE_EXISTING',
} as const

export interface Carried {
  instance: Instance
  /** Keys of signals handled, newest last. */
  seen: string[]
  /** Answers to the last updates, so that a repeat across runs gets the same one. */
  answers: [updateId: string, answer: FireAnswer][]
}

/** What the caller of an update knows. */
export interface Timely {
  /** ISO instant after which nothing may be done: by then the caller has been told so. */
  notAfter?: string
  /** The last step that the caller saw in the projection. A workflow that has not reached it catches up first. */
  knownSeq?: number
}

export interface Fire extends Timely {
  event: string
  payload: JsonObject | null
  actor: Actor
  /** Refuse when the order is not at this step any more. */
  expectedSeq?: number
}

/** The order after the transition was committed. */
export interface FireAnswer {
  seq: number
  states: string[]
  status: OrderStatus
  outcome: string | null
}

/** An event from outside people's hands; the same key twice is one. */
export interface Outside {
  key: string
  event: string
  payload: JsonObject | null
}

/** The end of a child that an `invoke.process` waits for. */
export interface ChildEnd {
  invocation: string
  outcome: string
  outcomeKind: 'success' | 'failure' | 'cancelled'
  output: JsonObject
}

/** What a workflow returns when its order has ended and nothing is left to do. */
export interface OrderEnd {
  outcome: string
  seq: number
}

/** One attempt to pay, from the redirect to the booked money. */
export interface PaymentInput {
  attemptId: string
  queuePrefix: string
}

export interface PaymentEnd {
  outcome: 'booked' | 'unmatched' | 'failed' | 'expired'
}

export interface SweepInput {
  queuePrefix: string
}

/** Commands on incidents; `move` and `cancel` come here only after a second person agreed. */
export type Repair = Timely & { actor: Actor } & (
    | { command: 'retry'; incident: string }
    | { command: 'resolve'; incident: string; output: JsonObject }
    | { command: 'move'; target: string }
    | { command: 'cancel' }
  )

/** To another version of its definition, by the map of that version. Refused whole, or made whole. */
export interface Migrate extends Timely {
  graph: Graph
  map: Migration
  actor: Actor
  /** Refuse when the order is not at this step any more: what it has passed was looked at up to here. */
  expectedSeq: number
}

export const names = {
  fire: 'fire',
  migrate: 'migrate',
  recalendar: 'recalendar',
  repair: 'repair',
  outside: 'outside',
  childEnded: 'childEnded',
  recycle: 'recycle',
  wake: 'wake',
  catchUp: 'catchUp',
  callback: 'callback',
  snapshot: 'snapshot',
} as const

/** `ApplicationFailure.type` of a refused update; `details[0]` is a Refusal. */
export interface Refusal {
  code: string
  message: { fa: string; en: string }
  reasons: unknown[]
}
