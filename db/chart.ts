import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Queryable } from './client.ts'
import { chartAccounts } from './schema/chart.ts'
import { accountBalances, accounts } from './schema/ledger.ts'

export type ChartAccount = typeof chartAccounts.$inferSelect

/** The chart of accounts with what stands on each code in Rial, on its natural side; only what is in reach counts. */
export async function chartWithBalances(db: Queryable): Promise<(ChartAccount & { balanceRial: number })[]> {
  const rows = await db
    .select({ chart: chartAccounts, balanceRial: sql<number>`coalesce(sum(${accountBalances.posted}), 0)` })
    .from(chartAccounts)
    .leftJoin(accounts, eq(accounts.code, chartAccounts.code))
    .leftJoin(accountBalances, and(eq(accountBalances.accountId, accounts.id), eq(accountBalances.currency, 'IRR')))
    .groupBy(chartAccounts.code)
    .orderBy(asc(chartAccounts.code))
    .limit(1000)
  return rows.map(({ chart, balanceRial }) => ({ ...chart, balanceRial: Number(balanceRial) }))
}

/** Accounts of a code with their balances by currency, by id after `after`, at most 200; only those in reach. */
export async function accountsOf(
  db: Queryable,
  query: { code: string; after?: string; limit?: number },
): Promise<{ id: string; currency: string; posted: number; held: number; creditLimit: number }[]> {
  const rows = await db
    .select({
      id: accounts.id,
      currency: accountBalances.currency,
      posted: sql<number>`sum(${accountBalances.posted})`,
      held: sql<number>`sum(${accountBalances.held})`,
      creditLimit: sql<number>`sum(${accountBalances.creditLimit})`,
    })
    .from(accounts)
    .innerJoin(accountBalances, eq(accountBalances.accountId, accounts.id))
    .where(and(eq(accounts.code, query.code), query.after === undefined ? undefined : gt(accounts.id, query.after)))
    .groupBy(accounts.id, accountBalances.currency)
    .orderBy(asc(accounts.id), asc(accountBalances.currency))
    .limit(Math.min(query.limit ?? 50, 200))
  return rows.map((row) => ({
    ...row,
    posted: Number(row.posted),
    held: Number(row.held),
    creditLimit: Number(row.creditLimit),
  }))
}

/**
 * Adds a code to the chart, or changes one. Kind and party of a code with accounts never change: the database ends in SF003; a
 * limit that does not hold at once in 23514.
 */
export async function saveChartAccount(tx: Queryable, account: ChartAccount): Promise<void> {
  await tx.insert(chartAccounts).values(account).onConflictDoUpdate({ target: chartAccounts.code, set: account })
}
