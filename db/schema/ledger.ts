import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  bigserial,
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { instant, rialColumn } from '../columns.ts'
import { type AccountKind, chartAccounts } from './chart.ts'
import { currencies } from './currencies.ts'
import { customers } from './customers.ts'
import { orders } from './orders.ts'
import { partners } from './partners.ts'

export type HoldStatus = 'pending' | 'posted' | 'void' | 'expired'

/** Accounts that have lines, `1101:zarinpal`, `2100:<customer>`: a code of the chart, and whose it is. */
export const accounts = pgTable(
  'accounts',
  {
    id: text('id').primaryKey(),
    kind: text('kind').$type<AccountKind>().notNull(),
    code: text('code')
      .notNull()
      .references(() => chartAccounts.code),
    customerId: text('customer_id').references(() => customers.id),
    partnerId: text('partner_id').references(() => partners.id),
  },
  (t) => [
    index('accounts_code').on(t.code),
    index('accounts_customer').on(t.customerId),
    index('accounts_partner').on(t.partnerId),
    check('accounts_kind', sql`${t.kind} in ('asset', 'liability', 'income', 'expense')`),
  ],
)

/**
 * What the lines of an account come to, kept by triggers. Accounts of customers and partners have one row, so that their lines
 * follow one another; others are spread over rows, so that postings do not wait for each other.
 */
export const accountBalances = pgTable(
  'account_balances',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    currency: text('currency')
      .notNull()
      .references(() => currencies.code),
    stripe: integer('stripe').notNull(),
    /** On the natural side of the account. */
    posted: rialColumn('posted').notNull(),
    held: rialColumn('held').notNull(),
    creditLimit: rialColumn('credit_limit').notNull(),
    lines: bigint('lines', { mode: 'number' }).notNull(),
    bounded: boolean('bounded').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.currency, t.stripe] }),
    check('account_balances_within', sql`not ${t.bounded} or ${t.posted} - ${t.held} + ${t.creditLimit} >= 0`),
    check('account_balances_signs', sql`${t.held} >= 0 and ${t.creditLimit} >= 0`),
  ],
)

/** Journal: append-only; the database refuses an entry that does not balance in each currency. */
export const journalEntries = pgTable(
  'journal_entries',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    key: text('key').notNull().unique('journal_entries_key'),
    at: instant('at').notNull(),
    description: text('description').notNull(),
    orderId: text('order_id').references(() => orders.id),
    actor: text('actor'),
    /** Digest of the lines: the same key with other lines is refused. */
    digest: text('digest'),
    /** The entry that this one takes back; each is taken back once. */
    reversesId: bigint('reverses_id', { mode: 'number' }).references((): AnyPgColumn => journalEntries.id),
  },
  (t) => [
    index('journal_entries_order').on(t.orderId),
    index('journal_entries_at').on(t.at, t.id),
    uniqueIndex('journal_entries_reverses').on(t.reversesId).where(sql`${t.reversesId} is not null`),
  ],
)

/** `id` is given under the lock of the account where it has one balance row: there the order of ids is the order of balances. */
export const journalLines = pgTable(
  'journal_lines',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    entryId: bigint('entry_id', { mode: 'number' })
      .notNull()
      .references(() => journalEntries.id),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    debit: rialColumn('debit').notNull(),
    credit: rialColumn('credit').notNull(),
    currency: text('currency')
      .notNull()
      .default('IRR')
      .references(() => currencies.code),
    /** Place among the lines of the account without gaps, and the balance after it; null for accounts that are spread. */
    seq: bigint('seq', { mode: 'number' }),
    balanceAfter: rialColumn('balance_after'),
  },
  (t) => [
    index('journal_lines_entry').on(t.entryId),
    index('journal_lines_account').on(t.accountId, t.currency, t.id),
    check(
      'journal_lines_one_side',
      sql`${t.debit} >= 0 and ${t.credit} >= 0 and (${t.debit} = 0) <> (${t.credit} = 0)`,
    ),
  ],
)

/** Money set aside in two phases: pending, then posted, void or expired. Only pending ones count against the account. */
export const holds = pgTable(
  'holds',
  {
    id: text('id').primaryKey(),
    key: text('key').notNull().unique('holds_key'),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    currency: text('currency')
      .notNull()
      .default('IRR')
      .references(() => currencies.code),
    amount: rialColumn('amount').notNull(),
    status: text('status').$type<HoldStatus>().notNull().default('pending'),
    reason: text('reason').notNull(),
    orderId: text('order_id').references(() => orders.id),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    endedAt: instant('ended_at'),
    entryId: bigint('entry_id', { mode: 'number' }).references(() => journalEntries.id),
  },
  (t) => [
    index('holds_account').on(t.accountId, t.createdAt),
    index('holds_order').on(t.orderId).where(sql`${t.orderId} is not null`),
    index('holds_entry').on(t.entryId).where(sql`${t.entryId} is not null`),
    index('holds_pending').on(t.expiresAt).where(sql`${t.status} = 'pending'`),
    check('holds_amount', sql`${t.amount} > 0`),
    check('holds_status', sql`${t.status} in ('pending', 'posted', 'void', 'expired')`),
  ],
)
