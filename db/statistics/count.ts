import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { statisticsProgress } from '../schema/statistics.ts'
import { sqlStateOf } from '../sql-state.ts'

const lock = 7_265_303
const ordersAtOnce = 1_000
/** Steps of an order are written a little after their instant; what comes later still is found by a sweep. */
const overlapMs = 120_000
const sweepEveryMs = 3_600_000

/**
 * Counts what the transition log says since the last time into visits, journeys and their sums: nothing is written for
 * statistics when a transition is. Looks at recent steps only, and once an hour (`sweep`: now) at every order. Answers how many
 * orders had moved; 0 as well while another process counts. `stop` is asked between batches.
 */
export async function countLog(
  db: Db,
  options: { sweep?: boolean; stop?: () => boolean } = {},
): Promise<{ orders: number }> {
  const [progress] = await db.select().from(statisticsProgress)
  const [clock] = await db.execute<{ now: string }>(sql`select now() as now`)
  const now = clock?.now ?? ''
  const sweep = options.sweep === true || progress === undefined || olderThan(progress.sweptAt, now, sweepEveryMs)
  const since = sweep ? null : new Date(Date.parse(progress.countedTo) - overlapMs).toISOString()
  let orders = 0
  for (;;) {
    const counted = await countBatch(db, since)
    if (counted === null) return { orders }
    orders += counted
    if (counted < ordersAtOnce) break
    if (options.stop?.() === true) return { orders }
  }
  const sweptAt = sweep ? now : progress.sweptAt
  await db
    .insert(statisticsProgress)
    .values({ countedTo: now, sweptAt })
    .onConflictDoUpdate({ target: statisticsProgress.one, set: { countedTo: now, sweptAt } })
  return { orders }
}

/** Null while another process counts, also where it has done so since this transaction began: then nothing of ours is written. */
async function countBatch(db: Db, since: string | null): Promise<number | null> {
  try {
    return await db.transaction(
      async (tx) => {
        const [mine] = await tx.execute<{ mine: boolean }>(sql`select pg_try_advisory_xact_lock(${lock}) as mine`)
        if (mine?.mine !== true) return null
        const [row] = await tx.execute<{ n: number }>(
          sql`select count_journeys(${since}::timestamptz, ${ordersAtOnce}) as n`,
        )
        return row?.n ?? 0
      },
      // Words, orders and log are read by several statements, and must be of one moment.
      { isolationLevel: 'repeatable read' },
    )
  } catch (fault) {
    if (sqlStateOf(fault) === serializationFailure) return null
    throw fault
  }
}

const serializationFailure = '40001'

const olderThan = (instant: string, now: string, ms: number) => Date.parse(now) - Date.parse(instant) > ms
