import { and, asc, desc, eq, gt, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { ShelfProduct } from '../domain/basket.ts'
import { DomainError } from '../domain/errors.ts'
import type { TaxRate } from '../domain/invoice-line.ts'
import type { Rial } from '../domain/money.ts'
import { type Charge, priceOfDay, type Tiers } from '../domain/price-list.ts'
import type { Queryable } from './client.ts'
import { productPrices, productRelations, products, taxRates } from './schema/catalogue.ts'
import { textArray } from './scope.ts'

export type Product = typeof products.$inferSelect

/** What a product costs on a day, in the minor unit of `currency`, with its taxes of that day in declared order. */
export interface PriceOfDay {
  amount: Rial
  currency: string
  tiers: Tiers | null
  taxIncluded: boolean
  taxes: TaxRate[]
}

/** One product; null when there is none. */
export async function productById(db: Queryable, id: string): Promise<Product | null> {
  const [product] = await db.select().from(products).where(eq(products.id, id))
  return product ?? null
}

/** Products by code, at most 1000: those on sale at an instant (ISO), or all without one; of a kind or category when given. */
export async function listProducts(
  db: Queryable,
  query: { onSaleAt?: string; kind?: string; category?: string } = {},
): Promise<Product[]> {
  const { onSaleAt: at, kind, category } = query
  const onSale: (SQL | undefined)[] =
    at === undefined
      ? []
      : [
          eq(products.active, true),
          or(isNull(products.saleFrom), lte(products.saleFrom, at)),
          or(isNull(products.saleUntil), gt(products.saleUntil, at)),
        ]
  const wanted = [
    kind === undefined ? undefined : eq(products.kind, kind),
    category === undefined ? undefined : eq(products.categoryId, category),
  ]
  return db
    .select()
    .from(products)
    .where(and(...onSale, ...wanted))
    .orderBy(products.code)
    .limit(1000)
}

/** Products with their relations, those named and all that they hold, need or shut out, for domain/basket.ts. */
export async function shelfOf(db: Queryable, ids: readonly string[]): Promise<ShelfProduct[]> {
  const found = await db.execute<{ id: string }>(sql`
    with recursive shelf as (
      select unnest(${textArray(ids)}::text[]) as id
      union select r.other_id from product_relations r join shelf on shelf.id = r.product_id where r.kind <> 'suggests')
    select id from shelf limit 1000`)
  const all = found.map(({ id }) => id)
  if (all.length === 0) return []
  const rows = await db.select().from(products).where(inArray(products.id, all))
  const relations = await db
    .select()
    .from(productRelations)
    .where(inArray(productRelations.productId, all))
    .orderBy(asc(productRelations.kind), asc(productRelations.otherId))
  return rows.map(({ id, labelFa, labelEn, active, saleFrom, saleUntil }) => ({
    id,
    label: { fa: labelFa, en: labelEn },
    active,
    saleFrom,
    saleUntil,
    relations: relations.filter(({ productId }) => productId === id),
  }))
}

/**
 * Price of a product's version (the one on sale unless named) on a day (`YYYY-MM-DD`, Tehran) with its tax rates of that day in
 * declared order (M3, M13). Ends in DomainError `NoPrice`.
 */
export async function priceOn(
  db: Queryable,
  productId: string,
  day: string,
  which: { version?: number; charge?: Charge } = {},
): Promise<PriceOfDay> {
  const price = await findPrice(db, productId, day, which)
  if (price === null) throw noPrice(productId, day)
  return price
}

/** As `priceOn`, but null where there is no such price. */
export async function findPrice(
  db: Queryable,
  productId: string,
  day: string,
  { version, charge = 'recurring' }: { version?: number; charge?: Charge } = {},
): Promise<PriceOfDay | null> {
  const onSale = sql`(select version from products where id = ${productId})`
  const prices = await db
    .select()
    .from(productPrices)
    .where(
      and(
        eq(productPrices.productId, productId),
        eq(productPrices.charge, charge),
        lte(productPrices.validFrom, day),
        version === undefined ? sql`${productPrices.version} = ${onSale}` : eq(productPrices.version, version),
      ),
    )
    .orderBy(desc(productPrices.validFrom))
    .limit(100)
  const price = priceOfDay(prices, day)
  if (price === undefined) return null
  const { amount, currency, tiers, taxIncluded } = price
  return { amount, currency, tiers, taxIncluded, taxes: await taxesOn(db, price.taxes, day) }
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

/** What there is no price or tax rate for, on a day. */
export const noPrice = (what: string, day: string) =>
  new DomainError('NoPrice', { fa: `${what} در ${day} نرخی ندارد`, en: `${what} has no price or rate on ${day}` })
