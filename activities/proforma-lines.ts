import type { LineInput } from '../db/invoices.ts'
import type { Order } from '../db/orders.ts'
import type { Subscription } from '../db/subscriptions.ts'
import { DomainError } from '../domain/errors.ts'
import { dayMs, tehranOffsetMinutes } from '../domain/jalali.ts'
import type { JsonObject } from '../domain/json.ts'
import type { QuotedLine } from '../rules/decide-price.ts'
import type { PriceWish } from '../rules/price-basis.ts'
import type { Quote } from '../rules/pricing.ts'

/** The day in Tehran that an instant falls on, `YYYY-MM-DD`: prices, taxes and due days count by it (M12, M13). */
export function tehranDay(epochMs: number): string {
  return new Date(epochMs + tehranOffsetMinutes * 60_000).toISOString().slice(0, 10)
}

/** The instant at which a day begins in Tehran. */
export function tehranMidnight(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - tehranOffsetMinutes * 60_000).toISOString()
}

/** What an order wants priced: `kind` of the call says `change`, an order of renewal is one; a subscriber keeps the version he has. */
export function wishOf(
  order: Order,
  productId: string,
  kind: string | undefined,
  subscription: Subscription | null,
  atMs: number,
): PriceWish {
  const renewal = order.kind === 'renewal' || kind === 'reserve'
  const keeps = renewal && subscription?.productId === productId
  const instance = order.instance as { context?: JsonObject } | null
  return {
    atMs,
    kind: kind === 'change' ? 'change' : renewal ? 'renewal' : 'new',
    customerId: order.customerId,
    partnerId: order.partnerId,
    cityId: order.cityId,
    centreId: order.centreId,
    data: instance?.context ?? {},
    items: [
      {
        productId,
        quantity: 1,
        ...(kind === 'change' && { fromProductId: subscription?.productId ?? null }),
        ...(keeps && { version: subscription.productVersion }),
      },
    ],
  }
}

/** Ends in DomainError `RejectedByRules` or `NotForSale`, with the first reason, when a quote may not become a document. */
export function refuseUnsold({ rejections: [rejection], faults: [fault] }: Quote): void {
  if (rejection !== undefined) throw new DomainError('RejectedByRules', rejection.reason, rejection.rule)
  if (fault !== undefined) throw new DomainError('NotForSale', { fa: fault.fa, en: fault.en }, fault.place)
}

/** A priced line as a document stores it; what recurs has the period that it is for. */
export function documentLine(line: QuotedLine, period?: { startMs: number; days: number }): LineInput {
  const { productId, description, quantity, unitRial, amounts, charge } = line
  return {
    productId,
    description,
    quantity,
    unitRial,
    amounts,
    ...(period === undefined || charge === 'one-off'
      ? {}
      : { periodStart: tehranDay(period.startMs), periodEnd: tehranDay(period.startMs + period.days * dayMs) }),
  }
}
