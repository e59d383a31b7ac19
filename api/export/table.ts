import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import type { Text } from '../../domain/errors.ts'
import { formatJalali, jalaliDate, tehranOffsetMinutes } from '../../domain/jalali.ts'
import { badInput, unavailable } from '../problem.ts'
import { csvOf } from './csv.ts'
import { xlsxOf } from './xlsx.ts'

export type Cell = string | number | null

/**
 * A column of a file: where its value is in a row, and how it is shown. `instant`: Jalali in Tehran for Persian, ISO for English;
 * `hours`: of milliseconds; `percent`: of a share. Texts are shown in the file's language.
 */
export interface Column {
  key: string
  label: Text
  kind?: 'instant' | 'hours' | 'percent'
}

export type TableFormat = 'csv' | 'xlsx'

/** Nobody reads more in a spreadsheet, and an hour of a database is not given away. */
export const maxRows = 100_000
const maxAtOnce = 4

/** Throws Problem 422 where a list is longer than a file may be. */
export function refuseTooMany(count: number): void {
  if (count <= maxRows) return
  throw badInput([
    {
      place: '$.query',
      fa: `بیش از ${maxRows} سطر است؛ صافی را تنگ‌تر کنید`,
      en: `more than ${maxRows} rows: narrow the filter`,
    },
  ])
}

/**
 * Sends tables as files, batch by batch as the reader takes them, at most four at once: a fifth is 503 with the time to come
 * back. The first batch is fetched before anything is sent, so that a refusal is still a problem document.
 */
export function createTableSender() {
  let sending = 0
  return async function send(
    res: Response,
    file: { name: string; title: Text; format: TableFormat; locale: 'fa' | 'en'; columns: readonly Column[] },
    batches: AsyncIterable<readonly Record<string, unknown>[]>,
  ): Promise<void> {
    if (sending >= maxAtOnce) throw unavailable()
    sending += 1
    try {
      const { format, locale, columns } = file
      const rows = batches[Symbol.asyncIterator]()
      const first = await rows.next()
      const cells = async function* () {
        for (let batch = first; batch.done !== true; batch = await rows.next())
          yield batch.value.map((row) => columns.map((column) => cellOf(row[column.key], column, locale)))
      }
      const head = columns.map(({ label }) => label[locale])
      const bytes =
        format === 'csv'
          ? csvOf(head, cells())
          : xlsxOf({ title: file.title[locale], rightToLeft: locale === 'fa', head }, cells())
      res.setHeader('Content-Type', mediaTypes[format])
      res.setHeader('Content-Disposition', `attachment; filename="${file.name}.${format}"`)
      res.setHeader('Cache-Control', 'private, no-store')
      await pipeline(Readable.from(bytes), res)
    } finally {
      sending -= 1
    }
  }
}

export type TableSender = ReturnType<typeof createTableSender>

const mediaTypes: Record<TableFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

function cellOf(value: unknown, { kind }: { kind?: Column['kind'] }, locale: 'fa' | 'en'): Cell {
  if (value === null || value === undefined) return null
  if (kind === 'instant' && typeof value === 'string') return locale === 'fa' ? tehranTime(value) : value
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number((value * (kind === undefined ? 1 : factors[kind])).toFixed(2))
  if (Array.isArray(value)) return value.map((part) => cellOf(part, { kind }, locale)).join(separator)
  return isText(value) ? value[locale] : JSON.stringify(value)
}

const factors = { instant: 1, hours: 1 / 3_600_000, percent: 100 }
const separator = '، '

const isText = (value: unknown): value is Text =>
  typeof value === 'object' && value !== null && 'fa' in value && 'en' in value

/** `1405-09-03 11:30` in Tehran. */
function tehranTime(instant: string): string {
  const ms = Date.parse(instant)
  const local = new Date(ms + tehranOffsetMinutes * 60_000).toISOString()
  return `${formatJalali(jalaliDate(ms))} ${local.slice(11, 16)}`
}
