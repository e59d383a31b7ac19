import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../columns.ts'

/** Currencies by ISO 4217 code; `exponent` digits after the point make the minor unit (IRR: 0). */
export const currencies = pgTable(
  'currencies',
  {
    code: text('code').primaryKey(),
    exponent: integer('exponent').notNull(),
    labelFa: text('label_fa').notNull(),
    labelEn: text('label_en').notNull(),
  },
  (t) => [
    check('currencies_code', sql`${t.code} ~ '^[A-Z]{3}$'`),
    check('currencies_exponent', sql`${t.exponent} between 0 and 4`),
  ],
)

/** One whole unit of `base` in whole units of `quote`, as an exact fraction, from an instant on, with the source that said so (M13). */
export const exchangeRates = pgTable(
  'exchange_rates',
  {
    base: text('base')
      .notNull()
      .references(() => currencies.code),
    quote: text('quote')
      .notNull()
      .references(() => currencies.code),
    validFrom: instant('valid_from').notNull(),
    source: text('source').notNull(),
    numerator: bigint('numerator', { mode: 'number' }).notNull(),
    denominator: bigint('denominator', { mode: 'number' }).notNull(),
    recordedAt: instant('recorded_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.base, t.quote, t.validFrom, t.source] }),
    index('exchange_rates_quote').on(t.quote),
    check('exchange_rates_positive', sql`${t.numerator} > 0 and ${t.denominator} > 0`),
    check('exchange_rates_pair', sql`${t.base} <> ${t.quote}`),
  ],
)
