import { and, asc, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { Json } from '../domain/json.ts'
import type { Rial } from '../domain/money.ts'
import type { Queryable } from './client.ts'
import { paymentAttempts, unmatchedPayments } from './schema/payments.ts'
import { sqlStateOf } from './sql-state.ts'

export type PaymentAttempt = typeof paymentAttempts.$inferSelect
export type UnmatchedPayment = typeof unmatchedPayments.$inferSelect

/**
 * Opens an attempt to pay, before the gateway hears of it: amount and order come from this row ever after (M10). The same key
 * is the same attempt; with another amount it is DomainError `PaymentKeyReused`.
 */
export async function openAttempt(
  tx: Queryable,
  input: {
    key: string
    pathToken: string
    gateway: string
    amountRial: Rial
    orderId?: string | null
    invoiceId?: string | null
    customerId?: string | null
  },
): Promise<PaymentAttempt> {
  const [made] = await tx
    .insert(paymentAttempts)
    .values(input)
    .onConflictDoNothing({ target: paymentAttempts.key })
    .returning()
  if (made !== undefined) return made
  const [before] = await tx.select().from(paymentAttempts).where(eq(paymentAttempts.key, input.key))
  if (before?.amountRial !== input.amountRial || before.gateway !== input.gateway) {
    throw new DomainError('PaymentKeyReused', {
      fa: 'این کلید برای پرداخت دیگری به کار رفته است',
      en: `key ${input.key} belongs to another payment`,
    })
  }
  return before
}

/** Notes that the payer was sent to the gateway, with the gateway's token for it. */
export async function markSent(db: Queryable, id: number, gatewayToken: string, raw: Json = null): Promise<void> {
  await db
    .update(paymentAttempts)
    .set({ status: 'sent', gatewayToken, raw })
    .where(and(eq(paymentAttempts.id, id), eq(paymentAttempts.status, 'created')))
}

/**
 * Takes a verified bank reference for an attempt. `claimed`: this call took it; `already`: this attempt has it, nothing is to be
 * counted again; `taken`: another attempt has the reference, or this one another reference, and the money is for `recordUnmatched`.
 */
export async function claimBankRef(
  db: Queryable,
  claim: { attemptId: number; bankRef: string; at: string; raw?: Json },
): Promise<'claimed' | 'already' | 'taken'> {
  try {
    // In a transaction of its own or a savepoint: the unique index may refuse it, and the caller's must live on.
    return await db.transaction(async (tx) => {
      const claimed = await tx
        .update(paymentAttempts)
        .set({
          bankRef: claim.bankRef,
          verifiedAt: claim.at,
          status: 'verified',
          ...(claim.raw === undefined ? {} : { raw: claim.raw }),
        })
        .where(
          and(
            eq(paymentAttempts.id, claim.attemptId),
            isNull(paymentAttempts.bankRef),
            inArray(paymentAttempts.status, ['created', 'sent', 'failed']),
          ),
        )
        .returning({ id: paymentAttempts.id })
      if (claimed.length > 0) return 'claimed'
      return (await attemptById(tx, claim.attemptId))?.bankRef === claim.bankRef ? 'already' : 'taken'
    })
  } catch (fault) {
    if (sqlStateOf(fault) === '23505') return 'taken'
    throw fault
  }
}

/** Notes that the gateway pays a verified attempt out; a settled one stays so. */
export async function markSettled(db: Queryable, id: number, at: string): Promise<void> {
  await db
    .update(paymentAttempts)
    .set({ status: 'settled', settledAt: at })
    .where(and(eq(paymentAttempts.id, id), eq(paymentAttempts.status, 'verified')))
}

/** Closes an attempt that took no money (`failed`), or gave it back (`reversed`). Verified money is never marked as failed. */
export async function closeAttempt(
  db: Queryable,
  id: number,
  status: 'failed' | 'reversed',
  raw: Json = null,
): Promise<boolean> {
  const from: PaymentAttempt['status'][] =
    status === 'failed' ? ['created', 'sent'] : ['created', 'sent', 'verified', 'failed']
  const changed = await db
    .update(paymentAttempts)
    .set({ status, raw })
    .where(and(eq(paymentAttempts.id, id), inArray(paymentAttempts.status, from)))
    .returning({ id: paymentAttempts.id })
  return changed.length > 0
}

/** One attempt; null when there is none, or none in reach. */
export async function attemptById(db: Queryable, id: number): Promise<PaymentAttempt | null> {
  const [attempt] = await db.select().from(paymentAttempts).where(eq(paymentAttempts.id, id))
  return attempt ?? null
}

/** The attempt whose return address carries this token; null when there is none. */
export async function attemptByPathToken(db: Queryable, pathToken: string): Promise<PaymentAttempt | null> {
  const [attempt] = await db.select().from(paymentAttempts).where(eq(paymentAttempts.pathToken, pathToken))
  return attempt ?? null
}

/** Attempts of an order, oldest first, at most 200. */
export async function attemptsOf(db: Queryable, orderId: string): Promise<PaymentAttempt[]> {
  return db
    .select()
    .from(paymentAttempts)
    .where(eq(paymentAttempts.orderId, orderId))
    .orderBy(asc(paymentAttempts.id))
    .limit(200)
}

/** Attempts opened before an instant and neither settled nor closed: what the bank may have taken unseen (PG6). At most `limit`. */
export async function openAttempts(db: Queryable, before: string, limit = 100): Promise<PaymentAttempt[]> {
  return db
    .select()
    .from(paymentAttempts)
    .where(
      and(sql`${paymentAttempts.status} in ('created', 'sent', 'verified')`, lt(paymentAttempts.createdAt, before)),
    )
    .orderBy(asc(paymentAttempts.createdAt))
    .limit(limit)
}

/** Keeps verified money that fits nothing (M10), once for each gateway, reference and reason. Answers whether this call kept it. */
export async function recordUnmatched(
  tx: Queryable,
  money: Pick<UnmatchedPayment, 'id' | 'gateway' | 'bankRef' | 'amountRial' | 'reason'> &
    Partial<Pick<UnmatchedPayment, 'attemptId' | 'orderId' | 'customerId' | 'raw'>>,
): Promise<boolean> {
  const kept = await tx
    .insert(unmatchedPayments)
    .values(money)
    .onConflictDoNothing({ target: [unmatchedPayments.gateway, unmatchedPayments.bankRef, unmatchedPayments.reason] })
    .returning({ id: unmatchedPayments.id })
  return kept.length > 0
}

/** Unmatched money that nobody has settled yet, oldest first, at most 200. */
export async function openUnmatched(db: Queryable): Promise<UnmatchedPayment[]> {
  return db
    .select()
    .from(unmatchedPayments)
    .where(isNull(unmatchedPayments.resolvedAt))
    .orderBy(asc(unmatchedPayments.at))
    .limit(200)
}

/** Notes what was done with unmatched money; the first word stands. Answers whether this call was it. */
export async function resolveUnmatched(db: Queryable, id: string, at: string, resolution: string): Promise<boolean> {
  const resolved = await db
    .update(unmatchedPayments)
    .set({ resolvedAt: at, resolution })
    .where(and(eq(unmatchedPayments.id, id), isNull(unmatchedPayments.resolvedAt)))
    .returning({ id: unmatchedPayments.id })
  return resolved.length > 0
}

/** Rials that have come and are settled on a document, by whatever road. */
export async function settledOn(db: Queryable, invoiceId: string): Promise<number> {
  const [row] = await db
    .select({ sum: sql<number>`coalesce(sum(${paymentAttempts.amountRial}), 0)` })
    .from(paymentAttempts)
    .where(and(eq(paymentAttempts.invoiceId, invoiceId), eq(paymentAttempts.status, 'settled')))
  return Number(row?.sum ?? 0)
}
