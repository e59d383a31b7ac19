import type { Text } from './errors.ts'

export type RelationKind = 'requires' | 'excludes' | 'suggests' | 'includes'

/** What a basket needs to know of a product. */
export interface ShelfProduct {
  id: string
  label: Text
  active: boolean
  saleFrom: string | null
  saleUntil: string | null
  relations: readonly { kind: RelationKind; otherId: string; quantity: number }[]
}

export interface BasketItem {
  productId: string
  quantity: number
}

export interface BasketFault extends Text {
  code: 'UnknownProduct' | 'NotForSale' | 'Requires' | 'Excludes'
  /** Path of the item: `items[0]`. */
  place: string
  productId: string
  otherId: string | null
}

/** Whether a product is sold at an instant (ISO): its sale starts and stops by itself (MT5). */
export function onSale(product: Pick<ShelfProduct, 'active' | 'saleFrom' | 'saleUntil'>, at: string): boolean {
  const ms = Date.parse(at)
  return (
    product.active &&
    (product.saleFrom === null || Date.parse(product.saleFrom) <= ms) &&
    (product.saleUntil === null || ms < Date.parse(product.saleUntil))
  )
}

/**
 * What stands against selling these items together at an instant, to somebody who `owned` products already (PS5): not known, not
 * on sale, a needed product is in neither, or two shut each other out, whichever of them says so. None: the basket is fine.
 */
export function basketFaults(
  items: readonly BasketItem[],
  shelf: readonly ShelfProduct[],
  at: string,
  owned: readonly string[] = [],
): BasketFault[] {
  const find = (id: string) => shelf.find((product) => product.id === id)
  const here = new Set([...items.map(({ productId }) => productId), ...owned])
  return items.flatMap(({ productId }, i): BasketFault[] => {
    const product = find(productId)
    const fault = (code: BasketFault['code'], otherId: string | null, text: Text) => ({
      code,
      place: `items[${i}]`,
      productId,
      otherId,
      ...text,
    })
    if (product === undefined)
      return [fault('UnknownProduct', null, { fa: 'چنین محصولی نیست', en: `there is no product ${productId}` })]
    const faults: BasketFault[] = onSale(product, at)
      ? []
      : [
          fault('NotForSale', null, {
            fa: `${product.label.fa} اکنون فروخته نمی‌شود`,
            en: `${product.label.en} is not on sale now`,
          }),
        ]
    for (const { kind, otherId } of product.relations) {
      if (kind === 'requires' && !here.has(otherId))
        faults.push(
          fault('Requires', otherId, {
            fa: `${product.label.fa} بدون ${find(otherId)?.label.fa ?? otherId} فروخته نمی‌شود`,
            en: `${product.label.en} needs ${find(otherId)?.label.en ?? otherId}`,
          }),
        )
    }
    for (const other of here) {
      const shut = (a: ShelfProduct | undefined, b: string) =>
        a?.relations.some(({ kind, otherId }) => kind === 'excludes' && otherId === b) === true
      if (other !== productId && (shut(product, other) || shut(find(other), productId)))
        faults.push(
          fault('Excludes', other, {
            fa: `${product.label.fa} و ${find(other)?.label.fa ?? other} با هم فروخته نمی‌شوند`,
            en: `${product.label.en} and ${find(other)?.label.en ?? other} are not sold together`,
          }),
        )
    }
    return faults
  })
}

/** An item of a basket with its bundles opened: `bundleId` is the bundle that brought it. */
export interface OpenedItem extends BasketItem {
  bundleId: string | null
}

/**
 * Opens bundles into what they hold, down to any depth; a bundle that holds itself cannot be stored, and is not opened again here.
 * The quantities multiply. A product that is no bundle stays as it is.
 */
export function openBundles(items: readonly BasketItem[], shelf: readonly ShelfProduct[]): OpenedItem[] {
  const open = (item: BasketItem, bundleId: string | null, above: readonly string[]): OpenedItem[] => {
    const held =
      shelf.find(({ id }) => id === item.productId)?.relations.filter(({ kind }) => kind === 'includes') ?? []
    if (held.length === 0 || above.includes(item.productId)) return [{ ...item, bundleId }]
    return held.flatMap(({ otherId, quantity }) =>
      open({ productId: otherId, quantity: quantity * item.quantity }, bundleId ?? item.productId, [
        ...above,
        item.productId,
      ]),
    )
  }
  return items.flatMap((item) => open(item, null, []))
}
