import { sql } from 'drizzle-orm'
import { bigserial, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { JsonObject } from '../../domain/json.ts'
import type { OutboxEntry } from '../../domain/transition.ts'
import { instant } from '../columns.ts'
import { orders } from './orders.ts'

/** Things to be done by the relay, committed with what they follow from. `nextAt` moves on with each lease and back-off. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    key: text('key').notNull().unique('outbox_key'),
    kind: text('kind').$type<OutboxEntry['kind']>().notNull(),
    payload: jsonb('payload').$type<JsonObject>().notNull(),
    orderId: text('order_id').references(() => orders.id),
    dueAt: instant('due_at').notNull().defaultNow(),
    attempts: integer('attempts').notNull().default(0),
    // To the microsecond: rounded up to the next millisecond, what is due now would not be due yet when it is looked for.
    nextAt: timestamp('next_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    doneAt: instant('done_at'),
    cancelledAt: instant('cancelled_at'),
    lastError: text('last_error'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('outbox_due').on(t.nextAt, t.id).where(sql`${t.doneAt} is null and ${t.cancelledAt} is null`),
    index('outbox_order').on(t.orderId),
  ],
)
