import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { Text } from '../../domain/errors.ts'
import type { TaxAmount } from '../../domain/invoice-line.ts'
import { instant, rialColumn } from '../columns.ts'
import { products } from './catalogue.ts'
import { customers } from './customers.ts'
import { orders } from './orders.ts'
import { partners } from './partners.ts'

export type InvoiceKind = 'proforma' | 'invoice' | 'credit-note'

/** Committed documents: nothing but the status and the day of payment ever changes; a correction is a credit note. */
export const invoices = pgTable(
  'invoices',
  {
    id: text('id').primaryKey(),
    /** Idempotency: the same key is the same document. */
    key: text('key').notNull().unique('invoices_key'),
    kind: text('kind').$type<InvoiceKind>().notNull(),
    number: text('number').notNull().unique('invoices_number'),
    jalaliYear: integer('jalali_year').notNull(),
    orderId: text('order_id').references(() => orders.id),
    customerId: text('customer_id').references(() => customers.id),
    partnerId: text('partner_id').references(() => partners.id),
    netRial: rialColumn('net_rial').notNull(),
    taxRial: rialColumn('tax_rial').notNull(),
    totalRial: rialColumn('total_rial').notNull(),
    status: text('status').$type<'open' | 'paid' | 'void'>().notNull().default('open'),
    issuedAt: instant('issued_at').notNull(),
    dueOn: date('due_on', { mode: 'string' }),
    paidAt: instant('paid_at'),
    /** The proforma that an invoice was made from. */
    proformaId: text('proforma_id').references((): AnyPgColumn => invoices.id),
    /** The invoice that a credit note corrects. */
    correctsId: text('corrects_id').references((): AnyPgColumn => invoices.id),
    subscriptionId: text('subscription_id'),
    periodStart: date('period_start', { mode: 'string' }),
  },
  (t) => [
    uniqueIndex('invoices_period')
      .on(t.subscriptionId, t.periodStart, t.kind)
      .where(sql`${t.periodStart} is not null and ${t.status} <> 'void' and ${t.kind} <> 'credit-note'`),
    uniqueIndex('invoices_of_proforma').on(t.proformaId).where(sql`${t.proformaId} is not null`),
    index('invoices_order').on(t.orderId),
    index('invoices_customer').on(t.customerId),
    index('invoices_partner').on(t.partnerId),
    index('invoices_corrects').on(t.correctsId),
    index('invoices_due').on(t.dueOn).where(sql`${t.status} = 'open'`),
    index('invoices_issued').on(t.issuedAt, t.id),
    check('invoices_total', sql`${t.totalRial} = ${t.netRial} + ${t.taxRial}`),
    check('invoices_kind', sql`${t.kind} in ('proforma', 'invoice', 'credit-note')`),
    check('invoices_status', sql`${t.status} in ('open', 'paid', 'void')`),
  ],
)

/** Lines with the taxes as they were computed (M13). */
export const invoiceLines = pgTable(
  'invoice_lines',
  {
    invoiceId: text('invoice_id')
      .notNull()
      .references(() => invoices.id),
    line: integer('line').notNull(),
    productId: text('product_id').references(() => products.id),
    description: jsonb('description').$type<Text>().notNull(),
    quantity: integer('quantity').notNull(),
    unitRial: rialColumn('unit_rial').notNull(),
    listRial: rialColumn('list_rial').notNull(),
    discountRial: rialColumn('discount_rial').notNull(),
    netRial: rialColumn('net_rial').notNull(),
    taxes: jsonb('taxes').$type<TaxAmount[]>().notNull(),
    taxRial: rialColumn('tax_rial').notNull(),
    totalRial: rialColumn('total_rial').notNull(),
    /** Service period, half-open (M6). */
    periodStart: date('period_start', { mode: 'string' }),
    periodEnd: date('period_end', { mode: 'string' }),
  },
  (t) => [
    primaryKey({ columns: [t.invoiceId, t.line] }),
    index('invoice_lines_product').on(t.productId),
    check('invoice_lines_total', sql`${t.totalRial} = ${t.netRial} + ${t.taxRial}`),
  ],
)

/** Last number given in a series of a Jalali year (M14). Taken in the transaction of the document, so that none is lost. */
export const numberSeries = pgTable(
  'number_series',
  {
    kind: text('kind').notNull(),
    entity: text('entity').notNull(),
    jalaliYear: integer('jalali_year').notNull(),
    last: integer('last').notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.entity, t.jalaliYear] })],
)
