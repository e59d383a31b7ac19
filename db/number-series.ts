import { sql } from 'drizzle-orm'
import { jalaliDate } from '../domain/jalali.ts'
import type { Queryable } from './client.ts'
import { numberSeries } from './schema/invoices.ts'

/** The prefix tells the series; an order has none. */
const prefixes = { order: '', proforma: 'P-', invoice: 'I-', 'credit-note': 'C-' } as const

export type SeriesKind = keyof typeof prefixes

/**
 * Takes the next number of a series in the Jalali year of `at` (ISO instant), like `I-1405-000017` (M14). Call it in the
 * transaction of the document: the series is locked until that ends, and a roll-back gives the number back.
 */
export async function nextNumber(
  tx: Queryable,
  series: { kind: SeriesKind; at: string; entity?: string },
): Promise<{ number: string; jalaliYear: number }> {
  const entity = series.entity ?? 'main'
  const jalaliYear = jalaliDate(Date.parse(series.at)).year
  const [row] = await tx
    .insert(numberSeries)
    .values({ kind: series.kind, entity, jalaliYear, last: 1 })
    .onConflictDoUpdate({
      target: [numberSeries.kind, numberSeries.entity, numberSeries.jalaliYear],
      set: { last: sql`${numberSeries.last} + 1` },
    })
    .returning({ last: numberSeries.last })
  if (row === undefined) throw new Error('a number series gave no number')
  const place = entity === 'main' ? '' : `${entity}-`
  return { number: `${place}${prefixes[series.kind]}${jalaliYear}-${String(row.last).padStart(6, '0')}`, jalaliYear }
}
