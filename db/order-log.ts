import { createHash } from 'node:crypto'
import { asc, eq, or, sql } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { Queryable } from './client.ts'
import { orders } from './schema/orders.ts'
import { incidents } from './schema/transitions.ts'
import { type Transition, transitionsOf, verifyChain } from './transitions.ts'

/** No order comes near: a workflow that runs in circles is stopped long before. */
const maxLines = 20_000

/** The whole log of an order, oldest first. Ends in DomainError `LogTooLong` beyond 20,000 lines. */
export async function wholeLog(db: Queryable, orderId: string): Promise<Transition[]> {
  const lines: Transition[] = []
  let cursor: number | null = 0
  while (cursor !== null) {
    const page: { rows: Transition[]; next: number | null } = await transitionsOf(db, orderId, { cursor })
    lines.push(...page.rows)
    cursor = page.next
    if (lines.length > maxLines)
      throw new DomainError('LogTooLong', { fa: 'تاریخچه بیش از حد بلند است', en: `more than ${maxLines} lines` })
  }
  return lines
}

/** Every incident that an order ever had, oldest first, at most 1,000. */
export async function incidentsOf(db: Queryable, orderId: string): Promise<(typeof incidents.$inferSelect)[]> {
  return db
    .select()
    .from(incidents)
    .where(eq(incidents.orderId, orderId))
    .orderBy(asc(incidents.openedAt), asc(incidents.incidentId))
    .limit(1_000)
}

/** The id of the order with an id or a number; null when there is none, or none in reach. */
export async function orderIdOf(db: Queryable, idOrNumber: string): Promise<string | null> {
  const [found] = await db
    .select({ id: orders.id })
    .from(orders)
    .where(or(eq(orders.id, idOrNumber), eq(orders.number, idOrNumber)))
    .limit(1)
  return found?.id ?? null
}

/** A link of a chain that does not hold. */
export interface BrokenLink {
  orderId: string
  number: string
  seq: number
  fault: string
}

/** Recomputes the chains of the next `limit` orders after an id: the first broken link, and where to go on (null at the end). */
export async function verifyChains(
  db: Queryable,
  after: string,
  limit = 500,
): Promise<{ broken: BrokenLink | null; checked: number; next: string | null }> {
  const rows = await db.execute<{ id: string; number: string; seq: number | null; fault: string | null }>(sql`
    select o.id, o.number, v.seq, v.fault
      from (select id, number from orders where id > ${after} order by id limit ${limit}) as o
      left join lateral verify_chain(o.id) as v on true order by o.id`)
  const bad = rows.find(({ fault }) => fault !== null)
  const broken =
    bad === undefined ? null : { orderId: bad.id, number: bad.number, seq: bad.seq ?? 0, fault: bad.fault ?? '' }
  return { broken, checked: rows.length, next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null }
}

/**
 * The log of an order for an authority, as lines of JSON: who asked and when, each transition with the columns that its hash
 * covers, and last the end of the chain, whether it holds, and the SHA-256 of all lines before (each with its line feed).
 */
export async function logLines(
  db: Queryable,
  orderId: string,
  by: { at: string; actor: string },
): Promise<{ lines: string[]; sha256: string }> {
  const [order] = await db
    .select({
      number: orders.number,
      definitionId: orders.definitionId,
      workflowId: orders.workflowId,
      createdAt: orders.createdAt,
    })
    .from(orders)
    .where(eq(orders.id, orderId))
  const log = await wholeLog(db, orderId)
  const fault = await verifyChain(db, orderId)
  const lines = [
    JSON.stringify({ type: 'order', orderId, ...order, exportedAt: by.at, exportedBy: by.actor }),
    ...log.map((line) => JSON.stringify({ type: 'transition', ...line })),
  ]
  const sha256 = createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('hex')
  lines.push(
    JSON.stringify({
      type: 'end',
      transitions: log.length,
      chainHash: log.at(-1)?.hash ?? '',
      whole: fault === null,
      fault,
      sha256,
    }),
  )
  return { lines, sha256 }
}
