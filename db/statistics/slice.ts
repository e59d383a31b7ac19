import { and, type SQL, sql } from 'drizzle-orm'
import { type DayRange, isoDay, monthsAndDays, startOfDayMs } from '../../domain/period.ts'
import type { Queryable } from '../client.ts'
import { agentAndBelow } from '../orders.ts'
import { textArray } from '../scope.ts'

/** What a view of the statistics speaks of. `agent` is a partner with all below. The days are Tehran's. */
export interface Slice {
  range: DayRange
  definition?: string | undefined
  version?: number | undefined
  agent?: string | undefined
  city?: string | undefined
  centre?: string | undefined
  /** Who ended the stays. */
  operator?: string | undefined
}

/** Whether the sums over everybody answer the slice: they know neither places nor reach. */
export const isWhole = (slice: Slice, seesAll: boolean) =>
  seesAll &&
  [slice.agent, slice.city, slice.centre, slice.operator].every((value) => value === undefined) &&
  slice.definition !== undefined

/** The instants at which the range begins and ends, as parameters. */
export function bounds({ fromDay, toDay }: DayRange): { from: string; to: string } {
  return { from: new Date(startOfDayMs(fromDay)).toISOString(), to: new Date(startOfDayMs(toDay)).toISOString() }
}

/** The slice as a condition on `visits` or `journeys`, without its time. Words that nothing was counted under match nothing. */
export function placed(slice: Omit<Slice, 'range' | 'operator'>): SQL | undefined {
  const word = (text: string) => sql`(select id from statistic_words where word = ${text})`
  return and(
    slice.definition === undefined ? undefined : sql`definition = ${word(slice.definition)}`,
    slice.version === undefined ? undefined : sql`version = ${slice.version}`,
    slice.agent === undefined
      ? undefined
      : sql`partner = any ((select array(select id from statistic_words where word in (${agentAndBelow(slice.agent)})))::int[])`,
    slice.city === undefined ? undefined : sql`city = ${word(slice.city)}`,
    slice.centre === undefined ? undefined : sql`centre = ${word(slice.centre)}`,
  )
}

/** Finished stays of the slice. */
export function finished(slice: Slice): SQL {
  const { from, to } = bounds(slice.range)
  return (
    and(
      placed(slice),
      slice.operator === undefined
        ? undefined
        : sql`operator = (select id from statistic_words where word = ${slice.operator})`,
      sql`left_at >= ${from}::timestamptz and left_at < ${to}::timestamptz`,
    ) ?? sql`true`
  )
}

/** The slice as a condition on `visit_counts`: whole months and the days left over. */
export function summed(slice: Slice, kind: 's' | 'e' | 'o'): SQL {
  const { months, days } = monthsAndDays(slice.range)
  return sql`kind = ${kind} and definition = (select id from statistic_words where word = ${slice.definition ?? ''})
    and (level = 'month' and start = any (${textArray(months.map(isoDay))}::date[]) or level = 'day' and start = any (${textArray(days.map(isoDay))}::date[]))
    and ${slice.version === undefined ? sql`true` : sql`version = ${slice.version}`}`
}

/** Texts of words by their numbers. */
export async function wordsOf(db: Queryable, ids: Iterable<number | null>): Promise<(id: number | null) => string> {
  const wanted = [...new Set(ids)].filter((id) => id !== null)
  if (wanted.length === 0) return () => ''
  const rows = await db.execute<{ id: number; word: string }>(
    sql`select id, word from statistic_words where id = any (${`{${wanted.join(',')}}`}::int[])`,
  )
  const words = new Map(rows.map(({ id, word }) => [id, word]))
  return (id) => (id === null ? '' : (words.get(id) ?? ''))
}

/** Sums come as numbers, or as text beyond what a number holds. */
export const num = (value: number | string | null) => Number(value ?? 0)
