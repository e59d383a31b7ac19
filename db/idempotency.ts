import { and, eq, isNull, sql } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { Json } from '../domain/json.ts'
import type { Queryable } from './client.ts'
import { idempotencyKeys } from './schema/idempotency.ts'

/** `fresh`: carry the request out. `done`: give this answer again. `busy`: the first one is still at work. */
export type KeyClaim = { state: 'fresh' } | { state: 'busy' } | { state: 'done'; status: number; response: Json }

/**
 * Claims an `Idempotency-Key` for a request of an actor. A claim without an answer is given out again after `staleSeconds` (60),
 * since its holder is dead. The same key with another request is DomainError `IdempotencyKeyReused` (409).
 */
export async function claimKey(
  db: Queryable,
  request: { actor: string; key: string; route: string; requestHash: string },
  staleSeconds = 60,
): Promise<KeyClaim> {
  const fresh = await db
    .insert(idempotencyKeys)
    .values(request)
    .onConflictDoUpdate({
      target: [idempotencyKeys.actor, idempotencyKeys.key],
      set: { createdAt: sql`now()` },
      setWhere: sql`${idempotencyKeys.status} is null and ${idempotencyKeys.requestHash} = ${request.requestHash}
        and ${idempotencyKeys.createdAt} < now() - make_interval(secs => ${staleSeconds})`,
    })
    .returning({ key: idempotencyKeys.key })
  if (fresh.length > 0) return { state: 'fresh' }
  const [before] = await db.select().from(idempotencyKeys).where(holder(request))
  if (before === undefined) return claimKey(db, request, staleSeconds)
  if (before.requestHash !== request.requestHash || before.route !== request.route) {
    throw new DomainError('IdempotencyKeyReused', {
      fa: 'این کلید برای درخواست دیگری به کار رفته است',
      en: 'this Idempotency-Key belongs to another request',
    })
  }
  return before.status === null
    ? { state: 'busy' }
    : { state: 'done', status: before.status, response: before.response }
}

/** Keeps the answer of a claimed request. */
export async function answerKey(
  db: Queryable,
  holds: { actor: string; key: string },
  answer: { status: number; response: Json },
): Promise<void> {
  await db.update(idempotencyKeys).set(answer).where(holder(holds))
}

/** Gives a claim back after a failure that a repeat may heal. */
export async function releaseKey(db: Queryable, holds: { actor: string; key: string }): Promise<void> {
  await db.delete(idempotencyKeys).where(and(holder(holds), isNull(idempotencyKeys.status)))
}

const holder = ({ actor, key }: { actor: string; key: string }) =>
  and(eq(idempotencyKeys.actor, actor), eq(idempotencyKeys.key, key))
