import { sql } from 'drizzle-orm'
import { boolean, check, pgTable, text } from 'drizzle-orm/pg-core'

export type AccountKind = 'asset' | 'liability' | 'income' | 'expense'
export type AccountParty = 'none' | 'customer' | 'partner' | 'terminal' | 'code'

/** The chart of accounts, which a company changes. `bounded`: no account of the code goes below its credit limit (M11). */
export const chartAccounts = pgTable(
  'chart_accounts',
  {
    code: text('code').primaryKey(),
    kind: text('kind').$type<AccountKind>().notNull(),
    /** Whose name follows the code: `2100:<customer>`. */
    party: text('party').$type<AccountParty>().notNull().default('none'),
    bounded: boolean('bounded').notNull().default(false),
    labelFa: text('label_fa').notNull(),
    labelEn: text('label_en').notNull(),
    active: boolean('active').notNull().default(true),
  },
  (t) => [
    check('chart_accounts_code', sql`${t.code} ~ '^[0-9]{4}$'`),
    check('chart_accounts_kind', sql`${t.kind} in ('asset', 'liability', 'income', 'expense')`),
    check('chart_accounts_party', sql`${t.party} in ('none', 'customer', 'partner', 'terminal', 'code')`),
  ],
)
