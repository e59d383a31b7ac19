import { boolean, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../columns.ts'
import { partners } from './partners.ts'
import { users } from './users.ts'

/** Filters of a list that a user keeps, for himself or for all users of his partner (no partner: head office). */
export const savedFilters = pgTable(
  'saved_filters',
  {
    id: text('id').primaryKey(),
    ownerId: text('owner_id')
      .notNull()
      .references(() => users.id),
    partnerId: text('partner_id').references(() => partners.id),
    shared: boolean('shared').notNull().default(false),
    list: text('list').$type<'orders' | 'customers'>().notNull(),
    name: text('name').notNull(),
    /** As the list's address takes it. */
    query: jsonb('query').$type<Record<string, string>>().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [index('saved_filters_owner').on(t.ownerId), index('saved_filters_partner').on(t.partnerId)],
)
