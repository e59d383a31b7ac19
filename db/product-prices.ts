import { desc, eq } from 'drizzle-orm'
import type { Queryable } from './client.ts'
import { productPrices, products } from './schema/catalogue.ts'

/** Adds a product. The same id again changes nothing and answers false. */
export async function createProduct(tx: Queryable, product: typeof products.$inferInsert): Promise<boolean> {
  const added = await tx
    .insert(products)
    .values(product)
    .onConflictDoNothing({ target: products.id })
    .returning({ id: products.id })
  return added.length > 0
}

/** Sets the price of a product from a day on; the same day again replaces it. */
export async function addPrice(tx: Queryable, price: typeof productPrices.$inferInsert): Promise<void> {
  const { amountRial, taxIncluded, taxes } = price
  await tx
    .insert(productPrices)
    .values(price)
    .onConflictDoUpdate({
      target: [productPrices.productId, productPrices.validFrom],
      set: { amountRial, taxIncluded, taxes },
    })
}

/** Prices of a product, newest first, at most 200. */
export async function pricesOf(db: Queryable, productId: string): Promise<(typeof productPrices.$inferSelect)[]> {
  return db
    .select()
    .from(productPrices)
    .where(eq(productPrices.productId, productId))
    .orderBy(desc(productPrices.validFrom))
    .limit(200)
}
