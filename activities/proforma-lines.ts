import { priceOn, productById } from '../db/catalogue.ts'
import type { Tx } from '../db/client.ts'
import type { LineInput } from '../db/invoices.ts'
import { DomainError } from '../domain/errors.ts'
import { computeLine, computeTaxIncludedLine } from '../domain/invoice-line.ts'
import { dayMs, tehranOffsetMinutes } from '../domain/jalali.ts'

/** The day in Tehran that an instant falls on, `YYYY-MM-DD`: prices, taxes and due days count by it (M12, M13). */
export function tehranDay(epochMs: number): string {
  return new Date(epochMs + tehranOffsetMinutes * 60_000).toISOString().slice(0, 10)
}

/** The instant at which a day begins in Tehran. */
export function tehranMidnight(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - tehranOffsetMinutes * 60_000).toISOString()
}

/** One line for a product at the prices and taxes of a day (M3, M5, M13). Ends in DomainError `NoSuchProduct` or `NoPrice`. */
export async function lineFor(
  tx: Tx,
  productId: string,
  atMs: number,
  period?: { startMs: number; days: number },
): Promise<LineInput> {
  const product = await productById(tx, productId)
  if (product === null)
    throw new DomainError('NoSuchProduct', {
      en: `there is no product ${productId}`,
      fa: `محصول ${productId} یافت نشد`,
    })
  const { amount: amountRial, taxIncluded, taxes } = await priceOn(tx, productId, tehranDay(atMs))
  const amounts = taxIncluded
    ? computeTaxIncludedLine({ unitIncludedRial: amountRial, quantity: 1, taxes })
    : computeLine({ unitRial: amountRial, quantity: 1, taxes })
  return {
    productId,
    description: { fa: product.labelFa, en: product.labelEn },
    quantity: 1,
    unitRial: amountRial,
    amounts,
    ...(period === undefined
      ? {}
      : { periodStart: tehranDay(period.startMs), periodEnd: tehranDay(period.startMs + period.days * dayMs) }),
  }
}
