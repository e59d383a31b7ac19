import type { Json, JsonObject } from '../../domain/json.ts'
import type { Actor, OutboxEntry, OutcomeKind } from '../../domain/transition.ts'
import { type Evaluation, evaluate, type FactReader, type LeafOracle } from '../condition.ts'
import { resolve, type Scope } from '../expression.ts'
import type { Condition, Expr } from '../format.ts'
import { activeStates, type Chart, nodeAt } from './chart.ts'
import type { FactRequest, FactSnapshots, Instance, Reason } from './instance.ts'

/** An event inside a macrostep. `name` is the event's name, or `done.state:<id>`, `timer:<key>`, `done:<key>`, `error:<key>`. */
export interface InnerEvent {
  name: string
  payload: Json
  output: Json
  error?: { type: string; message: string }
}

/** The working copy of one macrostep. It is thrown away when the macrostep cannot be finished. */
export interface Draft {
  chart: Chart
  instance: Instance
  active: Set<number>
  inner: InnerEvent[]
  event: InnerEvent
  actor: Actor | null
  nowMs: number
  known: FactSnapshots
  needed: Map<string, FactRequest>
  microsteps: number
  entered: string[]
  left: string[]
  trace: Reason[]
  set: JsonObject
  effects: string[]
  outbox: OutboxEntry[]
  cancel: string[]
  /** States entered in this macrostep: their invocations start when it is over, if they are still active. */
  toInvoke: Set<number>
  outcomeKind: OutcomeKind | null
  /** An operator moves the order by hand: visits do not hold him. */
  byOperator: boolean
  /** Tags of the transitions taken and states entered (`#a`) or left (`-a`), in order: what path properties speak of. */
  tokens: string[]
  oracle?: LeafOracle
}

export function draftOf(
  chart: Chart,
  before: Instance,
  facts: FactSnapshots,
  nowMs: number,
  actor: Actor | null,
): Draft {
  const instance: Instance = {
    ...before,
    context: { ...before.context },
    visits: { ...before.visits },
    history: { ...before.history },
    timers: [...before.timers],
    clocks: before.clocks.map((clock) => ({ ...clock })),
    invocations: before.invocations.map((invocation) => ({ ...invocation })),
    undo: [...before.undo],
    queue: [...before.queue],
    incidents: [...before.incidents],
    actors: { ...before.actors },
    assigned: { ...before.assigned },
    pendingMessages: [...before.pendingMessages],
    deferred: [...before.deferred],
    facts: { ...before.facts },
  }
  return {
    chart,
    instance,
    active: new Set(activeStates(chart, before.leaves)),
    inner: [],
    event: { name: '', payload: null, output: null },
    actor,
    nowMs,
    known: { ...young(chart, before.facts, nowMs), ...facts },
    needed: new Map(),
    microsteps: 0,
    entered: [],
    left: [],
    trace: [],
    set: {},
    effects: [],
    outbox: [],
    cancel: [],
    toInvoke: new Set(),
    outcomeKind: null,
    byOperator: false,
    tokens: [],
  }
}

/** Remembered snapshots that are not older than their fact's maxAge. Those fetched for this very step are taken as they are. */
function young(chart: Chart, snapshots: FactSnapshots, nowMs: number): FactSnapshots {
  const { facts } = chart.graph
  const isYoung = ([key, { atMs }]: [string, { atMs: number }]) =>
    atMs + (facts[key.slice(0, key.indexOf('('))]?.maxAgeMs ?? 0) >= nowMs
  return Object.fromEntries(Object.entries(snapshots).filter(isYoung))
}

/** `a.b` as it can stand in a dotted path: `a_b`. */
export const underscored = (id: string) => id.replaceAll('.', '_')

export const entryOf = (draft: Draft, state: string) => draft.instance.visits[underscored(state)] ?? 0

export function scopeOf(draft: Draft): Scope {
  const { instance, chart } = draft
  return {
    ctx: instance.context,
    event: draft.event.payload,
    output: draft.event.output,
    instance: {
      id: instance.orderId,
      startedAt: new Date(instance.startedAtMs).toISOString(),
      now: new Date(draft.nowMs).toISOString(),
      actor: draft.actor?.id ?? null,
      definition: chart.graph.id,
      version: chart.graph.version,
    },
  }
}

export const valueOf = (draft: Draft, expr: Expr): Json => resolve(expr, scopeOf(draft))

/** Reads built-in facts from the draft and declared ones from snapshots; notes what it had to leave unknown. */
export function factReader(draft: Draft): FactReader {
  return (fact) => {
    const { instance, chart } = draft
    switch (fact) {
      case 'ctx':
        return { value: instance.context }
      case 'event':
        return { value: draft.event.payload }
      case 'output':
        return { value: draft.event.output }
      case 'state':
        return { value: [...draft.active].sort((a, b) => a - b).map((index) => nodeAt(chart, index).id) }
      case 'actor':
        return {
          value: draft.actor === null ? null : { id: draft.actor.id, roles: draft.actor.roles.map(({ role }) => role) },
        }
      case 'visits':
        return { value: { ...noVisits(chart), ...instance.visits } }
      default:
        return declared(draft, fact)
    }
  }
}

const noVisits = (chart: Chart) => Object.fromEntries(chart.nodes.map((node) => [underscored(node.id), 0]))

function declared(draft: Draft, name: string): { value: Json } | undefined {
  const { facts } = draft.chart.graph
  const fact = Object.hasOwn(facts, name) ? facts[name] : undefined
  if (fact === undefined) return undefined
  const params = valueOf(draft, fact.params) as JsonObject
  const key = `${name}(${JSON.stringify(params)})`
  const snapshot = draft.known[key]
  if (snapshot !== undefined) {
    draft.instance.facts[key] = snapshot
    return { value: snapshot.value }
  }
  draft.needed.set(key, { key, name, source: fact.source, query: fact.query, params })
  return undefined
}

/** A condition in the light of the draft. */
export function judge(draft: Draft, condition: Condition): Evaluation {
  return evaluate(condition, draft.chart.graph.guards, factReader(draft), draft.oracle)
}
