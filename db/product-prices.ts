import { and, desc, eq, ne, sql } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { JsonObject } from '../domain/json.ts'
import { refuseBadTiers, refuseOverlaps } from '../domain/price-list.ts'
import type { Queryable } from './client.ts'
import { productCategories, productPrices, productRelations, products, taxRates } from './schema/catalogue.ts'
import { sqlStateOf } from './sql-state.ts'

export type Price = typeof productPrices.$inferSelect
export type Relation = typeof productRelations.$inferSelect

/** Adds a product. The same id again changes nothing and answers false. */
export async function createProduct(tx: Queryable, product: typeof products.$inferInsert): Promise<boolean> {
  const added = await tx
    .insert(products)
    .values(product)
    .onConflictDoNothing({ target: products.id })
    .returning({ id: products.id })
  return added.length > 0
}

/** New characteristics, as the next version: those who bought before keep theirs. Answers its number. Ends in DomainError `NoSuchProduct`. */
export async function addVersion(tx: Queryable, id: string, characteristics: JsonObject): Promise<number> {
  const [changed] = await tx
    .update(products)
    .set({ characteristics, version: sql`${products.version} + 1` })
    .where(and(eq(products.id, id), ne(products.characteristics, characteristics)))
    .returning({ version: products.version })
  if (changed !== undefined) return changed.version
  const [product] = await tx.select({ version: products.version }).from(products).where(eq(products.id, id))
  if (product === undefined)
    throw new DomainError('NoSuchProduct', { fa: `محصول ${id} یافت نشد`, en: `there is no product ${id}` })
  return product.version
}

/** Sets where a product stands and when it is sold (MT5); everything else stays. */
export async function changeProduct(
  tx: Queryable,
  id: string,
  change: Partial<Pick<typeof products.$inferInsert, 'categoryId' | 'active' | 'saleFrom' | 'saleUntil' | 'income'>>,
): Promise<void> {
  if (Object.keys(change).length > 0) await tx.update(products).set(change).where(eq(products.id, id))
}

/**
 * Sets a price from a day on; the same future day again replaces it. Ends in DomainError `PricesOverlap`, `BadTiers` or
 * `UnknownTax`; a price that is in force already is never rewritten (SF003).
 */
export async function addPrice(tx: Queryable, price: typeof productPrices.$inferInsert): Promise<void> {
  const { productId, version = 1, charge = 'recurring', ...rest } = price
  if (price.tiers != null) refuseBadTiers(price.tiers)
  await refuseUnknownTaxes(tx, price.taxes ?? [])
  const list = await pricesOf(tx, productId)
  const others = list.filter((p) => p.version === version && p.charge === charge && p.validFrom !== price.validFrom)
  refuseOverlaps([...others, { validFrom: price.validFrom, validUntil: price.validUntil ?? null }])
  const { validUntil = null, currency = 'IRR', amount, tiers = null, taxIncluded = false, taxes = [] } = rest
  await tx
    .insert(productPrices)
    .values(price)
    .onConflictDoUpdate({
      target: [productPrices.productId, productPrices.version, productPrices.charge, productPrices.validFrom],
      set: { validUntil, currency, amount, tiers, taxIncluded, taxes },
    })
}

/** Prices of all versions of a product, newest first, at most 200. */
export async function pricesOf(db: Queryable, productId: string): Promise<Price[]> {
  return db
    .select()
    .from(productPrices)
    .where(eq(productPrices.productId, productId))
    .orderBy(desc(productPrices.version), desc(productPrices.validFrom), productPrices.charge)
    .limit(200)
}

/** Replaces how a product hangs together with others (PS5). Ends in DomainError `BundleCycle`; one that is not there in 23503. */
export async function setRelations(
  tx: Queryable,
  productId: string,
  relations: Omit<Relation, 'productId'>[],
): Promise<void> {
  await tx.delete(productRelations).where(eq(productRelations.productId, productId))
  try {
    for (const relation of relations) await tx.insert(productRelations).values({ ...relation, productId })
  } catch (fault) {
    if (sqlStateOf(fault) !== 'SF011') throw fault
    throw new DomainError('BundleCycle', { fa: 'بسته خودش را در بر می‌گیرد', en: 'the bundle holds itself' })
  }
}

/** Relations that a product declares. */
export async function relationsOf(db: Queryable, productId: string): Promise<Relation[]> {
  return db
    .select()
    .from(productRelations)
    .where(eq(productRelations.productId, productId))
    .orderBy(productRelations.kind, productRelations.otherId)
}

/** Adds or changes a category. One that would lie below itself ends in DomainError `CategoryCycle`. */
export async function saveCategory(tx: Queryable, category: typeof productCategories.$inferInsert): Promise<void> {
  try {
    await tx
      .insert(productCategories)
      .values(category)
      .onConflictDoUpdate({ target: productCategories.id, set: category })
  } catch (fault) {
    if (sqlStateOf(fault) !== 'SF011') throw fault
    throw new DomainError('CategoryCycle', { fa: 'دسته زیر خودش می‌رود', en: 'the category lies below itself' })
  }
}

/** The whole tree of categories, at most 1000, by position. */
export async function listCategories(db: Queryable): Promise<(typeof productCategories.$inferSelect)[]> {
  return db.select().from(productCategories).orderBy(productCategories.position, productCategories.id).limit(1000)
}

async function refuseUnknownTaxes(tx: Queryable, codes: readonly string[]): Promise<void> {
  const twice = codes.find((code, i) => codes.indexOf(code) !== i)
  const known = codes.length === 0 ? [] : await tx.selectDistinct({ code: taxRates.code }).from(taxRates)
  const bad = twice ?? codes.find((code) => !known.some((each) => each.code === code))
  if (bad === undefined) return
  throw new DomainError(
    'UnknownTax',
    { fa: `مالیات ${bad} تعریف نشده یا دو بار آمده است`, en: `tax ${bad} is not defined, or named twice` },
    '$.body.taxes',
  )
}
