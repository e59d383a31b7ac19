import { DomainError } from './errors.ts'
import { type Ratio, type Rial, rial, share } from './money.ts'

/** A node of the tree of partners with its rate; from the top down to the seller. */
export interface CommissionNode {
  partnerId: string
  rate: Ratio
}

/**
 * What each node earns on a base, top first (M8): round(B·r of the node) − round(B·r of the one below), so that the sum is exactly
 * round(B·r of the top). Ends in DomainError `RateAboveParent`.
 */
export function splitCommission(
  base: Rial,
  chain: readonly CommissionNode[],
): { partnerId: string; amountRial: Rial }[] {
  return chain.map(({ partnerId, rate }, i) => {
    const below = chain[i + 1]
    if (below !== undefined && isAbove(below.rate, rate)) throw rateAboveParent(below.partnerId)
    return { partnerId, amountRial: rial(share(base, rate) - (below === undefined ? 0 : share(base, below.rate))) }
  })
}

/**
 * What is still to be posted when `paidRial` of `totalRial` has come for a sale with this net base, after credits took
 * `creditedNetRial` of it: the commission of the base recognised so far, less what was posted before (M8). Negative is claw-back.
 */
export function commissionDue(
  sale: { netRial: Rial; creditedNetRial: Rial; paidRial: Rial; totalRial: Rial },
  chain: readonly CommissionNode[],
  posted: ReadonlyMap<string, Rial>,
): { partnerId: string; amountRial: Rial }[] {
  const remaining = rial(sale.netRial - sale.creditedNetRial)
  const paid = rial(Math.min(sale.paidRial, sale.totalRial))
  const base = sale.totalRial === 0 ? rial(0) : share(remaining, { numerator: paid, denominator: sale.totalRial })
  return splitCommission(base, chain)
    .map(({ partnerId, amountRial }) => ({ partnerId, amountRial: rial(amountRial - (posted.get(partnerId) ?? 0)) }))
    .filter(({ amountRial }) => amountRial !== 0)
}

const isAbove = (a: Ratio, b: Ratio) =>
  BigInt(a.numerator) * BigInt(b.denominator) > BigInt(b.numerator) * BigInt(a.denominator)

const rateAboveParent = (partnerId: string) =>
  new DomainError('RateAboveParent', {
    fa: `نرخ پورسانت ${partnerId} از بالادست او بیشتر است`,
    en: `the rate of ${partnerId} is above its parent's`,
  })
