import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { OrderStatus, StepsBeyond, TransitionRecord } from '../domain/transition.ts'
import type { Db, Queryable } from './client.ts'
import { graphOf } from './graphs.ts'
import { orders } from './schema/orders.ts'
import { transitions } from './schema/transitions.ts'
import { sqlStateOf } from './sql-state.ts'

/** A transition before this one has not arrived: try again later. */
export class TransitionGap extends Error {
  override readonly name = 'TransitionGap'
}

/** The record speaks of an order that has no row. */
export class UnknownOrder extends Error {
  override readonly name = 'UnknownOrder'
}

/**
 * Writes a transition to the log, the projection, the counts, the incidents and the outbox: one round trip, one transaction.
 * `known`: this very step was written before, nothing changed. `ahead`: another step has its place, nothing changed. `late`: its
 * `notAfter` has passed on the database's clock, nothing changed and never will. `seq` is the last one of the order in any case.
 * Ends in `TransitionGap` or `UnknownOrder`.
 */
export async function recordTransition(
  db: Db,
  record: TransitionRecord,
): Promise<{ verdict: 'applied' | 'known' | 'ahead' | 'late'; seq: number }> {
  try {
    // The driver's template is prepared once per connection; drizzle would have it parsed and planned each time.
    const [row] = await db.$client<{ verdict: 'applied' | 'known' | 'ahead' | 'late'; last_seq: number }[]>`
      select verdict, last_seq from record_step(${JSON.stringify(record)}::text::jsonb)`
    if (row === undefined) throw new Error('record_step gave no answer')
    return { verdict: row.verdict, seq: row.last_seq }
  } catch (fault) {
    const state = sqlStateOf(fault)
    const message = fault instanceof Error ? fault.message : String(fault)
    if (state === 'SF001') throw new TransitionGap(message, { cause: fault })
    if (state === 'SF002') throw new UnknownOrder(message, { cause: fault })
    throw fault
  }
}

/** Types of steps after which an order runs by another graph than before. */
const changesGraph = ['migrate', 'calendar']

/** Where an order stands in the database beyond step `seq`, and the keys of the events that brought it there; null when nowhere. */
export async function stepsBeyond(db: Db, orderId: string, seq: number): Promise<StepsBeyond | null> {
  return db.transaction(
    async (tx) => {
      const [order] = await tx
        .select({
          instance: orders.instance,
          status: orders.status,
          outcome: orders.outcome,
          definitionId: orders.definitionId,
          version: orders.definitionVersion,
        })
        .from(orders)
        .where(and(eq(orders.id, orderId), gt(orders.seq, seq)))
      if (order === undefined || order.instance === null) return null
      const steps = await tx
        .select({ seq: transitions.seq, event: transitions.event, states: transitions.toStates })
        .from(transitions)
        .where(and(eq(transitions.orderId, orderId), gt(transitions.seq, seq)))
        .orderBy(asc(transitions.seq))
      const { instance, status, outcome, definitionId, version } = order
      const beyond = { instance, status, outcome, steps }
      if (!steps.some(({ event }) => changesGraph.includes(event.type))) return beyond
      return { ...beyond, graph: await graphOf(tx, definitionId, version) }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

/**
 * What became of an update, by its id: the step it made, if it made one. Waits for a write of this order that is under way, so
 * that null together with `past` (the database's clock has passed `notAfter`) means never. Ends in the driver's error when the
 * row stays locked for 1 s.
 */
export async function fateOf(
  db: Db,
  orderId: string,
  updateId: string,
  notAfter: string,
): Promise<{
  step: { seq: number; states: string[]; status: OrderStatus; outcome: string | null } | null
  past: boolean
}> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`set local lock_timeout = '1s'`)
    const [order] = await tx
      .select({
        status: orders.status,
        outcome: orders.outcome,
        past: sql<boolean>`clock_timestamp() > ${notAfter}::timestamptz`,
      })
      .from(orders)
      .where(eq(orders.id, orderId))
      .for('share')
    const step = await stepOf(tx, orderId, updateId)
    return {
      step: order === undefined || step === null ? null : { ...step, status: order.status, outcome: order.outcome },
      past: order?.past ?? true,
    }
  })
}

/** The step that an update made; null when it made none. */
export async function stepOf(
  db: Queryable,
  orderId: string,
  updateId: string,
): Promise<{ seq: number; states: string[] } | null> {
  const [step] = await db
    .select({ seq: transitions.seq, states: transitions.toStates })
    .from(transitions)
    .where(and(eq(transitions.orderId, orderId), sql`${transitions.event} ->> 'updateId' = ${updateId}`))
    .limit(1)
  return step ?? null
}

export type Transition = typeof transitions.$inferSelect

/** The path of an order, oldest first, at most `limit` (200) after sequence number `cursor`. */
export async function transitionsOf(
  db: Queryable,
  orderId: string,
  page: { cursor?: number; limit?: number } = {},
): Promise<{ rows: Transition[]; next: number | null }> {
  const limit = Math.min(page.limit ?? 200, 200)
  const rows = await db
    .select()
    .from(transitions)
    .where(and(eq(transitions.orderId, orderId), gt(transitions.seq, page.cursor ?? 0)))
    .orderBy(asc(transitions.seq))
    .limit(limit + 1)
  return { rows: rows.slice(0, limit), next: rows.length > limit ? (rows[limit - 1]?.seq ?? null) : null }
}

/** Recomputes the hash chain of an order: null when whole, else its first fault (a row missing, altered, unlinked, or the end cut off). */
export async function verifyChain(
  db: Queryable,
  orderId: string,
): Promise<{ seq: number; fault: 'missing' | 'unlinked' | 'altered' | 'cut' } | null> {
  const [found] = await db.execute<{ seq: number; fault: 'missing' | 'unlinked' | 'altered' | 'cut' }>(
    sql`select seq, fault from verify_chain(${orderId})`,
  )
  return found ?? null
}
