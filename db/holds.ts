import { and, desc, eq, inArray, lte } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { Rial } from '../domain/money.ts'
import type { PostingLine } from '../domain/postings.ts'
import type { Queryable, Tx } from './client.ts'
import { ledgerFault, lockPeople, post } from './ledger.ts'
import { holds } from './schema/ledger.ts'
import { openWallet } from './wallets.ts'

export type Hold = typeof holds.$inferSelect

/**
 * Sets money of a wallet aside until `expiresAt` (ISO), within its credit limit (M11). The same key again is the same hold.
 * Ends in DomainError `InsufficientFunds`, `UnknownAccount` or `HoldKeyReused`.
 */
export async function placeHold(
  tx: Tx,
  input: {
    id: string
    key: string
    account: string
    amount: Rial
    reason: string
    at: string
    expiresAt: string
    currency?: string
    orderId?: string | null
  },
): Promise<{ hold: Hold; created: boolean }> {
  const { account, at, currency = 'IRR', ...columns } = input
  await lockPeople(tx, [account])
  await openWallet(tx, account, currency).catch((fault: unknown) => {
    throw ledgerFault(fault)
  })
  await endExpired(tx, at, account)
  const [before] = await tx.select().from(holds).where(eq(holds.key, input.key))
  if (before !== undefined) return { hold: sameHold(before, input), created: false }
  const [hold] = await tx
    .insert(holds)
    .values({ ...columns, currency, accountId: account, createdAt: at })
    .returning()
    .catch((fault: unknown) => {
      throw ledgerFault(fault)
    })
  if (hold === undefined) throw new Error('the hold was not written')
  return { hold, created: true }
}

/**
 * Takes held money, all or a part, by an entry whose lines debit the wallet with it; the rest is free again. A hold that was posted
 * before stays as it is. Ends in DomainError `HoldEnded`, and those of `post`; a debit beyond the hold is refused by the database.
 */
export async function postHold(
  tx: Tx,
  id: string,
  posting: { at: string; description: string; actor?: string; lines: PostingLine[] },
): Promise<Hold> {
  const hold = await locked(tx, id, posting.lines)
  if (hold.status === 'posted') return hold
  if (hold.status !== 'pending') throw ended(hold)
  await tx.update(holds).set({ status: 'posted', endedAt: posting.at }).where(eq(holds.id, id))
  const { entryId } = await post(tx, { ...posting, key: `hold/${hold.key}`, orderId: hold.orderId })
  await tx.update(holds).set({ entryId }).where(eq(holds.id, id))
  return { ...hold, status: 'posted', endedAt: posting.at, entryId }
}

/** Frees held money; a hold that is void or expired stays so. Ends in DomainError `HoldEnded` for one that was posted. */
export async function voidHold(tx: Tx, id: string, at: string): Promise<Hold> {
  const hold = await locked(tx, id)
  if (hold.status === 'posted') throw ended(hold)
  if (hold.status !== 'pending') return hold
  await tx.update(holds).set({ status: 'void', endedAt: at }).where(eq(holds.id, id))
  return { ...hold, status: 'void', endedAt: at }
}

/** Frees at most `limit` holds whose time is over at an instant; answers how many. A later call goes on. */
export async function expireHolds(tx: Tx, at: string, limit = 200): Promise<number> {
  const due = and(eq(holds.status, 'pending'), lte(holds.expiresAt, at))
  const found = await tx.select({ id: holds.id, account: holds.accountId }).from(holds).where(due).limit(limit)
  await lockPeople(
    tx,
    found.map(({ account }) => account),
  )
  const ids = found.map(({ id }) => id)
  const expired = await tx
    .update(holds)
    .set({ status: 'expired', endedAt: at })
    .where(and(due, inArray(holds.id, ids)))
    .returning({ id: holds.id })
  return expired.length
}

/** Holds of an account, newest first, at most 200. */
export async function holdsOf(db: Queryable, account: string, status?: Hold['status']): Promise<Hold[]> {
  return db
    .select()
    .from(holds)
    .where(and(eq(holds.accountId, account), status === undefined ? undefined : eq(holds.status, status)))
    .orderBy(desc(holds.createdAt), desc(holds.id))
    .limit(200)
}

/** An account that asks for a hold gets back first what has expired on it: nobody is refused for the sake of a late sweep. */
async function endExpired(tx: Tx, at: string, account: string): Promise<void> {
  await tx
    .update(holds)
    .set({ status: 'expired', endedAt: at })
    .where(and(eq(holds.accountId, account), eq(holds.status, 'pending'), lte(holds.expiresAt, at)))
}

async function locked(tx: Tx, id: string, lines: readonly PostingLine[] = []): Promise<Hold> {
  const found = eq(holds.id, id)
  const [seen] = await tx.select({ account: holds.accountId }).from(holds).where(found)
  if (seen !== undefined) await lockPeople(tx, [seen.account, ...lines.map(({ account }) => account)])
  const [hold] = await tx.select().from(holds).where(found).for('update')
  if (hold === undefined)
    throw new DomainError('NoSuchHold', { fa: `مسدودی ${id} یافت نشد`, en: `there is no hold ${id}` })
  return hold
}

function sameHold(hold: Hold, wished: { account: string; amount: Rial }): Hold {
  if (hold.accountId === wished.account && hold.amount === wished.amount) return hold
  throw new DomainError('HoldKeyReused', {
    fa: 'این کلید برای مسدودی دیگری به کار رفته است',
    en: `key ${hold.key} belongs to another hold`,
  })
}

const ended = ({ id, status }: Hold) =>
  new DomainError('HoldEnded', { fa: `مسدودی ${id} پایان یافته است`, en: `hold ${id} is ${status}` })
