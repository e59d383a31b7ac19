import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { Rial } from '../domain/money.ts'
import type { Queryable, Tx } from './client.ts'
import { type AccountKind, accounts, journalEntries, journalLines } from './schema/ledger.ts'

/** One line of an entry: an account of the chart (`1101:zarinpal`) with a debit or a credit. */
export type PostingLine = { account: string; currency?: string } & ({ debitRial: Rial } | { creditRial: Rial })

/** A journal entry. `key` makes it idempotent, `at` is an ISO instant. */
export interface Posting {
  key: string
  at: string
  description: string
  orderId?: string | null
  lines: PostingLine[]
}

/**
 * Posts a balanced entry; accounts come into being with their first line. The same key again is the same entry and answers
 * `posted: false`. Ends in DomainError `UnbalancedPosting` or `UnknownAccount`; the database refuses an unbalanced entry again
 * when the transaction ends.
 */
export async function post(tx: Tx, posting: Posting): Promise<{ posted: boolean }> {
  const lines = posting.lines
    .map((line) => ({
      accountId: line.account,
      debit: 'debitRial' in line ? line.debitRial : (0 as Rial),
      credit: 'creditRial' in line ? line.creditRial : (0 as Rial),
      currency: line.currency ?? 'IRR',
    }))
    .filter(({ debit, credit }) => debit !== 0 || credit !== 0)
  refuseUnbalanced(posting.key, lines)
  const [entry] = await tx
    .insert(journalEntries)
    .values({ key: posting.key, at: posting.at, description: posting.description, orderId: posting.orderId ?? null })
    .onConflictDoNothing({ target: journalEntries.key })
    .returning({ id: journalEntries.id })
  if (entry === undefined) return { posted: false }
  await tx
    .insert(accounts)
    .values(
      Array.from(new Set(lines.map(({ accountId }) => accountId)))
        .sort()
        .map((id) => ({ id, kind: kindOf(id) })),
    )
    .onConflictDoNothing()
  await tx.insert(journalLines).values(lines.map((line) => ({ ...line, entryId: entry.id })))
  return { posted: true }
}

/**
 * Posts an entry unless it would bring a wallet below its floor (M11): the account is locked until the transaction ends, so two
 * payments never spend the same money. Ends in DomainError `InsufficientFunds` besides those of `post`.
 */
export async function postWithin(
  tx: Tx,
  limit: { account: string; creditLimitRial: Rial },
  posting: Posting,
): Promise<{ posted: boolean }> {
  await tx
    .insert(accounts)
    .values({ id: limit.account, kind: kindOf(limit.account) })
    .onConflictDoNothing()
  await tx.select().from(accounts).where(eq(accounts.id, limit.account)).for('no key update')
  const result = await post(tx, posting)
  const balanceRial = await balanceOf(tx, limit.account)
  if (result.posted && balanceRial + limit.creditLimitRial < 0) {
    throw new DomainError('InsufficientFunds', {
      fa: 'اعتبار کافی نیست',
      en: `the balance of ${limit.account} is not enough`,
    })
  }
  return result
}

/** Balance of an account in Rial on its natural side: debits for assets and expenses, credits for liabilities and income. */
export async function balanceOf(db: Queryable, account: string, currency = 'IRR'): Promise<number> {
  const [row] = await db
    .select({ net: sql<number>`coalesce(sum(${journalLines.debit}) - sum(${journalLines.credit}), 0)` })
    .from(journalLines)
    .where(and(eq(journalLines.accountId, account), eq(journalLines.currency, currency)))
  const net = Number(row?.net ?? 0)
  return ['asset', 'expense'].includes(kindOf(account)) || net === 0 ? net : -net
}

/** Lines of an account, newest first, at most 200 before line `before`. */
export async function statementOf(
  db: Queryable,
  account: string,
  page: { before?: number; limit?: number } = {},
): Promise<
  { id: number; at: string; key: string; description: string; orderId: string | null; debit: Rial; credit: Rial }[]
> {
  return db
    .select({
      id: journalLines.id,
      at: journalEntries.at,
      key: journalEntries.key,
      description: journalEntries.description,
      orderId: journalEntries.orderId,
      debit: journalLines.debit,
      credit: journalLines.credit,
    })
    .from(journalLines)
    .innerJoin(journalEntries, eq(journalEntries.id, journalLines.entryId))
    .where(
      and(
        eq(journalLines.accountId, account),
        page.before === undefined ? undefined : lt(journalLines.id, page.before),
      ),
    )
    .orderBy(desc(journalLines.id))
    .limit(Math.min(page.limit ?? 50, 200))
}

/** Sum of all lines by currency, debits less credits: nothing but zeros, or the journal is broken. */
export async function trialBalance(db: Queryable): Promise<Record<string, number>> {
  const rows = await db
    .select({
      currency: journalLines.currency,
      net: sql<number>`sum(${journalLines.debit}) - sum(${journalLines.credit})`,
    })
    .from(journalLines)
    .groupBy(journalLines.currency)
  return Object.fromEntries(rows.map(({ currency, net }) => [currency, Number(net)]))
}

const kinds: Record<string, AccountKind> = { 1: 'asset', 2: 'liability', 4: 'income', 5: 'expense' }

function kindOf(account: string): AccountKind {
  const kind = kinds[account.slice(0, 1)]
  if (kind === undefined || !/^\d{4}(:.+)?$/.test(account)) {
    throw new DomainError('UnknownAccount', {
      fa: `حساب ${account} در کدینگ نیست`,
      en: `${account} is not in the chart of accounts`,
    })
  }
  return kind
}

function refuseUnbalanced(key: string, lines: { debit: number; credit: number; currency: string }[]): void {
  const sums = new Map<string, bigint>()
  for (const { debit, credit, currency } of lines) {
    sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(debit) - BigInt(credit))
  }
  if (lines.length < 2 || Array.from(sums.values()).some((sum) => sum !== 0n)) {
    throw new DomainError('UnbalancedPosting', { fa: `سند ${key} تراز نیست`, en: `entry ${key} does not balance` })
  }
}
