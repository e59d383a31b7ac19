import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Queryable, Tx } from './client.ts'
import { apiKeys } from './schema/users.ts'

/** Keeps a key. The same hash again changes nothing. */
export async function createApiKey(tx: Tx, key: typeof apiKeys.$inferInsert): Promise<void> {
  await tx.insert(apiKeys).values(key).onConflictDoNothing()
}

/** The keys of a user, newest first, at most 100. */
export async function apiKeysOf(db: Queryable, userId: string): Promise<(typeof apiKeys.$inferSelect)[]> {
  return db.select().from(apiKeys).where(eq(apiKeys.userId, userId)).orderBy(desc(apiKeys.createdAt)).limit(100)
}

/** Revokes a key of a user by its prefix; false when he has no such key that still works. */
export async function revokeApiKey(tx: Tx, userId: string, prefix: string, now: string): Promise<boolean> {
  const revoked = await tx
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.userId, userId), eq(apiKeys.prefix, prefix), isNull(apiKeys.revokedAt)))
    .returning({ prefix: apiKeys.prefix })
  return revoked.length > 0
}

/** Revokes all keys of a user, as when he is put out. */
export async function revokeAllKeys(tx: Tx, userId: string): Promise<void> {
  await tx
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)))
}
