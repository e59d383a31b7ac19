import { and, asc, eq, gte, lt, sql } from 'drizzle-orm'
import type { JsonObject } from '../domain/json.ts'
import type { Queryable } from './client.ts'
import { priceDecisions } from './schema/rules.ts'

export type StoredDecision = typeof priceDecisions.$inferSelect

/** Keeps how the price of a document came about, once, in its transaction. */
export async function keepDecision(
  tx: Queryable,
  input: { invoiceId: string; orderId: string | null; at: string; basis: JsonObject; decision: JsonObject },
): Promise<void> {
  await tx
    .insert(priceDecisions)
    .values({ ...input, id: `price-${input.invoiceId}` })
    .onConflictDoNothing()
}

/** How the price of a document came about; null when there is none, or none in reach. */
export async function decisionOf(db: Queryable, invoiceId: string): Promise<StoredDecision | null> {
  const [found] = await db.select().from(priceDecisions).where(eq(priceDecisions.invoiceId, invoiceId))
  return found ?? null
}

/** Decisions of a time (ISO instants, half-open), oldest first, after one of them, at most `limit`. */
export async function decisionsBetween(
  db: Queryable,
  query: { from: string; to: string; after?: { at: string; id: string }; limit: number },
): Promise<StoredDecision[]> {
  const { from, to, after, limit } = query
  return db
    .select()
    .from(priceDecisions)
    .where(
      and(
        gte(priceDecisions.at, from),
        lt(priceDecisions.at, to),
        after === undefined
          ? undefined
          : sql`(${priceDecisions.at}, ${priceDecisions.id}) > (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(asc(priceDecisions.at), asc(priceDecisions.id))
    .limit(limit)
}
