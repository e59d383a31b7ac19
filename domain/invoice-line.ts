import { DomainError } from './errors.ts'
import { type Ratio, type Rial, rial, roundHalfUp, share, sumRial } from './money.ts'

/** A rate as it stood on the day of issue (M13). `compound`: its amount enters the base of the taxes declared after it. */
export interface TaxRate extends Ratio {
  code: string
  compound: boolean
}

/** A tax with what it was computed from: the snapshot stored on a line. */
export interface TaxAmount extends TaxRate {
  baseRial: Rial
  amountRial: Rial
}

/** What a line comes to. `totalRial` = `netRial` + `taxRial`, by definition and not by a second rounding. */
export interface LineAmounts {
  listRial: Rial
  discountRial: Rial
  netRial: Rial
  taxes: TaxAmount[]
  taxRial: Rial
  totalRial: Rial
}

/**
 * Computes a line in the order of M3: list × quantity, less the discounts of the rules (never below 0), then the taxes in
 * declared order. Ends in DomainError `BadQuantity` or `BadAmount`.
 */
export function computeLine(line: {
  unitRial: Rial
  quantity: number
  discounts?: readonly Rial[]
  taxes: readonly TaxRate[]
}): LineAmounts {
  const listRial = times(line.unitRial, line.quantity)
  const discountRial = rial(Math.min(listRial, sumRial(line.discounts ?? [])))
  const netRial = rial(listRial - discountRial)
  return withTaxes(listRial, discountRial, netRial, taxesOn(netRial, line.taxes))
}

/**
 * Computes a line from a price that includes its taxes (M5): net = round(P / F), taxes by M3, and the last tax takes the
 * remainder, so that the total is the price that was promised. Ends in DomainError `BadQuantity` or `BadAmount`.
 */
export function computeTaxIncludedLine(line: {
  unitIncludedRial: Rial
  quantity: number
  taxes: readonly TaxRate[]
}): LineAmounts {
  const price = times(line.unitIncludedRial, line.quantity)
  const factor = effectiveFactor(line.taxes)
  const netRial =
    line.taxes.length === 0 ? price : rial(roundHalfUp(BigInt(price) * factor.denominator, factor.numerator))
  const taxes = taxesOn(netRial, line.taxes)
  const last = taxes.at(-1)
  if (last !== undefined) {
    const others = sumRial(taxes.slice(0, -1).map((tax) => tax.amountRial))
    last.amountRial = rial(price - netRial - others)
  }
  return withTaxes(netRial, rial(0), netRial, taxes)
}

/** Taxes of a net amount (M3): each is rounded once, on net plus the compound taxes before it. */
export function taxesOn(netRial: Rial, rates: readonly TaxRate[]): TaxAmount[] {
  let baseRial = netRial
  return rates.map((rate) => {
    const tax = { ...rate, baseRial, amountRial: share(baseRial, rate) }
    if (rate.compound) baseRial = rial(baseRial + tax.amountRial)
    return tax
  })
}

/**
 * Taxes to credit with `creditNetRial` of a line of which `creditedNetRial` was credited before (M9): tax of what remained less
 * tax of what remains, so that credits in any pieces give back exactly the tax charged. Ends in DomainError `CreditExceedsLine`.
 */
export function creditTaxes(
  line: { netRial: Rial; taxes: readonly TaxAmount[] },
  creditedNetRial: Rial,
  creditNetRial: Rial,
): TaxAmount[] {
  const before = rial(line.netRial - creditedNetRial)
  const after = rial(before - creditNetRial)
  if (creditNetRial < 0 || after < 0) {
    throw new DomainError('CreditExceedsLine', {
      fa: `از این ردیف فقط ${before} ریال قابل برگشت است`,
      en: `only ${before} Rial of this line is left to credit`,
    })
  }
  const [taxesBefore, taxesAfter] = [remainingTaxes(line, before), remainingTaxes(line, after)]
  return line.taxes.map(({ code, numerator, denominator, compound }, k) => ({
    code,
    numerator,
    denominator,
    compound,
    baseRial: creditNetRial,
    amountRial: rial((taxesBefore[k] ?? 0) - (taxesAfter[k] ?? 0)),
  }))
}

/** The charged tax stands for the whole line, since a tax-included line carries a remainder (M5); never more for a part of it. */
function remainingTaxes(line: { netRial: Rial; taxes: readonly TaxAmount[] }, remainingNetRial: Rial): Rial[] {
  if (remainingNetRial === line.netRial) return line.taxes.map((tax) => tax.amountRial)
  return taxesOn(remainingNetRial, line.taxes).map((tax, k) =>
    rial(Math.min(tax.amountRial, line.taxes[k]?.amountRial ?? tax.amountRial)),
  )
}

function withTaxes(listRial: Rial, discountRial: Rial, netRial: Rial, taxes: TaxAmount[]): LineAmounts {
  const taxRial = sumRial(taxes.map((tax) => tax.amountRial))
  return { listRial, discountRial, netRial, taxes, taxRial, totalRial: rial(BigInt(netRial) + BigInt(taxRial)) }
}

function effectiveFactor(rates: readonly TaxRate[]): { numerator: bigint; denominator: bigint } {
  const denominator = rates.reduce((product, rate) => product * BigInt(rate.denominator), 1n)
  let [factor, base] = [denominator, denominator]
  for (const rate of rates) {
    // Exact: `base` still holds this rate's denominator as a factor, since each is divided out once.
    const tax = (base * BigInt(rate.numerator)) / BigInt(rate.denominator)
    factor += tax
    if (rate.compound) base += tax
  }
  return { numerator: factor, denominator }
}

function times(unitRial: Rial, quantity: number): Rial {
  if (!Number.isSafeInteger(quantity) || quantity < 0) {
    throw new DomainError('BadQuantity', {
      fa: 'تعداد باید عدد صحیح باشد',
      en: `quantity ${quantity} is no whole number`,
    })
  }
  return rial(BigInt(unitRial) * BigInt(quantity))
}
