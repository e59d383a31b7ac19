import type { Db } from '../db/client.ts'
import { invoiceById } from '../db/invoices.ts'
import { post } from '../db/ledger.ts'
import { orderById } from '../db/orders.ts'
import { enqueue } from '../db/outbox.ts'
import {
  attemptById,
  attemptsOf,
  claimBankRef,
  closeAttempt,
  markSettled,
  type PaymentAttempt,
  recordUnmatched,
} from '../db/payments.ts'
import { DomainError } from '../domain/errors.ts'
import { receiptLines } from '../domain/postings.ts'
import type { PaymentGateway, StoredAttempt } from '../gateways/payment/port.ts'
import { failing, notYet } from './failure.ts'

type Named = { attemptId: string }

/** Steps of one attempt to pay. Amount and order come from our own row; a callback is never believed (M10). */
export function createPaymentActivities({
  db,
  payments,
  now,
}: {
  db: Db
  payments: Record<string, PaymentGateway>
  now: () => number
}) {
  const isoNow = () => new Date(now()).toISOString()

  async function load({ attemptId }: Named): Promise<{ attempt: PaymentAttempt; gateway: PaymentGateway }> {
    const attempt = await attemptById(db, Number(attemptId))
    const gateway = attempt === null ? undefined : payments[attempt.gateway]
    if (attempt === null || gateway === undefined)
      throw new DomainError('NoSuchAttempt', {
        en: `there is no attempt ${attemptId}`,
        fa: `پرداخت ${attemptId} یافت نشد`,
      })
    return { attempt, gateway }
  }

  return failing({
    /** Asks the bank. `notPaid` is a definite no; a lost or unclear answer is `unknown`, and asked again by the workflow. */
    async 'payment.verify'({
      attemptId,
      callback,
    }: Named & { callback: Record<string, string> | null }): Promise<{ outcome: 'paid' | 'notPaid' | 'unknown' }> {
      const { attempt, gateway } = await load({ attemptId })
      if (attempt.status === 'verified' || attempt.status === 'settled') return { outcome: 'paid' }
      const told = callback === null ? undefined : gateway.parseCallback(gateway.caps.callbackMethod, callback)
      if (told === undefined && gateway.inquire !== undefined) {
        const state = await gateway.inquire(stored(attempt))
        if (state !== 'paid' && state !== 'verified')
          return { outcome: state === 'failed' || state === 'reversed' ? 'notPaid' : 'unknown' }
      } else if (told === undefined) return { outcome: 'unknown' }
      const result = await gateway.verify(stored(attempt), told)
      switch (result.outcome) {
        case 'paid':
        case 'already': {
          const claim = await claimBankRef(db, { attemptId: attempt.id, bankRef: result.bankRef, at: isoNow() })
          if (claim !== 'taken') return { outcome: 'paid' }
          await unmatched(attempt, result.bankRef, 'duplicate')
          return { outcome: 'notPaid' }
        }
        case 'not-paid':
        case 'mismatch':
          return { outcome: 'notPaid' }
        case 'unknown':
          return { outcome: 'unknown' }
        default:
          return result satisfies never
      }
    },

    async 'payment.settle'(named: Named): Promise<null> {
      const { attempt, gateway } = await load(named)
      if (attempt.status === 'settled') return null
      const result = await gateway.settle?.(stored(attempt))
      if (result?.outcome === 'unknown') throw notYet('the bank has not said whether it settled')
      if (result?.outcome === 'not-paid' || result?.outcome === 'mismatch')
        throw new DomainError('NotSettled', {
          en: `the bank did not settle: ${result.detail}`,
          fa: 'بانک تسویه را نپذیرفت',
        })
      return null
    },

    /**
     * Books the money once: bank against the customer's wallet. If it fits an open document of the order, the order is
     * told in the same transaction; if it is late, a second payment or of nobody, it stays in the wallet and is reported.
     */
    async 'payment.book'(named: Named): Promise<{ outcome: 'booked' | 'unmatched' }> {
      const { attempt } = await load(named)
      const { amountRial, gateway, customerId, orderId, invoiceId, bankRef } = attempt
      if (bankRef === null)
        throw new DomainError('NotVerified', { en: 'the attempt is not verified', fa: 'این پرداخت تأیید نشده است' })
      const at = isoNow()
      return db.transaction(async (tx) => {
        await markSettled(tx, attempt.id, at)
        const lines = receiptLines(`1101:${gateway}`, customerId, amountRial)
        await post(tx, { key: `pay/${gateway}/${bankRef}`, at, description: `${gateway} ${bankRef}`, orderId, lines })
        const document = invoiceId === null ? null : await invoiceById(tx, invoiceId)
        const order = orderId === null ? null : await orderById(tx, orderId)
        const earlier =
          orderId === null
            ? []
            : (await attemptsOf(tx, orderId)).filter(
                (a) => a.invoiceId === invoiceId && a.id !== attempt.id && a.status === 'settled',
              )
        if (order === null || document?.status !== 'open' || earlier.length > 0 || order.status === 'ended') {
          const reason = earlier.length > 0 ? 'duplicate' : document === null ? 'unknown' : 'late'
          await recordUnmatched(tx, {
            id: `${gateway}/${bankRef}`,
            gateway,
            bankRef,
            amountRial,
            reason,
            attemptId: attempt.id,
            orderId,
            customerId,
          })
          return { outcome: 'unmatched' as const }
        }
        const payload = { ref: bankRef, amountRial }
        await enqueue(tx, order.id, [
          {
            key: `paid/${gateway}/${bankRef}`,
            kind: 'signal',
            workflowId: order.workflowId,
            event: 'PAYMENT_CONFIRMED',
            payload,
          },
        ])
        return { outcome: 'booked' as const }
      })
    },

    async 'payment.close'({ attemptId, status }: Named & { status: 'failed' | 'expired' }): Promise<null> {
      await closeAttempt(db, Number(attemptId), 'failed', { status })
      return null
    },
  })

  async function unmatched(attempt: PaymentAttempt, bankRef: string, reason: 'duplicate'): Promise<void> {
    const { gateway, amountRial, orderId, customerId, id: attemptId } = attempt
    await recordUnmatched(db, {
      id: `${gateway}/${bankRef}/${attemptId}`,
      gateway,
      bankRef,
      amountRial,
      reason,
      attemptId,
      orderId,
      customerId,
    })
  }
}

const stored = (attempt: PaymentAttempt): StoredAttempt => ({
  attemptId: BigInt(attempt.id),
  token: attempt.gatewayToken ?? '',
  amountRial: BigInt(attempt.amountRial),
  bankRef: attempt.bankRef ?? undefined,
})
