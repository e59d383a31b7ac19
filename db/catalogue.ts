import { and, desc, eq, lte, sql } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { TaxRate } from '../domain/invoice-line.ts'
import type { Rial } from '../domain/money.ts'
import type { Queryable } from './client.ts'
import { productPrices, products, taxRates } from './schema/catalogue.ts'
import { textArray } from './scope.ts'

export type Product = typeof products.$inferSelect

/** One product; null when there is none. */
export async function productById(db: Queryable, id: string): Promise<Product | null> {
  const [product] = await db.select().from(products).where(eq(products.id, id))
  return product ?? null
}

/** Products on sale by code, at most 1000; of one kind when given. */
export async function listProducts(db: Queryable, kind?: string): Promise<Product[]> {
  return db
    .select()
    .from(products)
    .where(and(eq(products.active, true), kind === undefined ? undefined : eq(products.kind, kind)))
    .orderBy(products.code)
    .limit(1000)
}

/** Price of a product on a day (`YYYY-MM-DD`, Tehran) with its tax rates of that day in declared order (M3, M13). Ends in DomainError `NoPrice`. */
export async function priceOn(
  db: Queryable,
  productId: string,
  day: string,
): Promise<{ amountRial: Rial; taxIncluded: boolean; taxes: TaxRate[] }> {
  const [price] = await db
    .select()
    .from(productPrices)
    .where(and(eq(productPrices.productId, productId), lte(productPrices.validFrom, day)))
    .orderBy(desc(productPrices.validFrom))
    .limit(1)
  if (price === undefined) throw noPrice(productId, day)
  return { amountRial: price.amountRial, taxIncluded: price.taxIncluded, taxes: await taxesOn(db, price.taxes, day) }
}

/** Rates of taxes on a day, in the order of the codes (M13). Ends in DomainError `NoPrice` for a code without a rate then. */
export async function taxesOn(db: Queryable, codes: readonly string[], day: string): Promise<TaxRate[]> {
  if (codes.length === 0) return []
  const rates = await db
    .selectDistinctOn([taxRates.code], {
      code: taxRates.code,
      numerator: taxRates.numerator,
      denominator: taxRates.denominator,
      compound: taxRates.compound,
    })
    .from(taxRates)
    .where(and(sql`${taxRates.code} = any (${textArray(codes)}::text[])`, lte(taxRates.validFrom, day)))
    .orderBy(taxRates.code, desc(taxRates.validFrom))
  return codes.map((code) => {
    const rate = rates.find((each) => each.code === code)
    if (rate === undefined) throw noPrice(code, day)
    return rate
  })
}

const noPrice = (what: string, day: string) =>
  new DomainError('NoPrice', { fa: `${what} در ${day} نرخی ندارد`, en: `${what} has no price or rate on ${day}` })
