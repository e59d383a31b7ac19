import { sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { finished, isWhole, num, type Slice, summed, wordsOf } from './slice.ts'

/** How often a state was left by an event for another, and after how long on the average. */
export interface MoveFigures {
  state: string
  event: string
  next: string
  moves: number
  meanMs: number
  /** Of all that left the state, from 0 to 1. */
  share: number
}

/** The transitions that moved orders in the period, the most frequent first, at most 1,000. */
export async function moveFigures(db: Queryable, slice: Slice, seesAll: boolean): Promise<MoveFigures[]> {
  const rows = await db.execute<Row>(
    isWhole(slice, seesAll)
      ? sql`select a as state, b as event, c as next, sum(n) as n, sum(lasted) as lasted
              from visit_counts where ${summed(slice, 'e')} group by 1, 2, 3`
      : sql`select state, event, next, count(*) as n, sum(lasted) as lasted from visits where ${finished(slice)} group by 1, 2, 3`,
  )
  const word = await wordsOf(
    db,
    rows.flatMap(({ state, event, next }) => [state, event, next]),
  )
  const left = new Map<number, number>()
  for (const { state, n } of rows) left.set(state, (left.get(state) ?? 0) + num(n))
  return rows
    .map(({ state, event, next, n, lasted }) => ({
      state: word(state),
      event: word(event),
      next: word(next),
      moves: num(n),
      meanMs: Math.round(num(lasted) / num(n)),
      share: num(n) / (left.get(state) ?? 1),
    }))
    .sort((a, b) => b.moves - a.moves || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    .slice(0, 1_000)
}

type Row = { state: number; event: number; next: number; n: number | string; lasted: number | string }
