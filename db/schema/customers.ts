import { sql } from 'drizzle-orm'
import { check, index, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import type { JsonObject } from '../../domain/json.ts'
import { instant } from '../columns.ts'
import { partners } from './partners.ts'

export const customers = pgTable(
  'customers',
  {
    id: text('id').primaryKey(),
    partnerId: text('partner_id').references(() => partners.id),
    kind: text('kind').$type<'person' | 'company'>().notNull(),
    name: text('name').notNull(),
    nationalId: text('national_id').unique('customers_national_id'),
    /** What else rules may ask about a customer, by names of the company's own (BR8). */
    attributes: jsonb('attributes').$type<JsonObject>().notNull().default({}),
    locale: text('locale').$type<'fa' | 'en'>().notNull().default('fa'),
    /** Folded words of all that a customer is looked up by. */
    search: text('search').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    index('customers_partner').on(t.partnerId),
    index('customers_created').on(t.createdAt, t.id),
    check('customers_kind', sql`${t.kind} in ('person', 'company')`),
  ],
)

/** Ways to reach a customer. `product`: the contact for messages about that product (a mobile for the ADSL line of the shop). */
export const contacts = pgTable(
  'contacts',
  {
    id: text('id').primaryKey(),
    customerId: text('customer_id')
      .notNull()
      .references(() => customers.id),
    kind: text('kind').$type<'mobile' | 'email' | 'phone' | 'address'>().notNull(),
    value: text('value').notNull(),
    label: text('label'),
    product: text('product'),
  },
  (t) => [
    unique('contacts_once').on(t.customerId, t.kind, t.value),
    index('contacts_value').on(t.value),
    check('contacts_kind', sql`${t.kind} in ('mobile', 'email', 'phone', 'address')`),
  ],
)
