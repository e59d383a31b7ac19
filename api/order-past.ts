import type { Tx } from '../db/client.ts'
import { incidentsOf, wholeLog } from '../db/order-log.ts'
import type { Order } from '../db/orders.ts'
import type { Chart } from '../definitions/interpreter/chart.ts'
import type { Instance } from '../definitions/interpreter/instance.ts'
import { standingOf } from '../definitions/interpreter/standing.ts'
import { type LoggedStep, replay } from '../definitions/replay.ts'
import type { Json } from '../domain/json.ts'
import type { DefinitionStore } from './definition-store.ts'
import { badInput } from './problem.ts'

/** An order as it was, and how well that is known. */
export interface OrderPast {
  order: Order
  asOf: {
    at: string
    seq: number
    /** Every step up to then was made again on the interpreter and came out as the log says. */
    exact: boolean
    /** Steps that were not: there the log's own states and data stand, and what waited or ran may be missing. */
    differing: number[]
  }
}

/** What an order was at an instant, made again from its log (WF21). Throws Problem 422 for an instant before it existed. */
export async function orderAt(tx: Tx, store: DefinitionStore, order: Order, at: string): Promise<OrderPast> {
  const atMs = Date.parse(at)
  if (atMs < Date.parse(order.createdAt))
    throw badInput([{ place: '$.query.at', fa: 'سفارش در آن زمان نبوده است', en: 'the order did not exist then' }])
  const log = (await wholeLog(tx, order.id)).map(
    (line): LoggedStep => ({
      ...line,
      from: line.fromStates,
      to: line.toStates,
      left: line.leftStates,
      trace: line.trace ?? [],
      payload: line.payload ?? null,
    }),
  )
  const lines = log.filter((line) => Date.parse(line.at) <= atMs)
  const last = lines.at(-1)
  if (last === undefined)
    return {
      order: { ...order, ...unborn, updatedAt: order.createdAt },
      asOf: { at, seq: 0, exact: true, differing: [] },
    }

  const charts = new Map<number, Chart>()
  for (const version of new Set(log.map(({ definitionVersion }) => definitionVersion)))
    charts.set(version, (await store.load(tx, order.definitionId, version)).chart)
  const chartOf = (version: number) => {
    const chart = charts.get(version)
    if (chart === undefined) throw new Error(`no chart of version ${version}`)
    return chart
  }
  const now = order.instance as unknown as Instance | null
  const startedAtMs = now?.startedAtMs ?? Date.parse(last.at)
  const { instance, outcomeKind, differing } = replay(
    chartOf,
    { id: order.workflowId, orderId: order.id, startedAtMs },
    lines,
    {
      later: log.slice(lines.length),
      incidents: (await incidentsOf(tx, order.id)).map(({ incidentId, kind, place, error, openedAt }) => ({
        id: incidentId,
        kind,
        place,
        error,
        openedAt,
      })),
    },
  )
  const { stage, tmfState, owners, dueAt } = standingOf(chartOf(last.definitionVersion), instance)
  const ended = instance.status === 'ended'
  return {
    order: {
      ...order,
      seq: last.seq,
      states: last.to,
      status: instance.status,
      outcome: instance.outcome,
      outcomeKind,
      stage,
      tmfState,
      owners,
      dueAt,
      incidentCount: instance.incidents.length,
      definitionVersion: last.definitionVersion,
      instance: instance as unknown as Json,
      updatedAt: last.at,
      endedAt: ended ? order.endedAt : null,
    },
    asOf: { at, seq: last.seq, exact: differing.length === 0, differing },
  }
}

/** Before the first step. */
const unborn = {
  seq: 0,
  states: [],
  status: 'running' as const,
  outcome: null,
  outcomeKind: null,
  stage: null,
  tmfState: null,
  owners: [],
  dueAt: null,
  incidentCount: 0,
  instance: null,
  endedAt: null,
}
