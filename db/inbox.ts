import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Json } from '../domain/json.ts'
import type { OutboxEntry } from '../domain/transition.ts'
import type { Queryable, Tx } from './client.ts'
import { enqueue } from './outbox.ts'
import { inbox } from './schema/inbox.ts'

/**
 * Keeps what another system told us, once for each (source, key), together with what is to be done about it. A repeat changes
 * nothing and answers `fresh: false`, so the caller gives the same answer again.
 */
export async function receive(
  tx: Tx,
  call: { source: string; key: string; orderId?: string | null; payload: Json },
  then: readonly OutboxEntry[] = [],
): Promise<{ fresh: boolean; id: number | null }> {
  const [row] = await tx
    .insert(inbox)
    .values({ source: call.source, key: call.key, orderId: call.orderId ?? null, payload: call.payload })
    .onConflictDoNothing({ target: [inbox.source, inbox.key] })
    .returning({ id: inbox.id })
  if (row === undefined) return { fresh: false, id: null }
  await enqueue(tx, call.orderId ?? null, then)
  return { fresh: true, id: row.id }
}

/** Calls that nobody has handled yet, oldest first. */
export async function unhandled(db: Queryable, limit = 100): Promise<(typeof inbox.$inferSelect)[]> {
  return db.select().from(inbox).where(isNull(inbox.handledAt)).orderBy(asc(inbox.id)).limit(limit)
}

/** Notes what became of a call; the first word stands. */
export async function handled(db: Queryable, id: number, result: Json): Promise<void> {
  await db
    .update(inbox)
    .set({ handledAt: sql`now()`, result })
    .where(and(eq(inbox.id, id), isNull(inbox.handledAt)))
}
