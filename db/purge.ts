import { sql } from 'drizzle-orm'
import type { Queryable } from './client.ts'

/**
 * Forgets what is past: ended sessions, one-time codes, answers kept for repeats (two days; a client may repeat for one),
 * and counters of tries. At most `limit` rows of each; answers how many went. `now` is an ISO instant.
 */
export async function purgeExpired(db: Queryable, { now, limit }: { now: string; limit: number }): Promise<number> {
  const gone = await Promise.all([
    db.execute(sql`delete from sessions where token_hash in
      (select token_hash from sessions where expires_at < ${now}::timestamptz limit ${limit}) returning 1`),
    db.execute(sql`delete from login_codes where mobile in
      (select mobile from login_codes where expires_at < ${now}::timestamptz limit ${limit}) returning 1`),
    db.execute(sql`delete from idempotency_keys where (actor, key) in
      (select actor, key from idempotency_keys where created_at < ${now}::timestamptz - interval '2 days' limit ${limit}) returning 1`),
    db.execute(sql`delete from rate_limits where key in
      (select key from rate_limits where expire < extract(epoch from ${now}::timestamptz) * 1000 limit ${limit}) returning 1`),
  ])
  return gone.reduce((sum, rows) => sum + rows.length, 0)
}
