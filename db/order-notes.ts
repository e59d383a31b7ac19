import { sql } from 'drizzle-orm'
import type { Json } from '../domain/json.ts'
import type { Queryable } from './client.ts'
import { orderNotes } from './schema/order-notes.ts'

export type OrderNote = typeof orderNotes.$inferSelect

/** Writes a note; the same id again changes nothing. Notes are never changed afterwards: the database refuses it. */
export async function addNote(tx: Queryable, note: OrderNote): Promise<void> {
  await tx.insert(orderNotes).values(note).onConflictDoNothing({ target: orderNotes.id })
}

/** One thing that happened around an order. `by` is a user's id, `name` what he was called; null where nobody acted. */
export type FeedEntry = {
  kind: FeedKind
  /** Unique among the entries of its kind. */
  id: string
  at: string
  by: string | null
  name: string | null
  detail: Json
}

export type FeedKind = 'note' | 'message' | 'transition'

/**
 * Notes, messages and transitions of an order in one row, newest first, at most `limit` (200); `before` is the last entry of
 * the page before. Of equal instants, transitions come before messages before notes.
 */
export async function feedOf(
  db: Queryable,
  orderId: string,
  page: { kinds: readonly FeedKind[]; before?: Pick<FeedEntry, 'at' | 'kind' | 'id'>; limit?: number },
): Promise<FeedEntry[]> {
  const limit = Math.min(page.limit ?? 50, 200)
  const before =
    page.before === undefined
      ? sql`true`
      : sql`(at, kind, id) < (${page.before.at}::timestamptz, ${page.before.kind}, ${page.before.id})`
  const sources = page.kinds.map((kind) => source[kind](orderId))
  if (sources.length === 0) return []
  return db.execute<FeedEntry>(sql`
    select kind, id, at, by, name, detail from (${sql.join(sources, sql` union all `)}) as feed
     where ${before} order by at desc, kind desc, id desc limit ${limit}`)
}

/** Ids are padded, so that they sort as they count. */
const source: Record<FeedKind, (orderId: string) => ReturnType<typeof sql>> = {
  note: (orderId) => sql`
    select 'note' as kind, id, at, author as by, author_name as name, jsonb_build_object('text', text) as detail
      from order_notes where order_id = ${orderId}`,
  message: (orderId) => sql`
    select 'message' as kind, lpad(id::text, 12, '0') as id, created_at as at, null as by, null as name,
           jsonb_build_object('channel', channel, 'template', template, 'recipient', recipient, 'subject', subject, 'body', body,
             'state', state, 'sentAt', ${iso('sent_at')}, 'deliveredAt', ${iso('delivered_at')}, 'error', error) as detail
      from messages where order_id = ${orderId}`,
  transition: (orderId) => sql`
    select 'transition' as kind, lpad(seq::text, 12, '0') as id, at, actor ->> 'id' as by, actor ->> 'name' as name,
           jsonb_build_object('seq', seq, 'event', event, 'role', actor ->> 'role', 'from', to_jsonb(from_states), 'to', to_jsonb(to_states)) as detail
      from transitions where order_id = ${orderId}`,
}

/** An instant as TypeScript has it: JSON would get the database's own form. */
const iso = (column: 'sent_at' | 'delivered_at') =>
  sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)
