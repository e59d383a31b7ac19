import { productById } from '../db/catalogue.ts'
import type { Db, Tx } from '../db/client.ts'
import {
  convertToInvoice,
  creditNote,
  dueForCollection,
  invoiceById,
  invoiceByKey,
  issueProforma,
  listInvoices,
  markPaid,
  voidProforma,
} from '../db/invoices.ts'
import { post } from '../db/ledger.ts'
import { orderById } from '../db/orders.ts'
import { attemptsOf, claimBankRef, markSettled, openAttempt, recordUnmatched } from '../db/payments.ts'
import { keepDecision } from '../db/price-decisions.ts'
import { subscriptionById } from '../db/subscriptions.ts'
import { DomainError } from '../domain/errors.ts'
import { dayMs } from '../domain/jalali.ts'
import type { JsonObject } from '../domain/json.ts'
import { rial } from '../domain/money.ts'
import {
  agentPaysLines,
  creditNoteLines,
  creditToWalletLines,
  invoiceLines,
  receiptLines,
  refundLines,
  settleFromWalletLines,
} from '../domain/postings.ts'
import type { PaymentGateway } from '../gateways/payment/port.ts'
import type { Pricing } from '../rules/pricing.ts'
import { type Call, integerOf, optionalTextOf, textOf } from './call.ts'
import { failing, notYet } from './failure.ts'
import { openOrder } from './open-order.ts'
import { documentLine, refuseUnsold, tehranDay, tehranMidnight, wishOf } from './proforma-lines.ts'

export interface BillingDeps {
  db: Db
  payments: Record<string, PaymentGateway>
  pricing: Pricing
  engineVersion: number
  now: () => number
}

const daysToPay = 10

/** Proforma, invoice, credit note and refund on the main road, each with its posting in the same transaction (M1-M3, M9, M10, M14). */
export function createBillingActivities({ db, payments, pricing, engineVersion, now }: BillingDeps) {
  const isoNow = () => new Date(now()).toISOString()

  return failing({
    /**
     * Prices the order by catalogue and rules and issues its proforma, with how the price came about kept beside it (BR10). Ends in
     * DomainError `RejectedByRules` or `NotForSale` with the reason.
     */
    async 'billing.issueProforma'(call: Call): Promise<JsonObject> {
      const before = await invoiceByKey(db, call.key)
      if (before !== null) return { proformaId: before.id, amountRial: before.totalRial }
      const order = await orderById(db, call.orderId)
      if (order === null) throw new DomainError('NoSuchOrder', { en: 'there is no such order', fa: 'سفارش یافت نشد' })
      const productId = textOf(call, 'productId')
      const subscription = order.subscriptionId === null ? null : await subscriptionById(db, order.subscriptionId)
      const period =
        subscription === null
          ? undefined
          : { startMs: Math.max(now(), Date.parse(subscription.expiresAt)), days: await daysOf(db, productId) }
      return db.transaction(async (tx) => {
        const quote = await pricing.quote(
          tx,
          wishOf(order, productId, optionalTextOf(call, 'kind'), subscription, now()),
        )
        refuseUnsold(quote)
        const { invoice } = await issueProforma(tx, {
          id: idOf(call),
          key: call.key,
          orderId: call.orderId,
          customerId: order.customerId,
          partnerId: order.partnerId,
          issuedAt: isoNow(),
          dueOn: tehranDay(now() + daysToPay * dayMs),
          ...(subscription === null || period === undefined
            ? {}
            : { subscriptionId: subscription.id, periodStart: tehranDay(period.startMs) }),
          lines: quote.lines.map((line) => documentLine(line, period)),
        })
        const { basis, faults: _faults, ...decision } = quote
        await keepDecision(tx, {
          invoiceId: invoice.id,
          orderId: call.orderId,
          at: isoNow(),
          basis: { lines: basis } as unknown as JsonObject,
          decision: decision as unknown as JsonObject,
        })
        return { proformaId: invoice.id, amountRial: invoice.totalRial }
      })
    },

    async 'billing.voidProforma'(call: Call): Promise<null> {
      await db.transaction((tx) => voidProforma(tx, textOf(call, 'proformaId')))
      return null
    },

    /** The paid proforma becomes an invoice; the money that came for it, or the slip that was accepted, settles the receivable. */
    async 'billing.convertToInvoice'(call: Call): Promise<JsonObject> {
      const proformaId = textOf(call, 'proformaId')
      const at = isoNow()
      return db.transaction(async (tx) => {
        await bookSlip(tx, call, proformaId, textOf(call, 'paymentRef'), at)
        const { invoice } = await convertToInvoice(tx, { id: idOf(call), key: call.key, proformaId, issuedAt: at })
        await postInvoice(tx, invoice.id, at)
        return { invoiceId: invoice.id }
      })
    },

    /** Credits a whole invoice; what was paid on it goes to the customer's wallet. The same invoice twice is one note. */
    async 'billing.creditNote'(call: Call): Promise<null> {
      await db.transaction((tx) => creditWhole(tx, textOf(call, 'invoiceId'), isoNow()))
      return null
    },

    /** Gives money back to where it came from if the bank has a service for it, else leaves it in the wallet (PG7, AU2). */
    async 'billing.refund'(call: Call): Promise<JsonObject> {
      const amountRial = rial(integerOf(call, 'amountRial'))
      const customerId = textOf(call, 'customerId')
      const attempt = (await attemptsOf(db, call.orderId)).find(({ bankRef }) => bankRef === textOf(call, 'paymentRef'))
      await db.transaction(async (tx) => {
        const open = await uncreditedInvoice(tx, call.orderId)
        if (open !== undefined) await creditWhole(tx, open, isoNow())
      })
      const gateway = attempt === undefined ? undefined : payments[attempt.gateway]
      if (attempt === undefined || gateway?.refund === undefined || amountRial === 0)
        return { ref: `wallet-${customerId}` }

      const stored = {
        attemptId: BigInt(attempt.id),
        token: attempt.gatewayToken ?? '',
        amountRial: BigInt(attempt.amountRial),
        bankRef: attempt.bankRef ?? undefined,
      }
      const result = await gateway.refund(stored, {
        amountRial: BigInt(amountRial),
        refundOrderId: BigInt(attempt.id) + refundOffset,
      })
      if (result.outcome === 'unknown') throw notYet('the bank has not said whether it gave the money back')
      if (result.outcome !== 'refunded' && result.outcome !== 'already') return { ref: `wallet-${customerId}` }
      const lines = refundLines(`1101:${attempt.gateway}`, customerId, amountRial)
      await db.transaction((tx) =>
        post(tx, { key: `refund/${call.key}`, at: isoNow(), description: 'refund', orderId: call.orderId, lines }),
      )
      return { ref: result.refundRef }
    },

    /** Takes the price from the reseller's account; never beyond his credit, whatever runs beside it (M11). */
    async 'billing.chargeReseller'(call: Call): Promise<JsonObject> {
      const resellerId = textOf(call, 'resellerId')
      const proforma = await invoiceById(db, textOf(call, 'proformaId'))
      if (proforma === null)
        throw new DomainError('NoSuchInvoice', { en: 'there is no such proforma', fa: 'پیش‌فاکتور یافت نشد' })
      const at = isoNow()
      const ref = `credit-${proforma.id}`
      await db
        .transaction(async (tx) => {
          await post(tx, {
            key: `credit/${call.key}`,
            at,
            description: proforma.number,
            orderId: call.orderId,
            lines: agentPaysLines(resellerId, payerOf(proforma), proforma.totalRial),
          })
          await settleOutside(tx, call, proforma, 'credit', ref, at)
        })
        .catch((error: unknown) => {
          throw error instanceof DomainError && error.code === 'InsufficientFunds'
            ? new DomainError('InsufficientCredit', error.text)
            : error
        })
      return { ref }
    },

    async 'billing.flagPartialPayment'(call: Call): Promise<null> {
      const proforma = await invoiceById(db, textOf(call, 'proformaId'))
      const bankRef = textOf(call, 'ref')
      const attempt = (await attemptsOf(db, call.orderId)).find((a) => a.bankRef === bankRef)
      await recordUnmatched(db, {
        id: `partial/${call.key}`,
        gateway: attempt?.gateway ?? 'unknown',
        bankRef,
        amountRial: attempt?.amountRial ?? rial(0),
        reason: 'unknown',
        orderId: call.orderId,
        customerId: proforma?.customerId ?? null,
        ...(attempt === undefined ? {} : { attemptId: attempt.id }),
      })
      return null
    },

    /** Opens a collection for each subscription with an overdue invoice and none running. */
    async 'billing.openCollections'({ limit }: { limit: number }): Promise<{ opened: number }> {
      const due = await dueForCollection(db, { before: tehranDay(now()), limit })
      let opened = 0
      for (const { subscriptionId, invoiceId, totalRial, dueOn } of due) {
        const subscription = await subscriptionById(db, subscriptionId)
        if (subscription === null) continue
        const created = await openOrder(db, {
          definitionId: 'debt-collection',
          orderId: `collection-${invoiceId}`,
          workflowKey: invoiceId,
          subscription,
          engineVersion,
          atMs: now(),
          context: { invoiceId, amountRial: totalRial, dueAt: tehranMidnight(dueOn) },
        })
        if (created) opened += 1
      }
      return { opened }
    },
  })

  /** A reference that no gateway gave is a bank slip that a second person accepted: its money is booked here, once. */
  async function bookSlip(tx: Tx, call: Call, proformaId: string, ref: string, at: string): Promise<void> {
    const known = (await attemptsOf(db, call.orderId)).some(({ bankRef }) => bankRef === ref)
    const proforma = await invoiceById(tx, proformaId)
    if (known || proforma === null) return
    await settleOutside(tx, call, proforma, 'slip', ref, at)
    const lines = receiptLines('1101:slip', proforma.customerId, proforma.totalRial)
    await post(tx, { key: `slip/${ref}`, at, description: 'bank slip', orderId: call.orderId, lines })
  }
}

/** Refund numbers at a bank must not meet those of payments. */
const refundOffset = 1_000_000_000n

/** A document's id is made from the call's key: the same call again finds it. */
const idOf = (call: Call) => call.key.replace(/[^A-Za-z0-9]+/g, '-')

async function daysOf(db: Db, productId: string): Promise<number> {
  const days = (await productById(db, productId))?.characteristics['days']
  return typeof days === 'number' ? days : 30
}

/** Money that came by another road than a gateway is an attempt all the same, so that its reference counts once (M10). Ends in DomainError `ReferenceUsed`. */
async function settleOutside(
  tx: Tx,
  call: Call,
  proforma: { id: string; totalRial: ReturnType<typeof rial>; customerId: string | null },
  gateway: string,
  ref: string,
  at: string,
): Promise<void> {
  const key = `${gateway}/${call.orderId}/${ref}`
  const attempt = await openAttempt(tx, {
    key,
    pathToken: key,
    gateway,
    amountRial: proforma.totalRial,
    orderId: call.orderId,
    invoiceId: proforma.id,
    customerId: proforma.customerId,
  })
  const claim = await claimBankRef(tx, { attemptId: attempt.id, bankRef: ref, at })
  if (claim === 'taken')
    throw new DomainError('ReferenceUsed', {
      en: `reference ${ref} was used before`,
      fa: `شماره پیگیری ${ref} پیش‌تر استفاده شده است`,
    })
  await markSettled(tx, attempt.id, at)
}

/** Dr receivable, Cr revenue and taxes; then the customer's wallet pays the receivable, and the invoice is no debt. */
async function postInvoice(tx: Tx, invoiceId: string, at: string): Promise<void> {
  const invoice = await invoiceById(tx, invoiceId)
  if (invoice === null) return
  const { orderId, totalRial, number: description, lines } = invoice
  const customerId = payerOf(invoice)
  const issued = invoiceLines({ customerId, lines })
  await post(tx, { key: `invoice/${invoiceId}`, at, description, orderId, lines: issued })
  if (totalRial > 0) {
    const paid = settleFromWalletLines(customerId, totalRial)
    await post(tx, { key: `invoice-paid/${invoiceId}`, at, description, orderId, lines: paid })
  }
  await markPaid(tx, invoiceId, at)
}

/** Takes an invoice back as a whole; what was paid on it becomes money of the customer's wallet. */
async function creditWhole(tx: Tx, invoiceId: string, at: string): Promise<void> {
  const key = `credit/${invoiceId}`
  const { invoice, created } = await creditNote(tx, {
    id: key.replace('/', '-'),
    key,
    invoiceId,
    issuedAt: at,
    lines: 'all',
  })
  const note = created ? await invoiceById(tx, invoice.id) : null
  if (note === null) return
  const { orderId, totalRial, number: description } = note
  const customerId = payerOf(note)
  const lines = creditNoteLines({ customerId, lines: note.lines })
  await post(tx, { key: `credit-note/${note.id}`, at, description, orderId, lines })
  if ((await invoiceById(tx, invoiceId))?.status !== 'paid') return
  const back = creditToWalletLines(customerId, totalRial)
  await post(tx, { key: `credit-note-paid/${note.id}`, at, description, orderId, lines: back })
}

/** Whose receivable a document is. Ends in DomainError `NobodyToPay`: a document without a customer cannot be booked. */
function payerOf({ customerId, number }: { customerId: string | null; number: string }): string {
  if (customerId !== null) return customerId
  throw new DomainError('NobodyToPay', { en: `${number} has no customer`, fa: `سند ${number} مشترکی ندارد` })
}

async function uncreditedInvoice(tx: Tx, orderId: string): Promise<string | undefined> {
  const invoices = await listInvoices(tx, { orderId, limit: 200 })
  const credited = new Set(invoices.filter(({ kind }) => kind === 'credit-note').map(({ correctsId }) => correctsId))
  return invoices.find(({ kind, id }) => kind === 'invoice' && !credited.has(id))?.id
}
