import { and, type SQL, sql } from 'drizzle-orm'
import { formatJalali, jalaliOfEpochDay } from '../../domain/jalali.ts'
import { monthStart, weekStart } from '../../domain/period.ts'
import type { Queryable } from '../client.ts'
import { percentilesOf } from './durations.ts'
import { bounds, isWhole, num, placed, type Slice, summed, wordsOf } from './slice.ts'

/** Orders that began and that had their outcome. Times from the first step to the outcome, in milliseconds, right to 5 %. */
interface OrderFigures {
  started: number
  succeeded: number
  failed: number
  cancelled: number
  /** Of those with an outcome: a deadline passed, or a state was entered again. */
  late: number
  looped: number
  medianMs: number | null
  p90Ms: number | null
  p95Ms: number | null
}

export type FlowFigures = OrderFigures & {
  /** First day, `1405-09-01`. */
  period: string
  /** Orders without outcome when the period ended. */
  inHand: number
}

/** What came in and what was done by day, week or month, oldest first; each is whole or cut off by the range. */
export async function flowFigures(db: Queryable, slice: Slice, by: 'day' | 'week' | 'month'): Promise<FlowFigures[]> {
  const { from, to } = bounds(slice.range)
  const { fromDay, toDay } = slice.range
  const day = (column: SQL) => sql`tehran_day(${column}) - date '1970-01-01'`
  const started = await db.execute<{ key: number; n: number | string }>(sql`
    select ${day(sql`started_at`)} as key, count(*) as n from journeys
     where ${and(placed(slice), sql`started_at >= ${from}::timestamptz and started_at < ${to}::timestamptz`)} group by 1`)
  const ended = await endedBy(db, slice, day(sql`ended_at`))
  const [before] = await db.execute<{ n: number | string }>(sql`
    select count(*) as n from journeys
     where ${and(placed(slice), sql`started_at < ${from}::timestamptz and (ended_at is null or ended_at >= ${from}::timestamptz)`)}`)

  const startOf = { day: (d: number) => d, week: weekStart, month: monthStart }[by]
  const periods = new Map<number, { started: number; ended: Ended[] }>()
  for (let d = fromDay; d < toDay; d++) periods.set(Math.max(fromDay, startOf(d)), { started: 0, ended: [] })
  const periodOf = (d: number) => periods.get(Math.max(fromDay, startOf(d)))
  for (const { key, n } of started) {
    const period = periodOf(key)
    if (period !== undefined) period.started += num(n)
  }
  for (const row of ended) periodOf(row.key ?? 0)?.ended.push(row)
  let inHand = num(before?.n ?? 0)
  return [...periods].map(([first, { started, ended }]) => {
    inHand += started - ended.reduce((sum, { n }) => sum + num(n), 0)
    return { period: formatJalali(jalaliOfEpochDay(first)), ...figuresOf(started, ended), inHand }
  })
}

export type Dimension = 'definition' | 'version' | 'agent' | 'city' | 'centre'
export type GroupFigures = OrderFigures & { key: string; inHand: number }

/** The same by process, version, agent, city or exchange, the busiest first, at most 1,000. */
export async function groupFigures(db: Queryable, slice: Slice, by: Dimension): Promise<GroupFigures[]> {
  const { from, to } = bounds(slice.range)
  const column = {
    definition: sql`definition`,
    version: sql`version`,
    agent: sql`partner`,
    city: sql`city`,
    centre: sql`centre`,
  }[by]
  const started = await db.execute<{ key: number | null; n: number | string; open: number | string }>(sql`
    select ${column} as key, count(*) filter (where started_at >= ${from}::timestamptz) as n,
           count(*) filter (where ended_at is null or ended_at >= ${to}::timestamptz) as open
      from journeys where ${and(placed(slice), sql`started_at < ${to}::timestamptz and (started_at >= ${from}::timestamptz or ended_at is null or ended_at >= ${to}::timestamptz)`)}
     group by 1`)
  const ended = await endedBy(db, slice, column)
  const keys = [...new Set([...started, ...ended].map(({ key }) => key))]
  const word = by === 'version' ? String : await wordsOf(db, keys)
  return keys
    .map((key) => {
      const now = started.find((row) => row.key === key)
      const own = ended.filter((row) => row.key === key)
      return { key: word(key), ...figuresOf(num(now?.n ?? 0), own), inHand: num(now?.open ?? 0) }
    })
    .sort((a, b) => b.started - a.started || b.succeeded - a.succeeded || (a.key < b.key ? -1 : 1))
    .slice(0, 1_000)
}

export interface OperatorFigures {
  operator: string
  /** Stays in states that he ended, and the time that those orders had waited there. */
  moves: number
  meanMs: number
  late: number
  perDay: number
}

/** What each person moved in the period, the busiest first, at most 1,000. */
export async function operatorFigures(db: Queryable, slice: Slice, seesAll: boolean): Promise<OperatorFigures[]> {
  const { from, to } = bounds(slice.range)
  const rows = await db.execute<{
    operator: number
    n: number | string
    lasted: number | string
    late: number | string
  }>(
    isWhole(slice, seesAll)
      ? sql`select b as operator, sum(n) as n, sum(lasted) as lasted, sum(late) as late from visit_counts where ${summed(slice, 'o')} group by 1`
      : sql`select operator, count(*) as n, sum(lasted) as lasted, count(*) filter (where late) as late from visits
             where ${and(placed(slice), sql`operator is not null and left_at >= ${from}::timestamptz and left_at < ${to}::timestamptz`)} group by 1`,
  )
  const word = await wordsOf(
    db,
    rows.map(({ operator }) => operator),
  )
  const days = Math.max(1, slice.range.toDay - slice.range.fromDay)
  return rows
    .map(({ operator, n, lasted, late }) => ({
      operator: word(operator),
      moves: num(n),
      meanMs: Math.round(num(lasted) / num(n)),
      late: num(late),
      perDay: num(n) / days,
    }))
    .sort((a, b) => b.moves - a.moves || (a.operator < b.operator ? -1 : 1))
    .slice(0, 1_000)
}

export interface PathFigures {
  /** States in the order in which they were entered. */
  path: string[]
  orders: number
  succeeded: number
  meanMs: number
  /** Of all orders that had their outcome in the period, from 0 to 1. */
  share: number
}

/** The roads that most orders with an outcome in the period have taken, at most `top` (20, 200 at most). */
export async function pathFigures(db: Queryable, slice: Slice, top = 20): Promise<PathFigures[]> {
  const rows = await db.execute<Path>(sql`
    select path, count(*) as n, count(*) filter (where ended = 1) as succeeded, sum(lasted) as lasted, sum(count(*)) over () as whole
      from journeys where ${endedIn(slice)} group by path order by count(*) desc, path limit ${Math.min(top, 200)}`)
  const word = await wordsOf(
    db,
    rows.flatMap(({ path }) => path),
  )
  return rows.map(({ path, n, succeeded, lasted, whole }) => ({
    path: path.map(word),
    orders: num(n),
    succeeded: num(succeeded),
    meanMs: Math.round(num(lasted) / num(n)),
    share: num(n) / num(whole),
  }))
}

type Path = {
  path: number[]
  n: number | string
  succeeded: number | string
  lasted: number | string
  whole: number | string
}

type Ended = {
  key: number | null
  ended: number
  bucket: number
  n: number | string
  late: number | string
  looped: number | string
}

const endedIn = (slice: Slice) => {
  const { from, to } = bounds(slice.range)
  return and(placed(slice), sql`ended_at >= ${from}::timestamptz and ended_at < ${to}::timestamptz`)
}

async function endedBy(db: Queryable, slice: Slice, key: SQL): Promise<Ended[]> {
  return db.execute<Ended>(sql`
    select ${key} as key, ended, bucket, count(*) as n, count(*) filter (where late) as late, count(*) filter (where again > 0) as looped
      from journeys where ${endedIn(slice)} group by 1, 2, 3`)
}

function figuresOf(started: number, ended: Ended[]): OrderFigures {
  const counts = new Map<number, number>()
  for (const { bucket, n } of ended) counts.set(bucket, (counts.get(bucket) ?? 0) + num(n))
  const sum = (pick: (row: Ended) => number | string, of = ended) =>
    of.reduce((total, row) => total + num(pick(row)), 0)
  const as = (kind: number) =>
    sum(
      ({ n }) => n,
      ended.filter((row) => row.ended === kind),
    )
  return {
    started,
    succeeded: as(1),
    failed: as(2),
    cancelled: as(3),
    late: sum(({ late }) => late),
    looped: sum(({ looped }) => looped),
    ...percentilesOf(counts),
  }
}
