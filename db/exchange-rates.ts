import { and, desc, eq, lte, or } from 'drizzle-orm'
import { type Currency, type ExchangeRate, freshRate } from '../domain/currency.ts'
import { DomainError } from '../domain/errors.ts'
import type { Queryable } from './client.ts'
import { currencies, exchangeRates } from './schema/currencies.ts'

/** Currencies by code. */
export async function listCurrencies(db: Queryable): Promise<(typeof currencies.$inferSelect)[]> {
  return db.select().from(currencies).orderBy(currencies.code).limit(300)
}

/** One currency. Ends in DomainError `UnknownCurrency`. */
export async function currencyOf(db: Queryable, code: string): Promise<Currency> {
  const [found] = await db.select().from(currencies).where(eq(currencies.code, code))
  if (found === undefined)
    throw new DomainError('UnknownCurrency', { fa: `ارز ${code} تعریف نشده است`, en: `there is no currency ${code}` })
  return found
}

/** Keeps a rate that a source named, once; rates never change afterwards. Answers whether this call kept it. */
export async function addRate(db: Queryable, rate: ExchangeRate): Promise<boolean> {
  const kept = await db.insert(exchangeRates).values(rate).onConflictDoNothing().returning()
  return kept.length > 0
}

/** Rates between two currencies in either direction, newest first, at most 200. */
export async function ratesOf(db: Queryable, a: string, b: string, until?: string): Promise<ExchangeRate[]> {
  const { base, quote, validFrom } = exchangeRates
  const pair = or(and(eq(base, a), eq(quote, b)), and(eq(base, b), eq(quote, a)))
  return db
    .select()
    .from(exchangeRates)
    .where(and(pair, until === undefined ? undefined : lte(validFrom, until)))
    .orderBy(desc(validFrom), exchangeRates.source)
    .limit(200)
}

/** The rate between two currencies at an instant, not older than `maxAgeHours` (M13). Ends in DomainError `NoFreshRate`. */
export async function rateAt(
  db: Queryable,
  query: { a: string; b: string; at: string; maxAgeHours: number },
): Promise<ExchangeRate> {
  const rates = await ratesOf(db, query.a, query.b, query.at)
  return freshRate(rates, query.at, query.maxAgeHours)
}
