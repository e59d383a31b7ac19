import { index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { bytes, instant } from '../columns.ts'
import { customers } from './customers.ts'
import { orders } from './orders.ts'

export const documents = pgTable(
  'documents',
  {
    id: text('id').primaryKey(),
    orderId: text('order_id').references(() => orders.id),
    customerId: text('customer_id').references(() => customers.id),
    name: text('name').notNull(),
    mediaType: text('media_type').notNull(),
    /** Size in bytes. */
    bytes: integer('bytes').notNull(),
    sha256: text('sha256').notNull(),
    content: bytes('content').notNull(),
    uploadedBy: text('uploaded_by').notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (t) => [index('documents_order').on(t.orderId), index('documents_customer').on(t.customerId)],
)
