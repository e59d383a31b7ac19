import { DomainError } from './errors.ts'
import type { TaxAmount } from './invoice-line.ts'
import { type Rial, rial, sumRial } from './money.ts'

/** One line of a journal entry: an account of the chart (`1101:zarinpal`) with a debit or a credit, in minor units of its currency. */
export type PostingLine = { account: string; currency?: string } & ({ debitRial: Rial } | { creditRial: Rial })

/** What a document comes to by its lines: net by the income account, taxes by their codes. */
export interface DocumentTotals {
  customerId: string
  lines: readonly { netRial: Rial; taxes: readonly TaxAmount[]; income?: string }[]
}

const dr = (account: string, debitRial: Rial): PostingLine => ({ account, debitRial })
const cr = (account: string, creditRial: Rial): PostingLine => ({ account, creditRial })

/** Invoice: Dr receivable / Cr revenue, VAT and levies, each account once. */
export function invoiceLines({ customerId, lines }: DocumentTotals): PostingLine[] {
  const credits = creditsOf(lines)
  return [dr(`1200:${customerId}`, sumRial(credits.map(([, amount]) => amount))), ...credits.map(([a, n]) => cr(a, n))]
}

/** Credit note: Dr revenue, VAT and levies / Cr receivable, the invoice's own posting taken back in part (M9). */
export function creditNoteLines({ customerId, lines }: DocumentTotals): PostingLine[] {
  const debits = creditsOf(lines)
  return [...debits.map(([a, n]) => dr(a, n)), cr(`1200:${customerId}`, sumRial(debits.map(([, amount]) => amount)))]
}

/** Money came by a road (`1101:zarinpal`, `1102`, `1103`, `1104`): Dr that / Cr the payer's wallet, or 2900 when nobody knows whose (M10). */
export function receiptLines(road: string, customerId: string | null, amount: Rial): PostingLine[] {
  return [dr(road, amount), cr(customerId === null ? '2900' : `2100:${customerId}`, amount)]
}

/** The wallet pays the receivable. */
export function settleFromWalletLines(customerId: string, amount: Rial): PostingLine[] {
  return [dr(`2100:${customerId}`, amount), cr(`1200:${customerId}`, amount)]
}

/** What was paid on a credited invoice becomes money of the wallet: Dr receivable / Cr wallet. */
export function creditToWalletLines(customerId: string, amount: Rial): PostingLine[] {
  return [dr(`1200:${customerId}`, amount), cr(`2100:${customerId}`, amount)]
}

/** An agent pays for a customer from his credit (PR5): Dr the agent's wallet / Cr the customer's, from which the receivable is settled. */
export function agentPaysLines(partnerId: string, customerId: string, amount: Rial): PostingLine[] {
  return [dr(`2110:${partnerId}`, amount), cr(`2100:${customerId}`, amount)]
}

/** Refund by the road that the money came: Dr wallet / Cr that road. */
export function refundLines(road: string, customerId: string, amount: Rial): PostingLine[] {
  return [dr(`2100:${customerId}`, amount), cr(road, amount)]
}

/**
 * Money changes its currency: each currency balances by itself, by way of the position account (two linked transfers). Ends in
 * DomainError `SameCurrency`.
 */
export function exchangeLines(
  from: { account: string; currency: string; amount: Rial },
  to: { account: string; currency: string; amount: Rial },
): PostingLine[] {
  if (from.currency === to.currency)
    throw new DomainError('SameCurrency', { fa: 'ارز مبدأ و مقصد یکی است', en: 'both sides are in the same currency' })
  return [
    { account: from.account, currency: from.currency, debitRial: from.amount },
    { account: '1190', currency: from.currency, creditRial: from.amount },
    { account: '1190', currency: to.currency, debitRial: to.amount },
    { account: to.account, currency: to.currency, creditRial: to.amount },
  ]
}

function creditsOf(lines: DocumentTotals['lines']): [string, Rial][] {
  const sums = new Map<string, Rial>()
  const add = (account: string, amount: Rial) => sums.set(account, rial((sums.get(account) ?? 0) + amount))
  for (const line of lines) {
    add(line.income ?? '4100', line.netRial)
    for (const tax of line.taxes) add(tax.code === 'vat' ? '2200' : `2210:${tax.code}`, tax.amountRial)
  }
  return Array.from(sums)
}
