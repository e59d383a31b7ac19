import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../columns.ts'
import { products } from './catalogue.ts'
import { customers } from './customers.ts'
import { orders } from './orders.ts'
import { partners } from './partners.ts'

export type SubscriptionStatus = 'active' | 'suspended' | 'expired' | 'collecting' | 'collected' | 'cancelled'

/** A running service of a customer: an ADSL line, a domain, a server. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    id: text('id').primaryKey(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    customerId: text('customer_id')
      .notNull()
      .references(() => customers.id),
    partnerId: text('partner_id').references(() => partners.id),
    productId: text('product_id')
      .notNull()
      .references(() => products.id),
    /** The version that was bought: its price list counts until the product changes. */
    productVersion: integer('product_version').notNull().default(1),
    username: text('username').unique('subscriptions_username'),
    portId: text('port_id'),
    phone: text('phone'),
    startsAt: instant('starts_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    status: text('status').$type<SubscriptionStatus>().notNull().default('active'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    index('subscriptions_order').on(t.orderId),
    index('subscriptions_customer').on(t.customerId),
    index('subscriptions_partner').on(t.partnerId),
    index('subscriptions_product').on(t.productId),
    index('subscriptions_phone').on(t.phone),
    index('subscriptions_expiry').on(t.status, t.expiresAt),
    check(
      'subscriptions_status',
      sql`${t.status} in ('active', 'suspended', 'expired', 'collecting', 'collected', 'cancelled')`,
    ),
  ],
)
