import type { BusinessCalendar } from '../domain/business-calendar.ts'
import type { Text } from '../domain/errors.ts'
import type { OutcomeKind } from '../domain/transition.ts'
import type {
  Action,
  Allow,
  Compensation,
  Condition,
  Expr,
  JsonSchema,
  Notification,
  RetryPolicy,
  Timeouts,
} from './format.ts'

/**
 * A compiled definition: what the interpreter runs and what travels in a workflow's input.
 * Labels, layout and tests stay behind; calendars come along, so that due times are pure arithmetic.
 */
export interface Graph {
  format: 'samfony.graph/1'
  id: string
  version: number
  hash: string
  limits: { maxMicrosteps: number; maxVisits: number; horizonMs: number }
  contextSchema: JsonSchema
  contextInitial: Record<string, Expr>
  facts: Record<string, GraphFact>
  guards: Record<string, Condition>
  events: Record<string, GraphEvent>
  outcomes: Record<string, OutcomeKind>
  calendars: Record<string, BusinessCalendar>
  /** Depth-first in document order; the root is nodes[0] and has the id ''. A node's index is its document order. */
  nodes: GraphNode[]
}

export interface GraphFact {
  source: string
  query: string
  params: Record<string, Expr>
  maxAgeMs: number
}

export interface GraphEvent {
  kind: 'user' | 'external' | 'internal'
  schema?: JsonSchema
  validate?: { that: Condition; message: Text }[]
  dedupe?: string
}

export interface GraphNode {
  id: string
  kind: 'atomic' | 'compound' | 'parallel' | 'final' | 'history'
  parent: number
  children: number[]
  initial?: number
  history?: 'shallow' | 'deep'
  /** Of a history node: where to go when nothing is remembered. */
  target?: number
  outcome?: string
  stage?: string
  owner?: string
  tmfState?: string
  tags?: string[]
  entry?: Action[]
  exit?: Action[]
  on?: Record<string, GraphTransition[]>
  always?: GraphTransition[]
  onDone?: GraphTransition[]
  after?: GraphTimer[]
  invoke?: GraphInvoke[]
  sla?: GraphSla[]
  notify?: Notification[]
}

export interface GraphTransition {
  id?: string
  target?: number
  guard?: Condition
  allow?: Allow[]
  reenter?: boolean
  actions?: Action[]
  errors?: string[]
  tags?: string[]
}

export interface GraphTimer {
  id: string
  delay?: string
  at?: Expr
  offset?: string
  calendar?: string
  then: GraphTransition[]
}

export interface GraphInvoke {
  id: string
  activity?: string
  process?: string
  version?: number | string
  input: Expr
  retry?: RetryPolicy
  timeout?: Timeouts
  idempotencyKey?: string
  onExit: 'cancel' | 'wait' | 'abandon'
  compensate?: Compensation
  onDone?: GraphTransition[]
  onError?: GraphTransition[]
}

export interface GraphSla {
  id: string
  within: string
  calendar?: string
  from: 'entry' | 'process'
  pauseIn: number[]
  steps: { at: number; notify?: Notification[]; assignTo?: string; raise?: string }[]
}
