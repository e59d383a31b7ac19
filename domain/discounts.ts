import { type Ratio, type Rial, rial, share } from './money.ts'

/** `exclusive`: the best of them stands alone; `additive`: of the list; `sequential`: of what is left, by priority (M4). */
export type Stacking = 'exclusive' | 'additive' | 'sequential'

/** A discount that a rule gives: a percentage or an amount. */
export interface Discount {
  rule: string
  priority: number
  stacking: Stacking
  value: { percent: Ratio } | { amountRial: Rial }
}

/** What became of one discount. `arithmetic` is how its amount came about, in whole Rials. */
export interface DiscountStep {
  rule: string
  outcome: 'applied' | 'superseded'
  supersededBy: string | null
  amountRial: Rial
  arithmetic: string
}

/**
 * Takes discounts from a list amount (M4). When an exclusive one matches, the exclusive that is best for the customer is the only
 * discount of the line; otherwise the additive ones, each of the list, then the sequential ones, each of what is left, by falling
 * priority and then by name. Each is rounded once (M2), and none takes the net below 0. The order of the input does not matter.
 */
export function applyDiscounts(
  listRial: Rial,
  discounts: readonly Discount[],
): { discountRial: Rial; steps: DiscountStep[] } {
  const ordered = [...discounts].sort((a, b) => b.priority - a.priority || (a.rule < b.rule ? -1 : 1))
  const exclusives = ordered.filter(({ stacking }) => stacking === 'exclusive')
  const best = exclusives.reduce<Discount | undefined>(
    (top, each) => (top === undefined || worth(each, listRial) > worth(top, listRial) ? each : top),
    undefined,
  )
  const steps: DiscountStep[] = []
  let left = listRial
  const take = (discount: Discount, base: Rial) => {
    const amountRial = rial(Math.min(left, worth(discount, base)))
    left = rial(left - amountRial)
    steps.push({
      rule: discount.rule,
      outcome: 'applied',
      supersededBy: null,
      amountRial,
      arithmetic: arithmeticOf(discount, base, amountRial),
    })
  }
  if (best !== undefined) take(best, listRial)
  else {
    for (const each of ordered) if (each.stacking === 'additive') take(each, listRial)
    for (const each of ordered) if (each.stacking === 'sequential') take(each, left)
  }
  for (const each of ordered)
    if (best !== undefined && each !== best)
      steps.push({
        rule: each.rule,
        outcome: 'superseded',
        supersededBy: best.rule,
        amountRial: rial(0),
        arithmetic: `${worth(each, listRial)} < ${worth(best, listRial)}`.replace(/^(\d+) < \1$/, '$1 = $1'),
      })
  return { discountRial: rial(listRial - left), steps }
}

const worth = ({ value }: Discount, base: Rial): Rial =>
  'percent' in value ? share(base, value.percent) : value.amountRial

function arithmeticOf({ value }: Discount, base: Rial, taken: Rial): string {
  if (!('percent' in value))
    return taken === value.amountRial ? `${taken}` : `min(${value.amountRial}, ${base}) = ${taken}`
  const { numerator, denominator } = value.percent
  const exact = share(base, value.percent)
  return `${base} × ${numerator} / ${denominator} = ${exact}${taken === exact ? '' : ` → ${taken}`}`
}
