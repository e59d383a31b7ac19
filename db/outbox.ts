import { inArray, sql } from 'drizzle-orm'
import type { OutboxEntry } from '../domain/transition.ts'
import type { Queryable } from './client.ts'
import { outbox } from './schema/outbox.ts'
import { textArray } from './scope.ts'

/** An entry that is ours until its lease ends. `attempts` counts this one. */
export interface LeasedEntry {
  id: number
  orderId: string | null
  attempts: number
  entry: OutboxEntry
}

/** Puts entries into the outbox within the caller's transaction; a key that is there already is left as it is. */
export async function enqueue(tx: Queryable, orderId: string | null, entries: readonly OutboxEntry[]): Promise<void> {
  if (entries.length === 0) return
  await tx
    .insert(outbox)
    .values(
      entries.map(({ key, kind, dueAt, ...payload }) => ({
        key,
        kind,
        payload,
        orderId,
        ...(dueAt === undefined ? {} : { dueAt, nextAt: dueAt }),
      })),
    )
    .onConflictDoNothing({ target: outbox.key })
  await tx.execute(sql`select pg_notify('outbox', '')`)
}

/**
 * Leases at most `limit` entries that are due, oldest first; several relays never get the same one. An entry that is not
 * finished or failed within `leaseSeconds` (60) is given out again, so carrying it out must be harmless a second time.
 */
export async function takeDue(
  db: Queryable,
  options: { limit: number; leaseSeconds?: number; kinds?: OutboxEntry['kind'][] },
): Promise<LeasedEntry[]> {
  const kinds = options.kinds === undefined ? sql`true` : sql`kind = any (${textArray(options.kinds)}::text[])`
  const rows = await db.execute<{
    id: number
    key: string
    kind: OutboxEntry['kind']
    payload: object
    order_id: string | null
    due_at: string
    attempts: number
  }>(sql`
    update outbox set attempts = attempts + 1, next_at = now() + make_interval(secs => ${options.leaseSeconds ?? 60})
     where id in (
       select id from outbox where done_at is null and cancelled_at is null and next_at <= now() and ${kinds}
        order by next_at, id limit ${options.limit} for update skip locked)
    returning id, key, kind, payload, order_id, due_at, attempts`)
  return rows
    .map(({ id, key, kind, payload, order_id, due_at, attempts }) => ({
      id,
      orderId: order_id,
      attempts,
      entry: { ...payload, key, kind, dueAt: due_at } as OutboxEntry,
    }))
    .sort((a, b) => a.id - b.id)
}

/** Marks entries as done: they are never given out again. */
export async function finish(db: Queryable, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await db
    .update(outbox)
    .set({ doneAt: sql`now()`, lastError: null })
    .where(inArray(outbox.id, [...ids]))
}

/** Puts a failed entry back: due again after 1, 2, 4 … seconds by its attempts, at most `maxSeconds` (300), for ever. */
export async function fail(db: Queryable, id: number, error: string, maxSeconds = 300): Promise<void> {
  await db.execute(sql`
    update outbox set last_error = ${error.slice(0, 2000)},
           next_at = now() + make_interval(secs => least(power(2, least(attempts - 1, 20)), ${maxSeconds}))
     where id = ${id} and done_at is null`)
}

/** The instant of the next entry that waits, due or not; null when none does. */
export async function nextDueAt(db: Queryable): Promise<string | null> {
  const [row] = await db.execute<{ at: string | null }>(
    sql`select min(next_at) as at from outbox where done_at is null and cancelled_at is null`,
  )
  return row?.at ?? null
}

/** Forgets entries that were done or cancelled before an instant; at most `limit`, and answers how many. */
export async function purgeOutbox(db: Queryable, before: string, limit = 10_000): Promise<number> {
  const gone = await db.execute(sql`
    delete from outbox where id in (
      select id from outbox where coalesce(done_at, cancelled_at) < ${before}::timestamptz order by id limit ${limit}) returning id`)
  return gone.length
}
