import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { TransitionRecord } from '../domain/transition.ts'
import type { Db, Queryable } from './client.ts'
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
 * The same (order, seq) again changes nothing and answers `applied: false`; `seq` is the last one of the order in any case.
 * Ends in `TransitionGap` or `UnknownOrder`.
 */
export async function recordTransition(db: Db, record: TransitionRecord): Promise<{ applied: boolean; seq: number }> {
  try {
    // The driver's template is prepared once per connection; drizzle would have it parsed and planned each time.
    const [row] = await db.$client<{ applied: boolean; last_seq: number }[]>`
      select applied, last_seq from record_transition(${JSON.stringify(record)}::text::jsonb)`
    if (row === undefined) throw new Error('record_transition gave no answer')
    return { applied: row.applied, seq: row.last_seq }
  } catch (fault) {
    const state = sqlStateOf(fault)
    const message = fault instanceof Error ? fault.message : String(fault)
    if (state === 'SF001') throw new TransitionGap(message, { cause: fault })
    if (state === 'SF002') throw new UnknownOrder(message, { cause: fault })
    throw fault
  }
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
