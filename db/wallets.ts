import { and, eq, sql } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { Rial } from '../domain/money.ts'
import type { Queryable, Tx } from './client.ts'
import { accountBalances, accounts } from './schema/ledger.ts'
import { sqlStateOf } from './sql-state.ts'

/** An account of a customer or partner in one currency: available = posted − held + credit limit (M11), in minor units. */
export interface Wallet {
  id: string
  currency: string
  customerId: string | null
  partnerId: string | null
  posted: Rial
  held: Rial
  creditLimit: Rial
  available: number
}

/** The balances of an account of a person, by currency; none when it has no lines, or is out of reach. */
export async function walletsOf(db: Queryable, account: string): Promise<Wallet[]> {
  const rows = await db
    .select({
      id: accounts.id,
      currency: accountBalances.currency,
      customerId: accounts.customerId,
      partnerId: accounts.partnerId,
      posted: accountBalances.posted,
      held: accountBalances.held,
      creditLimit: accountBalances.creditLimit,
    })
    .from(accountBalances)
    .innerJoin(accounts, eq(accounts.id, accountBalances.accountId))
    .where(and(eq(accountBalances.accountId, account), eq(accountBalances.stripe, 0)))
    .orderBy(accountBalances.currency)
  return rows.map((row) => ({ ...row, available: row.posted - row.held + row.creditLimit }))
}

/** What an account can still give, in Rial: 0 when it has never been used. */
export async function availableOf(db: Queryable, account: string): Promise<number> {
  return (await walletsOf(db, account)).find(({ currency }) => currency === 'IRR')?.available ?? 0
}

/** Sets how far an account may go below zero. Ends in DomainError `UnknownAccount`, or `LimitInUse` where more is used already. */
export async function setCreditLimit(
  tx: Tx,
  account: string,
  creditLimit: Rial,
  currency = 'IRR',
): Promise<{ before: Rial }> {
  try {
    await openWallet(tx, account, currency)
    const found = and(
      eq(accountBalances.accountId, account),
      eq(accountBalances.currency, currency),
      eq(accountBalances.stripe, 0),
    )
    const [row] = await tx.select().from(accountBalances).where(found).for('update')
    if (row === undefined || !row.bounded) throw noWallet(account)
    await tx.update(accountBalances).set({ creditLimit }).where(found)
    return { before: row.creditLimit }
  } catch (fault) {
    if (sqlStateOf(fault) === 'SF007') throw noWallet(account)
    if (sqlStateOf(fault) !== '23514') throw fault
    throw new DomainError('LimitInUse', {
      fa: 'بیش از این سقف پیش‌تر استفاده شده است',
      en: 'more than this limit is used already',
    })
  }
}

/** Brings an account of a person into being with a balance of 0. The database ends in SF007 where the chart or the person is not there. */
export async function openWallet(tx: Tx, account: string, currency = 'IRR'): Promise<void> {
  await tx.execute(sql`select open_account(${account})`)
  const [row] = await tx.select().from(accounts).where(eq(accounts.id, account))
  if (row === undefined || (row.customerId === null && row.partnerId === null)) throw noWallet(account)
  await tx.execute(sql`select touch_balance(a, ${currency}, 0) from accounts a where a.id = ${account}`)
}

const noWallet = (account: string) =>
  new DomainError('UnknownAccount', { fa: `بانک مجازی ${account} نیست`, en: `${account} is no wallet` })
