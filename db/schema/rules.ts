import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Json, JsonObject } from '../../domain/json.ts'
import { instant } from '../columns.ts'
import { customers } from './customers.ts'
import { invoices } from './invoices.ts'
import { orders } from './orders.ts'
import { partners } from './partners.ts'

/** Rules of prices in versions: a draft is changed, a published one never. Those of a partner hold for him and all below (BR9). */
export const ruleSets = pgTable(
  'rule_sets',
  {
    id: text('id').notNull(),
    version: integer('version').notNull(),
    partnerId: text('partner_id').references(() => partners.id),
    status: text('status').$type<'draft' | 'published' | 'retired'>().notNull().default('draft'),
    rules: jsonb('rules').$type<Json[]>().notNull(),
    note: text('note').notNull().default(''),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    publishedBy: text('published_by'),
    publishedAt: instant('published_at'),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.version] }),
    index('rule_sets_partner').on(t.partnerId),
    uniqueIndex('rule_sets_published').on(t.id).where(sql`${t.status} = 'published'`),
    uniqueIndex('rule_sets_draft').on(t.id).where(sql`${t.status} = 'draft'`),
    check('rule_sets_status', sql`${t.status} in ('draft', 'published', 'retired')`),
  ],
)

/** What rules may ask about, beside the built-in ones: a name for a path of the facts (BR8). */
export const ruleDimensions = pgTable(
  'rule_dimensions',
  {
    id: text('id').primaryKey(),
    path: text('path').notNull(),
    type: text('type').$type<'text' | 'number' | 'list'>().notNull(),
    labelFa: text('label_fa').notNull(),
    labelEn: text('label_en').notNull(),
  },
  (t) => [
    check('rule_dimensions_id', sql`${t.id} ~ '^[a-z][A-Za-z0-9]{0,39}$'`),
    check('rule_dimensions_type', sql`${t.type} in ('text', 'number', 'list')`),
  ],
)

/** How far a partner's own rules may go, in hundredths of a percent; never further than those above him. */
export const partnerRuleLimits = pgTable(
  'partner_rule_limits',
  {
    partnerId: text('partner_id')
      .primaryKey()
      .references(() => partners.id),
    effects: text('effects').array().notNull(),
    maxDiscountBp: integer('max_discount_bp').notNull(),
    maxCommissionBp: integer('max_commission_bp').notNull(),
  },
  (t) => [
    check(
      'partner_rule_limits_range',
      sql`${t.maxDiscountBp} between 0 and 10000 and ${t.maxCommissionBp} between 0 and 10000`,
    ),
  ],
)

export const customerGroups = pgTable('customer_groups', {
  id: text('id').primaryKey(),
  labelFa: text('label_fa').notNull(),
  labelEn: text('label_en').notNull(),
})

/** Who belongs to a group, as those who came by a campaign (BR7). */
export const customerGroupMembers = pgTable(
  'customer_group_members',
  {
    groupId: text('group_id')
      .notNull()
      .references(() => customerGroups.id),
    customerId: text('customer_id')
      .notNull()
      .references(() => customers.id),
  },
  (t) => [
    primaryKey({ columns: [t.groupId, t.customerId] }),
    index('customer_group_members_customer').on(t.customerId),
  ],
)

/** How a price came about, kept for ever: the facts, the versions of the rules, and what each of them did (BR10). */
export const priceDecisions = pgTable(
  'price_decisions',
  {
    id: text('id').primaryKey(),
    invoiceId: text('invoice_id')
      .notNull()
      .unique('price_decisions_invoice')
      .references(() => invoices.id),
    orderId: text('order_id').references(() => orders.id),
    at: instant('at').notNull(),
    basis: jsonb('basis').$type<JsonObject>().notNull(),
    decision: jsonb('decision').$type<JsonObject>().notNull(),
  },
  (t) => [index('price_decisions_at').on(t.at, t.id), index('price_decisions_order').on(t.orderId)],
)
