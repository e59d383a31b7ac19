import { DomainError } from './errors.ts'
import { type Rial, rial } from './money.ts'

/** `one-off`: once at the sale; `recurring`: for each period of the product. */
export type Charge = 'one-off' | 'recurring'

/**
 * Prices by quantity: from `from` pieces on each costs `amount`. `graduated`: each step prices its own pieces; `volume`: the step
 * that is reached prices all of them. Steps ascend; below the first one the plain amount counts.
 */
export interface Tiers {
  mode: 'graduated' | 'volume'
  steps: { from: number; amount: Rial }[]
}

/** A price with its half-open days (`YYYY-MM-DD`, Tehran); without `validUntil` until the next one begins. */
export interface DatedPrice {
  validFrom: string
  validUntil: string | null
}

/** The price of a day: of those that hold, the one that began last (M13); undefined before the list begins. */
export function priceOfDay<P extends DatedPrice>(prices: readonly P[], day: string): P | undefined {
  return prices
    .filter(({ validFrom, validUntil }) => validFrom <= day && (validUntil === null || day < validUntil))
    .reduce<P | undefined>(
      (best, price) => (best === undefined || price.validFrom > best.validFrom ? price : best),
      undefined,
    )
}

/**
 * Ends in DomainError `PricesOverlap` where a list is ambiguous: two limited prices share a day, or a price begins inside a limited
 * one. An unlimited price gives way to whatever begins after it, and returns after a limited one.
 */
export function refuseOverlaps(prices: readonly DatedPrice[]): void {
  const sorted = [...prices].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
  for (const [i, price] of sorted.entries()) {
    const inside = sorted.find((other, k) => k > i && price.validUntil !== null && other.validFrom < price.validUntil)
    if (inside !== undefined)
      throw new DomainError(
        'PricesOverlap',
        {
          fa: `قیمت ${inside.validFrom} درون بازهٔ ${price.validFrom} تا ${price.validUntil} است`,
          en: `the price of ${inside.validFrom} lies inside that of ${price.validFrom} to ${price.validUntil}`,
        },
        '$.body.validFrom',
      )
  }
}

/** What `quantity` pieces cost by list, before discounts and taxes (M3). Ends in DomainError `BadQuantity` or `BadAmount`. */
export function listAmount(price: { amount: Rial; tiers: Tiers | null }, quantity: number): Rial {
  if (!Number.isSafeInteger(quantity) || quantity < 0)
    throw new DomainError('BadQuantity', {
      fa: 'تعداد باید عدد صحیح باشد',
      en: `quantity ${quantity} is no whole number`,
    })
  const steps = [{ from: 0, amount: price.amount }, ...(price.tiers?.steps ?? [])]
  if (price.tiers?.mode === 'volume') {
    const reached = steps.findLast(({ from }) => from <= quantity) ?? steps[0]
    return rial(BigInt(reached?.amount ?? 0) * BigInt(quantity))
  }
  const parts = steps.map(({ from, amount }, i) => {
    // A step from 11 prices the 11th piece and those after it.
    const [below, end] = [Math.max(0, from - 1), Math.max(0, (steps[i + 1]?.from ?? quantity + 1) - 1)]
    return BigInt(amount) * BigInt(Math.max(0, Math.min(quantity, end) - Math.min(quantity, below)))
  })
  return rial(parts.reduce((sum, part) => sum + part, 0n))
}

/** Ends in DomainError `BadTiers` unless the steps ascend from 2 or more and no amount is negative. */
export function refuseBadTiers(tiers: Tiers): void {
  const bad = tiers.steps.findIndex(
    ({ from, amount }, i) => from < 2 || amount < 0 || from <= (tiers.steps[i - 1]?.from ?? 1),
  )
  if (bad >= 0 || tiers.steps.length === 0)
    throw new DomainError(
      'BadTiers',
      { fa: 'پله‌ها باید صعودی و از ۲ به بالا باشند', en: 'steps ascend, from 2 on' },
      `$.body.tiers.steps[${Math.max(bad, 0)}]`,
    )
}
