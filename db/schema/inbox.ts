import { sql } from 'drizzle-orm'
import { bigserial, index, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import type { Json } from '../../domain/json.ts'
import { instant } from '../columns.ts'
import { orders } from './orders.ts'

/** What other systems told us, once for each (source, key), answered before it is handled. */
export const inbox = pgTable(
  'inbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    source: text('source').notNull(),
    key: text('key').notNull(),
    orderId: text('order_id').references(() => orders.id),
    payload: jsonb('payload').$type<Json>().notNull(),
    receivedAt: instant('received_at').notNull().defaultNow(),
    handledAt: instant('handled_at'),
    result: jsonb('result').$type<Json>(),
  },
  (t) => [
    unique('inbox_once').on(t.source, t.key),
    index('inbox_waiting').on(t.id).where(sql`${t.handledAt} is null`),
    index('inbox_order').on(t.orderId),
  ],
)
