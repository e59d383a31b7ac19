import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import type { RelationKind } from '../../domain/basket.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { Charge, Tiers } from '../../domain/price-list.ts'
import { instant, rialColumn } from '../columns.ts'
import { chartAccounts } from './chart.ts'
import { currencies } from './currencies.ts'

/** Shelves of the sales catalogue, a tree. */
export const productCategories = pgTable(
  'product_categories',
  {
    id: text('id').primaryKey(),
    parentId: text('parent_id').references((): AnyPgColumn => productCategories.id),
    labelFa: text('label_fa').notNull(),
    labelEn: text('label_en').notNull(),
    position: integer('position').notNull().default(0),
  },
  (t) => [index('product_categories_parent').on(t.parentId)],
)

export const products = pgTable(
  'products',
  {
    id: text('id').primaryKey(),
    code: text('code').notNull().unique('products_code'),
    kind: text('kind').notNull(),
    labelFa: text('label_fa').notNull(),
    labelEn: text('label_en').notNull(),
    categoryId: text('category_id').references(() => productCategories.id),
    /** Definition that an order of this product runs by. */
    orderDefinition: text('order_definition').notNull(),
    /** How it reaches the customer: an order runs, or a code of a pool, a file or a parcel goes out. */
    delivery: text('delivery').$type<'definition' | 'pool' | 'download' | 'shipping'>().notNull().default('definition'),
    /** Code of the chart that its sale is income of. */
    income: text('income')
      .notNull()
      .default('4100')
      .references((): AnyPgColumn => chartAccounts.code),
    /** The version on sale; its characteristics stand here too. */
    version: integer('version').notNull().default(1),
    characteristics: jsonb('characteristics').$type<JsonObject>().notNull().default({}),
    active: boolean('active').notNull().default(true),
    /** On sale from and until, by itself (MT5). */
    saleFrom: instant('sale_from'),
    saleUntil: instant('sale_until'),
  },
  (t) => [
    index('products_category').on(t.categoryId),
    index('products_income').on(t.income),
    check('products_delivery', sql`${t.delivery} in ('definition', 'pool', 'download', 'shipping')`),
    check('products_sale', sql`${t.saleUntil} > ${t.saleFrom}`),
  ],
)

/** What was ever on sale under a product: subscribers keep the version that they bought. */
export const productVersions = pgTable(
  'product_versions',
  {
    productId: text('product_id')
      .notNull()
      .references(() => products.id),
    version: integer('version').notNull(),
    characteristics: jsonb('characteristics').$type<JsonObject>().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.productId, t.version] })],
)

/**
 * Dated prices of a version (M13) in the minor unit of a currency. `taxes` are codes in declared order (M3); `taxIncluded`: the
 * amount already holds them (M5). With `validUntil` (exclusive) the price before it returns afterwards.
 */
export const productPrices = pgTable(
  'product_prices',
  {
    productId: text('product_id')
      .notNull()
      .references(() => products.id),
    version: integer('version').notNull().default(1),
    charge: text('charge').$type<Charge>().notNull().default('recurring'),
    validFrom: date('valid_from', { mode: 'string' }).notNull(),
    validUntil: date('valid_until', { mode: 'string' }),
    currency: text('currency')
      .notNull()
      .default('IRR')
      .references(() => currencies.code),
    amount: rialColumn('amount').notNull(),
    tiers: jsonb('tiers').$type<Tiers>(),
    taxIncluded: boolean('tax_included').notNull().default(false),
    taxes: text('taxes').array().notNull().default([]),
  },
  (t) => [
    primaryKey({ columns: [t.productId, t.version, t.charge, t.validFrom] }),
    foreignKey({
      columns: [t.productId, t.version],
      foreignColumns: [productVersions.productId, productVersions.version],
    }),
    check('product_prices_amount', sql`${t.amount} >= 0`),
    check('product_prices_charge', sql`${t.charge} in ('one-off', 'recurring')`),
    check('product_prices_until', sql`${t.validUntil} > ${t.validFrom}`),
  ],
)

/** How products hang together (PS5, PS10): one needs, shuts out, suggests, or as a bundle holds another. */
export const productRelations = pgTable(
  'product_relations',
  {
    productId: text('product_id')
      .notNull()
      .references(() => products.id),
    kind: text('kind').$type<RelationKind>().notNull(),
    otherId: text('other_id')
      .notNull()
      .references(() => products.id),
    quantity: integer('quantity').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.productId, t.kind, t.otherId] }),
    index('product_relations_other').on(t.otherId),
    check('product_relations_kind', sql`${t.kind} in ('requires', 'excludes', 'suggests', 'includes')`),
    check('product_relations_other_one', sql`${t.productId} <> ${t.otherId}`),
    check('product_relations_quantity', sql`${t.quantity} between 1 and 1000`),
  ],
)

/** Dated tax rates (M13); the rate is an exact fraction. */
export const taxRates = pgTable(
  'tax_rates',
  {
    code: text('code').notNull(),
    validFrom: date('valid_from', { mode: 'string' }).notNull(),
    labelFa: text('label_fa').notNull(),
    labelEn: text('label_en').notNull(),
    numerator: integer('numerator').notNull(),
    denominator: integer('denominator').notNull(),
    compound: boolean('compound').notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.code, t.validFrom] })],
)
