import { sql } from 'drizzle-orm'
import { bigint, bigserial, check, index, pgTable, text } from 'drizzle-orm/pg-core'
import { instant, rialColumn } from '../columns.ts'
import { orders } from './orders.ts'

export type AccountKind = 'asset' | 'liability' | 'income' | 'expense'

/** Accounts of the chart, `1101:zarinpal`, `2100:<customer>`: the first digit says the kind. */
export const accounts = pgTable(
  'accounts',
  {
    id: text('id').primaryKey(),
    kind: text('kind').$type<AccountKind>().notNull(),
  },
  (t) => [check('accounts_kind', sql`${t.kind} in ('asset', 'liability', 'income', 'expense')`)],
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
  },
  (t) => [index('journal_entries_order').on(t.orderId), index('journal_entries_at').on(t.at)],
)

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
    currency: text('currency').notNull().default('IRR'),
  },
  (t) => [
    index('journal_lines_entry').on(t.entryId),
    index('journal_lines_account').on(t.accountId, t.id),
    check(
      'journal_lines_one_side',
      sql`${t.debit} >= 0 and ${t.credit} >= 0 and (${t.debit} = 0) <> (${t.credit} = 0)`,
    ),
  ],
)
