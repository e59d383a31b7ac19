import { and, sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { percentilesOf } from './durations.ts'
import { finished, isWhole, num, placed, type Slice, summed, wordsOf } from './slice.ts'

/** How a state does. Times are milliseconds; percentiles are right to 5 % (db/statistics/durations.ts). */
export interface StateFigures {
  state: string
  /** Stays that ended in the period. */
  visits: number
  totalMs: number
  meanMs: number
  medianMs: number | null
  p90Ms: number | null
  p95Ms: number | null
  /** Stays in which a deadline passed. */
  late: number
  /** Stays of orders that had been here before. */
  again: number
  /** Stays that ended with an order that came to nothing. */
  lost: number
  perDay: number
  /** Orders that are here now, and since when the oldest. */
  inHand: number
  lateInHand: number
  oldestSince: string | null
  /** Days that the work in hand takes at the pace of the period; null when nothing has left. */
  daysToDrain: number | null
  /** Of all time spent in the states of the definition, from 0 to 1. */
  share: number
}

/** Time in state, throughput, loops, abandonment, lateness and work in hand, by state; the state that took most time first. At most 400. */
export async function stateFigures(db: Queryable, slice: Slice, seesAll: boolean): Promise<StateFigures[]> {
  const rows = await db.execute<Row>(
    isWhole(slice, seesAll)
      ? sql`select a as state, bucket, sum(n) as n, sum(lasted) as lasted, sum(late) as late, sum(again) as again, sum(lost) as lost
              from visit_counts where ${summed(slice, 's')} group by 1, 2`
      : sql`select state, bucket, count(*) as n, sum(lasted) as lasted, count(*) filter (where late) as late,
                   count(*) filter (where nth > 1) as again, count(*) filter (where ended > 1) as lost
              from visits where ${finished(slice)} group by 1, 2`,
  )
  const open = await db.execute<Open>(sql`
    select state, count(*) as n, count(*) filter (where late) as late, min(entered_at) as oldest
      from visits where ${and(placed(slice), sql`left_at is null`)} group by 1`)
  const word = await wordsOf(
    db,
    [...rows, ...open].map(({ state }) => state),
  )

  const days = Math.max(1, slice.range.toDay - slice.range.fromDay)
  const whole = rows.reduce((sum, row) => sum + num(row.lasted), 0)
  const states = [...new Set([...rows, ...open].map(({ state }) => state))]
  return states
    .map((state) => {
      const own = rows.filter((row) => row.state === state)
      const sum = (pick: (row: Row) => number | string) => own.reduce((total, row) => total + num(pick(row)), 0)
      const visits = sum(({ n }) => n)
      const totalMs = sum(({ lasted }) => lasted)
      const now = open.find((row) => row.state === state)
      const inHand = num(now?.n ?? 0)
      return {
        state: word(state),
        visits,
        totalMs,
        meanMs: visits === 0 ? 0 : Math.round(totalMs / visits),
        ...percentilesOf(new Map(own.map(({ bucket, n }) => [bucket, num(n)]))),
        late: sum(({ late }) => late),
        again: sum(({ again }) => again),
        lost: sum(({ lost }) => lost),
        perDay: visits / days,
        inHand,
        lateInHand: num(now?.late ?? 0),
        oldestSince: now?.oldest ?? null,
        daysToDrain: visits === 0 ? null : (inHand * days) / visits,
        share: whole === 0 ? 0 : totalMs / whole,
      }
    })
    .sort((a, b) => b.totalMs - a.totalMs || b.inHand - a.inHand || (a.state < b.state ? -1 : 1))
    .slice(0, 400)
}

type Row = {
  state: number
  bucket: number
  n: number | string
  lasted: number | string
  late: number | string
  again: number | string
  lost: number | string
}
type Open = { state: number; n: number | string; late: number | string; oldest: string }
