import { applyDiscounts, type Discount, type DiscountStep } from './discounts.ts'
import { computeLine, computeTaxIncludedLine, type LineAmounts, type TaxRate } from './invoice-line.ts'
import { type Rial, rial } from './money.ts'

/** What a line is priced from: its list amount as the catalogue has it on a day, in Rial, and the taxes of that day (M13). */
export interface PriceBasis {
  listRial: Rial
  taxIncluded: boolean
  taxes: readonly TaxRate[]
}

/**
 * Prices one line: list → discounts → net → taxes (M3, M4). On a price that includes its taxes the discounts are taken from that
 * price, and what is left is what the customer pays (M5); its `listRial` is the list without taxes.
 */
export function priceLine(
  { listRial, taxIncluded, taxes }: PriceBasis,
  discounts: readonly Discount[],
): { amounts: LineAmounts; steps: DiscountStep[] } {
  const { discountRial, steps } = applyDiscounts(listRial, discounts)
  if (!taxIncluded)
    return { amounts: computeLine({ unitRial: listRial, quantity: 1, discounts: [discountRial], taxes }), steps }
  const list = computeTaxIncludedLine({ unitIncludedRial: listRial, quantity: 1, taxes }).netRial
  const paid = computeTaxIncludedLine({ unitIncludedRial: rial(listRial - discountRial), quantity: 1, taxes })
  return { amounts: { ...paid, listRial: list, discountRial: rial(list - paid.netRial) }, steps }
}
