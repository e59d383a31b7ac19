import { bigserial, boolean, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../columns.ts'
import { orders } from './orders.ts'

export type MessageState = 'waiting' | 'sent' | 'delivered' | 'failed' | 'suppressed'

/** Messages as they left: text, recipient and what the provider said. */
export const messages = pgTable(
  'messages',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    key: text('key').notNull().unique('messages_key'),
    orderId: text('order_id').references(() => orders.id),
    channel: text('channel').notNull(),
    template: text('template').notNull(),
    locale: text('locale').notNull(),
    recipient: text('recipient').notNull(),
    subject: text('subject'),
    body: text('body').notNull(),
    segments: integer('segments').notNull().default(1),
    state: text('state').$type<MessageState>().notNull().default('waiting'),
    providerId: text('provider_id'),
    attempts: integer('attempts').notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
    sentAt: instant('sent_at'),
    deliveredAt: instant('delivered_at'),
    error: text('error'),
  },
  (t) => [
    index('messages_order').on(t.orderId, t.id),
    index('messages_provider').on(t.channel, t.providerId),
    index('messages_created').on(t.createdAt),
  ],
)

/** Texts edited by the administrator; they stand before those of the files. */
export const messageTemplates = pgTable(
  'message_templates',
  {
    key: text('key').notNull(),
    channel: text('channel').notNull(),
    locale: text('locale').notNull(),
    subject: text('subject'),
    body: text('body').notNull(),
    version: integer('version').notNull().default(1),
    updatedBy: text('updated_by'),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.key, t.channel, t.locale] })],
)

/** The administrator's word on a message of a state: whether it goes, and how long after (ISO 8601 duration) instead of the definition's delay. */
export const messageTimings = pgTable(
  'message_timings',
  {
    definitionId: text('definition_id').notNull(),
    state: text('state').notNull(),
    template: text('template').notNull(),
    enabled: boolean('enabled').notNull().default(true),
    delay: text('delay'),
  },
  (t) => [primaryKey({ columns: [t.definitionId, t.state, t.template] })],
)
