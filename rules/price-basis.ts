import { findPrice, noPrice, productById, shelfOf } from '../db/catalogue.ts'
import type { Queryable } from '../db/client.ts'
import { currencyOf, rateAt } from '../db/exchange-rates.ts'
import { categoryPathOf, customerFactsOf, partnerPathOf } from '../db/price-facts.ts'
import { type BasketFault, basketFaults, openBundles } from '../domain/basket.ts'
import { convert } from '../domain/currency.ts'
import { DomainError } from '../domain/errors.ts'
import { tehranOffsetMinutes } from '../domain/jalali.ts'
import type { JsonObject } from '../domain/json.ts'
import { type Rial, splitRial } from '../domain/money.ts'
import { listAmount } from '../domain/price-list.ts'
import type { BasisLine } from './decide-price.ts'
import type { PriceFacts } from './dimensions.ts'

/** What somebody wants priced. `data` is the context of the order's own definition; `version` the one that a subscriber keeps. */
export interface PriceWish {
  atMs: number
  kind: 'new' | 'change' | 'renewal'
  customerId: string | null
  partnerId: string | null
  cityId: string | null
  centreId: string | null
  data: JsonObject
  items: { productId: string; quantity: number; fromProductId?: string | null; version?: number }[]
}

type Shared = Omit<PriceFacts, 'product' | 'quantity' | 'amountRial'>

/**
 * Gathers what the lines of a wish cost by list on its day (M13), bundles opened and their price split over what they hold (M7), foreign
 * prices in Rial at a fresh rate. `faults` are what stands against selling it (PS5); whoever renews keeps what he has, and is not
 * asked. Ends in DomainError `NoSuchProduct`, `NoPrice` or `NoFreshRate`.
 */
export async function gatherBasis(
  db: Queryable,
  wish: PriceWish,
  rateMaxAgeHours: number,
): Promise<{ lines: BasisLine[]; faults: BasketFault[]; partnerPath: string[] }> {
  const { atMs, kind, data, cityId, centreId, partnerId } = wish
  const { owned, ...customer } = await customerFactsOf(db, wish.customerId)
  const path = await partnerPathOf(db, partnerId)
  const shared: Shared = {
    atMs,
    order: { kind, data },
    customer,
    place: { cityId, centreId },
    agent: { id: partnerId, path },
  }
  const shelf = await shelfOf(
    db,
    wish.items.map(({ productId }) => productId),
  )
  const kept = wish.items.flatMap(({ fromProductId }) => fromProductId ?? [])
  const others = owned.filter((id) => !kept.includes(id))
  const faults = kind === 'renewal' ? [] : basketFaults(wish.items, shelf, new Date(atMs).toISOString(), others)
  const lines: BasisLine[] = []
  for (const item of wish.items) {
    const parts = openBundles([item], shelf)
    const opened: BasisLine[] = []
    for (const part of parts)
      opened.push(
        ...(await linesOf(db, shared, rateMaxAgeHours, {
          ...part,
          fromId: item.fromProductId ?? null,
          ...(part.bundleId === null && item.version !== undefined && { version: item.version }),
        })),
      )
    const bundled = parts.some(({ bundleId }) => bundleId !== null)
    lines.push(...(bundled ? await atBundlePrice(db, item, opened, atMs) : opened))
  }
  return { lines, faults, partnerPath: path }
}

/** The basis of a product that a rule adds to a line: at the day, place and customer of that line. */
export async function addOnBasis(
  db: Queryable,
  beside: BasisLine,
  productId: string,
  quantity: number,
  rateMaxAgeHours: number,
): Promise<BasisLine[]> {
  const { product: _product, quantity: _quantity, amountRial: _amount, ...shared } = beside.facts
  return linesOf(db, shared, rateMaxAgeHours, { productId, quantity, bundleId: null, fromId: null })
}

/** The day in Tehran of an instant, `YYYY-MM-DD` (M12). */
const dayOf = (atMs: number) => new Date(atMs + tehranOffsetMinutes * 60_000).toISOString().slice(0, 10)

async function linesOf(
  db: Queryable,
  shared: Shared,
  rateMaxAgeHours: number,
  item: { productId: string; quantity: number; bundleId: string | null; fromId: string | null; version?: number },
): Promise<BasisLine[]> {
  const { productId, quantity, bundleId, fromId, version } = item
  const product = await productById(db, productId)
  if (product === null) throw noProduct(productId)
  const which = version === undefined ? {} : { version }
  const day = dayOf(shared.atMs)
  const each = await findPrice(db, productId, day, which)
  // Who renews has paid the one-off price of his product; what is only sold once is paid by everybody.
  const paid = shared.order.kind === 'renewal' && each !== null
  const once = paid ? null : await findPrice(db, productId, day, { ...which, charge: 'one-off' })
  if (each === null && once === null) throw noPrice(productId, day)
  const categories = await categoryPathOf(db, product.categoryId)
  const at = new Date(shared.atMs).toISOString()
  const lines: BasisLine[] = []
  for (const [charge, price] of [
    ['recurring', each],
    ['one-off', once],
  ] as const) {
    if (price === null) continue
    const list = await inRial(db, listAmount(price, quantity), price.currency, at, rateMaxAgeHours)
    const { taxIncluded, taxes } = price
    lines.push({
      productId,
      description: { fa: product.labelFa, en: product.labelEn },
      quantity,
      charge,
      unitRial: await inRial(db, price.amount, price.currency, at, rateMaxAgeHours),
      listRial: list,
      taxIncluded,
      taxes,
      bundleId,
      facts: {
        ...shared,
        product: { id: productId, kind: product.kind, categories, characteristics: product.characteristics, fromId },
        quantity,
        amountRial: list,
      },
    })
  }
  return lines
}

/** A bundle with a price of its own costs that: it is split over the parts by what they cost alone (M7). */
async function atBundlePrice(
  db: Queryable,
  item: { productId: string; quantity: number },
  parts: BasisLine[],
  atMs: number,
): Promise<BasisLine[]> {
  const price = await findPrice(db, item.productId, dayOf(atMs))
  if (price === null || price.currency !== 'IRR') return parts
  const alone = parts.map(({ listRial }) => listRial)
  const weights = alone.some((amount) => amount > 0) ? alone : alone.map(() => 1)
  const split = splitRial(listAmount(price, item.quantity), weights)
  return parts.map((part, i) => {
    const listRial = split[i] ?? part.listRial
    return { ...part, listRial, facts: { ...part.facts, amountRial: listRial } }
  })
}

async function inRial(db: Queryable, amount: Rial, currency: string, at: string, maxAgeHours: number): Promise<Rial> {
  if (currency === 'IRR') return amount
  const [from, to] = [await currencyOf(db, currency), await currencyOf(db, 'IRR')]
  return convert(amount, from, to, await rateAt(db, { a: currency, b: 'IRR', at, maxAgeHours }))
}

const noProduct = (id: string) =>
  new DomainError('NoSuchProduct', { en: `there is no product ${id}`, fa: `محصول ${id} یافت نشد` })
