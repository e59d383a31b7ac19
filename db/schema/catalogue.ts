import { boolean, date, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { JsonObject } from '../../domain/json.ts'
import { rialColumn } from '../columns.ts'

export const products = pgTable('products', {
  id: text('id').primaryKey(),
  code: text('code').notNull().unique('products_code'),
  kind: text('kind').notNull(),
  labelFa: text('label_fa').notNull(),
  labelEn: text('label_en').notNull(),
  /** Definition that an order of this product runs by. */
  orderDefinition: text('order_definition').notNull(),
  characteristics: jsonb('characteristics').$type<JsonObject>().notNull().default({}),
  active: boolean('active').notNull().default(true),
})

/** Dated prices (M13). `taxes` are codes in declared order (M3); `taxIncluded`: the amount already holds them (M5). */
export const productPrices = pgTable(
  'product_prices',
  {
    productId: text('product_id')
      .notNull()
      .references(() => products.id),
    validFrom: date('valid_from', { mode: 'string' }).notNull(),
    amountRial: rialColumn('amount_rial').notNull(),
    taxIncluded: boolean('tax_included').notNull().default(false),
    taxes: text('taxes').array().notNull().default([]),
  },
  (t) => [primaryKey({ columns: [t.productId, t.validFrom] })],
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
