import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import type { Queryable, Tx } from './client.ts'
import { enqueue } from './outbox.ts'
import { loginCodes, users } from './schema/users.ts'

const lifeMs = 2 * 60_000
const maxTries = 5

/**
 * Makes a one-time code for a number (`+98…`) and leaves it to the relay to send it; a code asked for before is worth
 * nothing from here on. A number that nobody has takes the same road, and its code is never sent. `now` is an ISO instant.
 */
export async function makeLoginCode(tx: Tx, secret: string, mobile: string, now: string): Promise<void> {
  const [user] = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.mobile, mobile), eq(users.active, true)))
  const id = randomUUID()
  const fresh = {
    id,
    userId: user?.id ?? null,
    codeHash: hashOf(secret, id, loginCodeOf(secret, id)),
    tries: 0,
    createdAt: now,
    expiresAt: new Date(Date.parse(now) + lifeMs).toISOString(),
    usedAt: null,
  }
  await tx
    .insert(loginCodes)
    .values({ mobile, ...fresh })
    .onConflictDoUpdate({ target: loginCodes.mobile, set: fresh })
  await enqueue(tx, null, [{ kind: 'loginCode', key: `login-code:${id}`, codeId: id, mobile }])
}

/**
 * The user whose newest code this is: once, within two minutes, in the first five tries; null otherwise. A try is counted
 * before the code is looked at, so call it outside of a transaction that may be rolled back.
 */
export async function takeLoginCode(
  db: Queryable,
  secret: string,
  given: { mobile: string; code: string; now: string },
): Promise<string | null> {
  const open = and(eq(loginCodes.mobile, given.mobile), isNull(loginCodes.usedAt))
  const [found] = await db
    .update(loginCodes)
    .set({ tries: sql`${loginCodes.tries} + 1` })
    .where(and(open, gt(loginCodes.expiresAt, given.now), lt(loginCodes.tries, maxTries)))
    .returning({ id: loginCodes.id, codeHash: loginCodes.codeHash })
  if (found === undefined) return null
  if (!timingSafeEqual(Buffer.from(hashOf(secret, found.id, given.code)), Buffer.from(found.codeHash))) return null
  const [used] = await db
    .update(loginCodes)
    .set({ usedAt: given.now })
    .where(and(open, eq(loginCodes.id, found.id)))
    .returning({ userId: loginCodes.userId })
  return used?.userId ?? null
}

/** Whom a code is to be sent to; null when it is used, past, replaced by a newer one, or nobody's. */
export async function receiverOfCode(
  db: Queryable,
  { mobile, codeId, now }: { mobile: string; codeId: string; now: string },
): Promise<{ locale: 'fa' | 'en' } | null> {
  const [row] = await db
    .select({ locale: users.locale })
    .from(loginCodes)
    .innerJoin(users, eq(users.id, loginCodes.userId))
    .where(
      and(
        eq(loginCodes.mobile, mobile),
        eq(loginCodes.id, codeId),
        isNull(loginCodes.usedAt),
        gt(loginCodes.expiresAt, now),
        eq(users.active, true),
      ),
    )
  return row ?? null
}

/** Six digits that only the holder of the secret can tell from the id: so the relay knows a code that is kept nowhere. */
export function loginCodeOf(secret: string, id: string): string {
  const digest = createHmac('sha256', secret).update(`login-code\n${id}`).digest()
  return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
}

const hashOf = (secret: string, id: string, code: string) =>
  createHmac('sha256', secret).update(`login-code-hash\n${id}\n${code}`).digest('hex')
