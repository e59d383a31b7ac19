import { index, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../columns.ts'
import { orders } from './orders.ts'

/** What staff wrote on an order, for each other: append-only. */
export const orderNotes = pgTable(
  'order_notes',
  {
    id: text('id').primaryKey(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    at: instant('at').notNull(),
    author: text('author').notNull(),
    /** As he was called when he wrote it. */
    authorName: text('author_name').notNull(),
    text: text('text').notNull(),
  },
  (t) => [index('order_notes_order').on(t.orderId, t.at)],
)
