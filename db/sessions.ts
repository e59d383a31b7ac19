import { and, desc, eq, gt, sql } from 'drizzle-orm'
import type { Queryable, Tx } from './client.ts'
import { apiKeys, sessions, users } from './schema/users.ts'
import { assignmentsOf } from './scope.ts'
import type { Person } from './users.ts'

/** Keeps a log-in. Only the hash of its token is stored. */
export async function openSession(tx: Tx, session: typeof sessions.$inferInsert): Promise<void> {
  await tx.insert(sessions).values(session)
}

/** The person behind a session that has not ended, with his rights as they are now; null otherwise. */
export async function personOfSession(db: Queryable, tokenHash: string, now: string): Promise<Person | null> {
  const [row] = await db
    .select(person)
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, tokenHash), gt(sessions.expiresAt, now), eq(users.active, true)))
  return row === undefined ? null : withRights(db, row)
}

/** The person behind an API key that is neither revoked nor past; null otherwise. Notes at most once a minute that it was used. */
export async function personOfKey(db: Queryable, hash: string, now: string): Promise<Person | null> {
  const [row] = await db
    .select({ ...person, lastUsedAt: apiKeys.lastUsedAt })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(
      and(
        eq(apiKeys.hash, hash),
        sql`${apiKeys.revokedAt} is null`,
        sql`(${apiKeys.expiresAt} is null or ${apiKeys.expiresAt} > ${now}::timestamptz)`,
        eq(users.active, true),
      ),
    )
  if (row === undefined) return null
  const { lastUsedAt, ...found } = row
  if (lastUsedAt === null || Date.parse(now) - Date.parse(lastUsedAt) > 60_000)
    await db.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.hash, hash))
  return withRights(db, found)
}

const person = {
  id: users.id,
  username: users.username,
  name: users.name,
  locale: users.locale,
  partnerId: users.partnerId,
  customerId: users.customerId,
}

async function withRights(db: Queryable, row: Omit<Person, 'userId' | 'assignments'>): Promise<Person> {
  return { ...row, userId: row.id, assignments: await assignmentsOf(db, row.id) }
}

/** The open sessions of a user, newest first, at most 100. */
export async function sessionsOf(
  db: Queryable,
  userId: string,
  now: string,
): Promise<(typeof sessions.$inferSelect)[]> {
  return db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.createdAt))
    .limit(100)
}

/** Ends sessions of a user: the one whose hash starts with `idPrefix`, or all. Answers how many ended. */
export async function endSessions(db: Queryable, userId: string, idPrefix?: string): Promise<number> {
  const gone = await db
    .delete(sessions)
    .where(
      and(
        eq(sessions.userId, userId),
        idPrefix === undefined ? undefined : sql`starts_with(${sessions.tokenHash}, ${idPrefix})`,
      ),
    )
    .returning({ userId: sessions.userId })
  return gone.length
}
