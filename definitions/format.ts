import type { Text } from '../domain/errors.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import type { OutcomeKind, Scope } from '../domain/transition.ts'

/**
 * The types of `samfony.process/1`. process-v1.schema.json is the normative form: what passes it has these types.
 * Words are XState's where the meaning is XState's; docs/definitions.md explains each.
 */
export interface Definition {
  format: 'samfony.process/1'
  id: string
  version: number
  label: Text
  description?: Text
  subject: 'order' | 'installation' | 'subscription' | 'renewal' | 'collection' | 'ticket' | 'process'
  stages?: { id: string; label: Text }[]
  limits?: { horizon?: string; maxMicrosteps?: number; maxVisits?: number }
  context: { schema: JsonSchema; initial?: Record<string, Expr> }
  facts?: Record<string, FactDeclaration>
  guards?: Record<string, Condition>
  events: Record<string, EventDeclaration>
  forms?: Record<string, Form>
  calendars?: Record<string, string>
  permissions?: StatePermissions
  outcomes: Record<string, { kind: OutcomeKind; label: Text }>
  requires?: Property[]
  initial: string
  states: Record<string, State>
  on?: Record<string, Transition[]>
  migrations?: Migration[]
  meta?: JsonObject
  tests?: DefinitionTest[]
}

export type JsonSchema = JsonObject | boolean

/** A literal, one of the reference forms, or an object or array of these. */
export type Expr = Json

export type Operator =
  | 'equal'
  | 'notEqual'
  | 'in'
  | 'notIn'
  | 'contains'
  | 'doesNotContain'
  | 'lessThan'
  | 'lessThanInclusive'
  | 'greaterThan'
  | 'greaterThanInclusive'

export interface Leaf {
  fact: string
  path?: string
  operator: Operator
  value: string | number | boolean | null | Json[] | { fact: string; path?: string }
}

export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | { condition: string } | Leaf

export interface FactDeclaration {
  source: string
  query: string
  params?: Record<string, Expr>
  type: JsonSchema
  maxAge?: string
  label?: Text
}

export interface EventDeclaration {
  kind: 'user' | 'external' | 'internal'
  label: Text
  source?: string
  form?: string
  payload?: JsonSchema
  confirm?: Text
  dedupe?: string
  sensitive?: boolean
}

export interface Form {
  label?: Text
  schema: JsonSchema
  ui?: JsonObject
  steps: { id: string; label: Text; fields: string[]; when?: Condition }[]
  prefill?: Record<string, Expr>
  validate?: { that: Condition; message: Text }[]
}

export interface Allow {
  role: string
  scope?: Scope
  notActorOf?: string
}

export interface StatePermissions {
  view?: string[]
  assign?: string[]
}

export interface RetryPolicy {
  maxAttempts?: number
  initialInterval?: string
  backoffCoefficient?: number
  maxInterval?: string
  nonRetryable?: string[]
}

export interface Timeouts {
  attempt?: string
  total?: string
  heartbeat?: string
}

export interface Compensation {
  activity: string
  input?: Expr
  retry?: RetryPolicy
  timeout?: Timeouts
}

export interface Invoke {
  id: string
  activity?: string
  process?: string
  version?: number | string
  input?: Expr
  retry?: RetryPolicy
  timeout?: Timeouts
  idempotencyKey?: string
  onExit?: 'cancel' | 'wait' | 'abandon'
  compensate?: Compensation | 'none'
  onDone?: Transition[]
  onError?: ErrorTransition[]
}

export type Action =
  | { type: 'assign'; set: Record<string, Expr> }
  | { type: 'raise'; event: string; payload?: Expr }
  | {
      type: 'run'
      activity: string
      input?: Expr
      retry?: RetryPolicy
      timeout?: Timeouts
      onFailure?: 'incident' | 'ignore'
    }
  | { type: 'compensate'; of: 'all' | string[] }
  | { type: 'start'; process: string; key: Expr; input?: Expr }
  | { type: 'signal'; to: Expr; event: string; payload?: Expr }
  | { type: 'notify'; notify: Notification }

export interface Transition {
  id?: string
  label?: Text
  target?: string
  guard?: Condition
  allow?: Allow[]
  reenter?: boolean
  actions?: Action[]
  otherwise?: boolean
  tags?: string[]
}

export interface ErrorTransition extends Transition {
  errors?: string[]
}

export interface Timer {
  id: string
  delay?: string
  at?: Expr
  offset?: string
  calendar?: string
  label?: Text
  then?: Transition[]
}

export interface Sla {
  id: string
  within: string
  calendar?: string
  from?: 'entry' | 'process'
  pauseIn?: string[]
  steps: { at: number; notify?: Notification[]; assignTo?: string; raise?: string }[]
}

export interface Notification {
  id?: string
  channels: ('sms' | 'email' | 'call' | 'push' | 'inbox')[]
  template: string
  to: string
  delay?: string
  calendar?: string
  cancelOnExit?: boolean
  data?: Record<string, Expr>
  when?: Condition
}

export interface State {
  type?: 'atomic' | 'compound' | 'parallel' | 'final' | 'history'
  label: Text
  description?: Text
  stage?: string
  tags?: string[]
  initial?: string
  order?: string[]
  states?: Record<string, State>
  history?: 'shallow' | 'deep'
  target?: string
  outcome?: string
  entry?: Action[]
  exit?: Action[]
  invoke?: Invoke[]
  on?: Record<string, Transition[]>
  always?: Transition[]
  after?: Timer[]
  onDone?: Transition[]
  sla?: Sla[]
  notify?: Notification[]
  permissions?: StatePermissions
  owner?: string
  tmfState?: string
}

/** A path property that must hold on every road through the graph. */
export interface Property {
  id: string
  label?: Text
  check: 'passesThrough' | 'never' | 'followedBy' | 'finallyReaches'
  to?: string
  via?: string
  unless?: string
}

/** How running cases of older versions come to this one (docs/definitions.md 3.6). Keys of `states` are the old references. */
export interface Migration {
  from: number[]
  /** States that both versions have are mapped to themselves. */
  auto?: boolean
  /** Which cases are moved at all; the others stay with their version. */
  guard?: Condition
  states: Record<string, string | StateMove>
  /** New values, read from the old context; what is not named stays. */
  context?: Record<string, Expr>
  actions?: Action[]
}

/** Where the cases of one old state go, and what comes along. */
export interface StateMove {
  target: string
  guard?: Condition
  timers?: 'keep' | 'restart'
  invocations?: 'keep' | 'restart'
  entry?: 'skip' | 'run'
}

export interface DefinitionTest {
  name: string
  given?: { context?: JsonObject; facts?: JsonObject }
  steps: TestStep[]
}

/** One stimulus (complete, fail, send, advance or facts) and what must hold after it. */
export interface TestStep {
  complete?: string
  output?: JsonObject
  fail?: string
  error?: string
  send?: string
  by?: { role: string; id?: string }
  payload?: JsonObject
  advance?: string
  facts?: JsonObject
  expect?: { in?: string[]; outcome?: string; rejected?: RejectionCode; effects?: string[]; incident?: boolean }
}

/** Why a user's event was not taken. `Busy`: a call that must not be interrupted, or compensation, is under way. `TooLate`: its caller had been told already that nothing was done. */
export type RejectionCode =
  | 'NoSuchTransition'
  | 'Forbidden'
  | 'GuardFailed'
  | 'BadInput'
  | 'StaleSeq'
  | 'Busy'
  | 'Ended'
  | 'NotMoved'
  | 'TooLate'
