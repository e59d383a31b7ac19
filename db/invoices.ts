import { and, asc, desc, eq, lt, sql } from 'drizzle-orm'
import { DomainError, type Text } from '../domain/errors.ts'
import { foldText } from '../domain/identity.ts'
import { creditTaxes, type LineAmounts } from '../domain/invoice-line.ts'
import { type Rial, rial, sumRial } from '../domain/money.ts'
import type { Queryable, Tx } from './client.ts'
import { nextNumber } from './number-series.ts'
import { type InvoiceKind, invoiceLines, invoices } from './schema/invoices.ts'

export type Invoice = typeof invoices.$inferSelect
export type InvoiceLine = typeof invoiceLines.$inferSelect

/** A line as computed by domain/invoice-line.ts; the service period is half-open (M6). */
export interface LineInput {
  productId: string | null
  description: Text
  quantity: number
  unitRial: Rial
  amounts: LineAmounts
  periodStart?: string | null
  periodEnd?: string | null
}

/** What a document is made from. `key` makes it idempotent; `issuedAt` is an ISO instant, `dueOn` and `periodStart` are days in Tehran. */
export interface DocumentInput {
  id: string
  key: string
  orderId?: string | null
  customerId?: string | null
  partnerId?: string | null
  issuedAt: string
  dueOn?: string | null
  subscriptionId?: string | null
  periodStart?: string | null
  lines: LineInput[]
}

/** A document, and whether this call made it or an earlier one with the same key. */
export interface Issued {
  invoice: Invoice
  created: boolean
}

/** Issues a proforma. Its number is given in the caller's transaction (M14). */
export async function issueProforma(tx: Tx, input: DocumentInput): Promise<Issued> {
  return issue(tx, 'proforma', input, input.lines.map(stored))
}

/** Issues an invoice that no proforma went before, as a renewal's. */
export async function issueInvoice(tx: Tx, input: DocumentInput): Promise<Issued> {
  return issue(tx, 'invoice', input, input.lines.map(stored))
}

/** Voids an open proforma; one that is void already stays so. Ends in DomainError `NoSuchInvoice` or `ProformaUsed`. */
export async function voidProforma(tx: Tx, id: string): Promise<Invoice> {
  const proforma = await locked(tx, id, 'proforma')
  if (proforma.status === 'paid') throw used(proforma)
  await tx.update(invoices).set({ status: 'void' }).where(eq(invoices.id, id))
  return { ...proforma, status: 'void' }
}

/**
 * Makes the invoice of a proforma, with the same lines unless `lines` says how they come out at the rates of the issue (M13);
 * the proforma is closed as paid. A proforma gives one invoice. Ends in DomainError `NoSuchInvoice` or `ProformaUsed`.
 */
export async function convertToInvoice(
  tx: Tx,
  input: { id: string; key: string; proformaId: string; issuedAt: string; dueOn?: string | null; lines?: LineInput[] },
): Promise<Issued> {
  const before = await invoiceByKey(tx, input.key)
  if (before !== null) return { invoice: before, created: false }
  const proforma = await locked(tx, input.proformaId, 'proforma')
  if (proforma.status !== 'open') throw used(proforma)
  const lines = input.lines?.map(stored) ?? (await linesOf(tx, proforma.id))
  const { orderId, customerId, partnerId, subscriptionId, periodStart } = proforma
  const issued = await issue(
    tx,
    'invoice',
    { ...input, orderId, customerId, partnerId, subscriptionId, periodStart, dueOn: input.dueOn ?? proforma.dueOn },
    lines,
    { proformaId: proforma.id },
  )
  await tx.update(invoices).set({ status: 'paid', paidAt: input.issuedAt }).where(eq(invoices.id, proforma.id))
  return issued
}

/**
 * Credits an invoice by lines, `all` of what is left or some of their net; taxes come back cumulatively, exactly what was
 * charged in the end (M9). Ends in DomainError `NoSuchInvoice`, `CreditExceedsLine` or `NothingToCredit`.
 */
export async function creditNote(
  tx: Tx,
  input: {
    id: string
    key: string
    invoiceId: string
    issuedAt: string
    lines: 'all' | { line: number; netRial: Rial }[]
  },
): Promise<Issued> {
  const invoice = await locked(tx, input.invoiceId, 'invoice') // one credit of an invoice at a time
  const before = await invoiceByKey(tx, input.key)
  if (before !== null) return { invoice: before, created: false }
  const originals = await linesOf(tx, invoice.id)
  const credited = await creditedOf(tx, invoice.id)
  const left = (line: StoredLine) => rial(line.netRial - (credited.get(line.line) ?? 0))
  const wanted =
    input.lines === 'all' ? originals.map((line) => ({ line: line.line, netRial: left(line) })) : input.lines
  const lines = wanted
    .filter(({ netRial }) => netRial > 0)
    .map(({ line, netRial }) => {
      const original = originals.find((each) => each.line === line)
      if (original === undefined) throw noInvoice(`${input.invoiceId}, line ${line}`)
      const taxes = creditTaxes(original, rial(credited.get(line) ?? 0), netRial)
      const taxRial = sumRial(taxes.map((tax) => tax.amountRial))
      const amounts = {
        listRial: netRial,
        discountRial: rial(0),
        netRial,
        taxes,
        taxRial,
        totalRial: rial(netRial + taxRial),
      }
      return { ...original, quantity: 1, unitRial: netRial, ...amounts }
    })
  if (lines.length === 0) {
    throw new DomainError('NothingToCredit', { fa: 'چیزی برای برگشت نمانده است', en: 'nothing is left to credit' })
  }
  const { orderId, customerId, partnerId, subscriptionId } = invoice
  return issue(tx, 'credit-note', { ...input, orderId, customerId, partnerId, subscriptionId }, lines, {
    correctsId: invoice.id,
  })
}

/** Marks an open document as paid; one that is paid already stays so. Answers whether this call changed it. */
export async function markPaid(tx: Queryable, id: string, at: string): Promise<boolean> {
  const changed = await tx
    .update(invoices)
    .set({ status: 'paid', paidAt: at })
    .where(and(eq(invoices.id, id), eq(invoices.status, 'open')))
    .returning({ id: invoices.id })
  return changed.length > 0
}

/** One document with its lines; null when there is none, or none in reach. */
export async function invoiceById(db: Queryable, id: string): Promise<(Invoice & { lines: InvoiceLine[] }) | null> {
  const [invoice] = await db.select().from(invoices).where(eq(invoices.id, id))
  if (invoice === undefined) return null
  return {
    ...invoice,
    lines: await db.select().from(invoiceLines).where(eq(invoiceLines.invoiceId, id)).orderBy(asc(invoiceLines.line)),
  }
}

/** The document made with a key; null when there is none yet. */
export async function invoiceByKey(db: Queryable, key: string): Promise<Invoice | null> {
  const [invoice] = await db.select().from(invoices).where(eq(invoices.key, key))
  return invoice ?? null
}

/** Documents in reach, newest first, at most 200; of one order, customer or subscription when given. */
export async function listInvoices(
  db: Queryable,
  query: {
    orderId?: string
    customerId?: string
    subscriptionId?: string
    kind?: InvoiceKind
    status?: Invoice['status']
    /** Any part of the number, in any spelling. */
    search?: string
    before?: { issuedAt: string; id: string }
    limit?: number
  },
): Promise<Invoice[]> {
  const { orderId, customerId, subscriptionId, kind, status, before } = query
  const words = foldText(query.search ?? '')
  return db
    .select()
    .from(invoices)
    .where(
      and(
        orderId === undefined ? undefined : eq(invoices.orderId, orderId),
        customerId === undefined ? undefined : eq(invoices.customerId, customerId),
        subscriptionId === undefined ? undefined : eq(invoices.subscriptionId, subscriptionId),
        kind === undefined ? undefined : eq(invoices.kind, kind),
        status === undefined ? undefined : eq(invoices.status, status),
        words === '' ? undefined : sql`${invoices.id} = any (array(select search_invoices(${words})))`,
        before === undefined
          ? undefined
          : sql`(${invoices.issuedAt}, ${invoices.id}) < (${before.issuedAt}::timestamptz, ${before.id})`,
      ),
    )
    .orderBy(desc(invoices.issuedAt), desc(invoices.id))
    .limit(Math.min(query.limit ?? 50, 200))
}

/**
 * Subscriptions with an unpaid invoice due before a day (`YYYY-MM-DD`), each with its earliest one, for collection; those that
 * have a running collection already are left out. At most `limit`, by subscription after `after`.
 */
export async function dueForCollection(
  db: Queryable,
  query: { before: string; after?: string; limit: number },
): Promise<{ subscriptionId: string; invoiceId: string; customerId: string | null; dueOn: string; totalRial: Rial }[]> {
  return db
    .selectDistinctOn([invoices.subscriptionId], {
      subscriptionId: sql<string>`${invoices.subscriptionId}`,
      invoiceId: invoices.id,
      customerId: invoices.customerId,
      dueOn: sql<string>`${invoices.dueOn}`,
      totalRial: invoices.totalRial,
    })
    .from(invoices)
    .where(
      and(
        eq(invoices.kind, 'invoice'),
        eq(invoices.status, 'open'),
        lt(invoices.dueOn, query.before),
        sql`${invoices.subscriptionId} > ${query.after ?? ''}`,
        sql`not exists (select 1 from orders o where o.subscription_id = ${invoices.subscriptionId}
              and o.kind = 'collection' and o.status <> 'ended')`,
      ),
    )
    .orderBy(invoices.subscriptionId, invoices.dueOn)
    .limit(query.limit)
}

type StoredLine = Omit<InvoiceLine, 'invoiceId'>

function stored(line: LineInput, index: number): StoredLine {
  const { amounts, periodStart = null, periodEnd = null, ...columns } = line
  return { line: index + 1, ...columns, ...amounts, periodStart, periodEnd }
}

async function issue(
  tx: Tx,
  kind: InvoiceKind,
  input: Omit<DocumentInput, 'lines'>,
  lines: StoredLine[],
  links: { proformaId?: string; correctsId?: string } = {},
): Promise<Issued> {
  const before = await invoiceByKey(tx, input.key)
  if (before !== null) return { invoice: before, created: false }
  const { id, key, issuedAt, orderId, customerId, partnerId, dueOn, subscriptionId, periodStart } = input
  // The series is locked from here to the end of the transaction, so a second call with the same key waits and then finds it.
  const { number, jalaliYear } = await nextNumber(tx, { kind, at: issuedAt })
  const netRial = sumRial(lines.map((line) => line.netRial))
  const taxRial = sumRial(lines.map((line) => line.taxRial))
  const columns = { orderId, customerId, partnerId, dueOn, subscriptionId, periodStart, ...links }
  const [invoice] = await tx
    .insert(invoices)
    .values({
      id,
      key,
      kind,
      number,
      jalaliYear,
      issuedAt,
      netRial,
      taxRial,
      totalRial: sumRial([netRial, taxRial]),
      ...columns,
    })
    .returning()
  if (invoice === undefined) throw new Error('the document was not written')
  if (lines.length > 0) await tx.insert(invoiceLines).values(lines.map((line) => ({ ...line, invoiceId: id })))
  return { invoice, created: true }
}

async function locked(tx: Tx, id: string, kind: InvoiceKind): Promise<Invoice> {
  const [invoice] = await tx
    .select()
    .from(invoices)
    .where(and(eq(invoices.id, id), eq(invoices.kind, kind)))
    .for('no key update')
  if (invoice === undefined) throw noInvoice(id)
  return invoice
}

async function linesOf(tx: Tx, invoiceId: string): Promise<StoredLine[]> {
  return tx.select().from(invoiceLines).where(eq(invoiceLines.invoiceId, invoiceId)).orderBy(asc(invoiceLines.line))
}

async function creditedOf(tx: Tx, invoiceId: string): Promise<Map<number, number>> {
  const rows = await tx
    .select({ line: invoiceLines.line, net: sql<number>`sum(${invoiceLines.netRial})` })
    .from(invoiceLines)
    .innerJoin(invoices, eq(invoices.id, invoiceLines.invoiceId))
    .where(eq(invoices.correctsId, invoiceId))
    .groupBy(invoiceLines.line)
  return new Map(rows.map(({ line, net }) => [line, net]))
}

const noInvoice = (id: string) =>
  new DomainError('NoSuchInvoice', { fa: `سند ${id} یافت نشد`, en: `there is no such document: ${id}` })

const used = ({ number, status }: Invoice) =>
  new DomainError('ProformaUsed', { fa: `پیش‌فاکتور ${number} دیگر باز نیست`, en: `proforma ${number} is ${status}` })

/** What a customer owes on open invoices, in Rial, and how many they are. Proformas are no debt. */
export async function debtOf(db: Queryable, customerId: string): Promise<{ debtRial: number; openInvoices: number }> {
  const [row] = await db
    .select({ debtRial: sql<number>`coalesce(sum(${invoices.totalRial}), 0)`, openInvoices: sql<number>`count(*)` })
    .from(invoices)
    .where(and(eq(invoices.customerId, customerId), eq(invoices.kind, 'invoice'), eq(invoices.status, 'open')))
  return { debtRial: Number(row?.debtRial ?? 0), openInvoices: Number(row?.openInvoices ?? 0) }
}
