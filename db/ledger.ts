import { and, asc, desc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { PostingLine } from '../domain/postings.ts'
import type { Queryable, Tx } from './client.ts'
import { accountBalances, journalEntries, journalLines } from './schema/ledger.ts'
import { textArray } from './scope.ts'
import { constraintOf, sqlStateOf } from './sql-state.ts'

export type JournalEntry = Pick<
  typeof journalEntries.$inferSelect,
  'id' | 'key' | 'at' | 'description' | 'orderId' | 'actor' | 'reversesId'
>
export type JournalLine = typeof journalLines.$inferSelect

/** A journal entry. `key` makes it idempotent, `at` is an ISO instant, `actor` the person who wished it. */
export interface Posting {
  key: string
  at: string
  description: string
  orderId?: string | null
  actor?: string | null
  reversesId?: number
  lines: PostingLine[]
}

/**
 * Posts a balanced entry; accounts come into being with their first line. The same key again is the same entry and answers
 * `posted: false`. Ends in DomainError `UnbalancedPosting`, `UnknownAccount`, `PostingKeyReused` or `InsufficientFunds` (M11: a
 * bounded account never goes below its credit limit, checked by the database with the account locked). A refusal ends the
 * transaction.
 */
export async function post(tx: Tx, posting: Posting): Promise<{ posted: boolean; entryId: number | null }> {
  const lines = posting.lines
    .map((line) => ({
      account: line.account,
      debit: 'debitRial' in line ? line.debitRial : 0,
      credit: 'creditRial' in line ? line.creditRial : 0,
      currency: line.currency ?? 'IRR',
    }))
    .filter(({ debit, credit }) => debit !== 0 || credit !== 0)
  refuseUnbalanced(posting.key, lines)
  const { key, at, description, orderId = null, actor = null, reversesId = null } = posting
  const [row] = await tx
    .execute<{ id: number | null }>(
      sql`select post_entry(${key}, ${at}::timestamptz, ${description}, ${orderId}, ${actor}, ${reversesId}::bigint, ${JSON.stringify(lines)}::text::jsonb) as id`,
    )
    .catch((fault: unknown) => {
      throw ledgerFault(fault)
    })
  return { posted: row?.id != null, entryId: row?.id ?? null }
}

/**
 * Takes an entry back by its mirror image; an entry is taken back once. Ends in DomainError `NoSuchEntry`, `AlreadyReversed`
 * or `InsufficientFunds`.
 */
export async function reverseEntry(
  tx: Tx,
  entryId: number,
  by: { key: string; at: string; actor: string; description: string },
): Promise<{ posted: boolean; entryId: number | null }> {
  const [entry] = await tx.select().from(journalEntries).where(eq(journalEntries.id, entryId)).for('no key update')
  if (entry === undefined) throw noEntry(entryId)
  const [earlier] = await tx.select().from(journalEntries).where(eq(journalEntries.reversesId, entryId))
  if (earlier !== undefined && earlier.key !== by.key)
    throw new DomainError('AlreadyReversed', {
      fa: `سند ${entryId} پیش‌تر برگشت خورده است`,
      en: `entry ${entryId} was reversed before`,
    })
  const lines = await tx.select().from(journalLines).where(eq(journalLines.entryId, entryId)).orderBy(journalLines.id)
  return post(tx, {
    ...by,
    orderId: entry.orderId,
    reversesId: entryId,
    lines: lines.map(({ accountId: account, currency, debit, credit }) =>
      debit === 0 ? { account, currency, debitRial: credit } : { account, currency, creditRial: debit },
    ),
  })
}

/** Balance of an account in minor units on its natural side: debits for assets and expenses, credits for liabilities and income. */
export async function balanceOf(db: Queryable, account: string, currency = 'IRR'): Promise<number> {
  const [row] = await db
    .select({ posted: sql<number>`coalesce(sum(${accountBalances.posted}), 0)` })
    .from(accountBalances)
    .where(and(eq(accountBalances.accountId, account), eq(accountBalances.currency, currency)))
  return Number(row?.posted ?? 0)
}

export interface StatementLine {
  id: number
  entryId: number
  at: string
  key: string
  description: string
  orderId: string | null
  debit: number
  credit: number
  balanceAfter: number
}

/**
 * Lines of an account in one currency, newest first, at most 200 before line `before`, each with the balance after it: the oldest
 * begins at 0, every next one adds itself, and the newest of all ends at the balance.
 */
export async function statementOf(
  db: Queryable,
  account: string,
  page: { currency?: string; before?: number; limit?: number } = {},
): Promise<StatementLine[]> {
  const { currency = 'IRR', before, limit = 50 } = page
  // Where lines carry no balance of their own it is the present one less all that came later, read in one snapshot.
  const rows = await db.execute<{ [K in keyof StatementLine]: StatementLine[K] }>(sql`
    with page as (
      select l.*, case when a.kind in ('asset', 'expense') then l.debit - l.credit else l.credit - l.debit end as delta
        from journal_lines l join accounts a on a.id = l.account_id
       where l.account_id = ${account} and l.currency = ${currency} and (${before ?? null}::bigint is null or l.id < ${before ?? null}::bigint)
       order by l.id desc limit ${Math.min(limit, 200)}),
    top as (
      select coalesce((select sum(posted) from account_balances where account_id = ${account} and currency = ${currency}), 0)
        - coalesce((select sum(case when a.kind in ('asset', 'expense') then l.debit - l.credit else l.credit - l.debit end)
                      from journal_lines l join accounts a on a.id = l.account_id
                     where l.account_id = ${account} and l.currency = ${currency} and l.id >= ${before ?? null}::bigint), 0) as balance)
    select page.id, page.entry_id as "entryId", e.at, e.key, e.description, e.order_id as "orderId", page.debit, page.credit,
           coalesce(page.balance_after, top.balance - coalesce(sum(delta) over (order by page.id desc
             rows between unbounded preceding and 1 preceding), 0)) as "balanceAfter"
      from page cross join top join journal_entries e on e.id = page.entry_id order by page.id desc`)
  return rows.map((row) => ({ ...row, at: new Date(row.at).toISOString(), balanceAfter: Number(row.balanceAfter) }))
}

/** Entries in reach with their lines, newest first, at most 200 before entry `before`; of an order, an account or a time when given. */
export async function listEntries(
  db: Queryable,
  query: { account?: string; orderId?: string; from?: string; to?: string; before?: number; limit?: number },
): Promise<(JournalEntry & { lines: JournalLine[] })[]> {
  const { account, orderId, from, to, before, limit = 50 } = query
  const conditions: (SQL | undefined)[] = [
    orderId === undefined ? undefined : eq(journalEntries.orderId, orderId),
    from === undefined ? undefined : sql`${journalEntries.at} >= ${from}::timestamptz`,
    to === undefined ? undefined : sql`${journalEntries.at} < ${to}::timestamptz`,
    before === undefined ? undefined : lt(journalEntries.id, before),
    account === undefined
      ? undefined
      : sql`exists (select 1 from journal_lines l where l.entry_id = ${journalEntries.id} and l.account_id = ${account})`,
  ]
  const entries = await db
    .select()
    .from(journalEntries)
    .where(and(...conditions))
    .orderBy(desc(journalEntries.id))
    .limit(Math.min(limit, 200))
  return withLines(db, entries)
}

/** One entry with its lines; null when there is none, or none in reach. */
export async function entryById(db: Queryable, id: number): Promise<(JournalEntry & { lines: JournalLine[] }) | null> {
  const [entry] = await withLines(db, await db.select().from(journalEntries).where(eq(journalEntries.id, id)))
  return entry ?? null
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

/** Accounts whose stored balances, places or holds differ from what the lines come to; none when the book is whole. */
export async function verifyLedger(db: Queryable): Promise<{ accountId: string; currency: string; fault: string }[]> {
  return db.execute<{ accountId: string; currency: string; fault: string }>(
    sql`select account_id as "accountId", currency, fault from verify_ledger() limit 1000`,
  )
}

/**
 * Locks the people of accounts until the transaction ends, in the order in which entries lock them: whoever locks first what he
 * will post to later never waits in a ring.
 */
export async function lockPeople(tx: Tx, accountIds: readonly string[]): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('ledger:' || person, 0)) from (
    select distinct substr(a, 6) as person from unnest(${textArray(accountIds)}::text[]) as a where a like '____:%' order by 1) as p`)
}

/** A refusal of the database as the rule that it breaks; any other error as it is. */
export function ledgerFault(fault: unknown): unknown {
  const text = fault instanceof Error && fault.cause instanceof Error ? fault.cause.message : String(fault)
  switch (sqlStateOf(fault)) {
    case 'SF007':
      return new DomainError('UnknownAccount', { fa: `حساب در کدینگ نیست: ${text}`, en: text })
    case 'SF008':
      return new DomainError('PostingKeyReused', {
        fa: 'این کلید برای سند دیگری به کار رفته است',
        en: text,
      })
    case '23514':
      return constraintOf(fault) === 'account_balances_within'
        ? new DomainError('InsufficientFunds', { fa: 'مانده یا اعتبار کافی نیست', en: 'the balance is not enough' })
        : fault
    default:
      return fault
  }
}

async function withLines<T extends { id: number }>(
  db: Queryable,
  entries: T[],
): Promise<(T & { lines: JournalLine[] })[]> {
  if (entries.length === 0) return []
  const ids = entries.map(({ id }) => id)
  const lines = await db
    .select()
    .from(journalLines)
    .where(inArray(journalLines.entryId, ids))
    .orderBy(asc(journalLines.id))
  return entries.map((entry) => ({ ...entry, lines: lines.filter(({ entryId }) => entryId === entry.id) }))
}

function refuseUnbalanced(key: string, lines: { debit: number; credit: number; currency: string }[]): void {
  const sums = new Map<string, bigint>()
  for (const { debit, credit, currency } of lines) {
    sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(debit) - BigInt(credit))
  }
  const negative = lines.some(({ debit, credit }) => debit < 0 || credit < 0)
  if (lines.length < 2 || negative || Array.from(sums.values()).some((sum) => sum !== 0n)) {
    throw new DomainError('UnbalancedPosting', { fa: `سند ${key} تراز نیست`, en: `entry ${key} does not balance` })
  }
}

const noEntry = (id: number) =>
  new DomainError('NoSuchEntry', { fa: `سند ${id} یافت نشد`, en: `there is no entry ${id}` })
