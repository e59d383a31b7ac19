import { sql } from 'drizzle-orm'
import { bigint, check, index, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import type { Json } from '../../domain/json.ts'
import { instant, rialColumn } from '../columns.ts'
import { customers } from './customers.ts'
import { invoices } from './invoices.ts'
import { orders } from './orders.ts'

export type PaymentStatus = 'created' | 'sent' | 'verified' | 'settled' | 'failed' | 'reversed'

/** Tries to pay at a gateway. `id` is numeric, since banks want a number that is unique at the terminal; `pathToken` can't be guessed. */
export const paymentAttempts = pgTable(
  'payment_attempts',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity({ startWith: 100_001 }),
    key: text('key').notNull().unique('payment_attempts_key'),
    pathToken: text('path_token').notNull().unique('payment_attempts_path'),
    orderId: text('order_id').references(() => orders.id),
    invoiceId: text('invoice_id').references(() => invoices.id),
    customerId: text('customer_id').references(() => customers.id),
    gateway: text('gateway').notNull(),
    amountRial: rialColumn('amount_rial').notNull(),
    status: text('status').$type<PaymentStatus>().notNull().default('created'),
    gatewayToken: text('gateway_token'),
    bankRef: text('bank_ref'),
    createdAt: instant('created_at').notNull().defaultNow(),
    verifiedAt: instant('verified_at'),
    settledAt: instant('settled_at'),
    raw: jsonb('raw').$type<Json>(),
  },
  (t) => [
    unique('payment_attempts_bank_ref').on(t.gateway, t.bankRef),
    index('payment_attempts_order').on(t.orderId),
    index('payment_attempts_invoice').on(t.invoiceId),
    index('payment_attempts_customer').on(t.customerId),
    index('payment_attempts_token').on(t.gateway, t.gatewayToken),
    index('payment_attempts_open').on(t.createdAt).where(sql`${t.status} in ('created', 'sent', 'verified')`),
    check('payment_attempts_amount', sql`${t.amountRial} > 0`),
    check(
      'payment_attempts_status',
      sql`${t.status} in ('created', 'sent', 'verified', 'settled', 'failed', 'reversed')`,
    ),
  ],
)

/** Verified money that fits nothing: late, a second time, too much, or of nobody we know (M10). None is lost, none is counted twice. */
export const unmatchedPayments = pgTable(
  'unmatched_payments',
  {
    id: text('id').primaryKey(),
    gateway: text('gateway').notNull(),
    bankRef: text('bank_ref').notNull(),
    attemptId: bigint('attempt_id', { mode: 'number' }).references(() => paymentAttempts.id),
    orderId: text('order_id').references(() => orders.id),
    customerId: text('customer_id').references(() => customers.id),
    amountRial: rialColumn('amount_rial').notNull(),
    reason: text('reason').$type<'late' | 'duplicate' | 'surplus' | 'unknown'>().notNull(),
    raw: jsonb('raw').$type<Json>(),
    at: instant('at').notNull().defaultNow(),
    resolvedAt: instant('resolved_at'),
    resolution: text('resolution'),
  },
  (t) => [
    unique('unmatched_payments_once').on(t.gateway, t.bankRef, t.reason),
    index('unmatched_payments_attempt').on(t.attemptId),
    index('unmatched_payments_order').on(t.orderId),
    index('unmatched_payments_customer').on(t.customerId),
    index('unmatched_payments_open').on(t.at).where(sql`${t.resolvedAt} is null`),
  ],
)
