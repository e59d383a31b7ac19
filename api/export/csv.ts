import { stringify } from 'csv-stringify/sync'
import type { Cell } from './table.ts'

const byteOrderMark = '\uFEFF'

/**
 * A table as CSV (RFC 4180) in UTF-8 with a byte order mark, which Excel needs for Persian. What a spreadsheet would run as a
 * formula is preceded by an apostrophe: names come from strangers.
 */
export async function* csvOf(head: string[], batches: AsyncIterable<Cell[][]>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(byteOrderMark + lines([head]))
  for await (const rows of batches) yield Buffer.from(lines(rows))
}

const lines = (rows: Cell[][]) =>
  stringify(
    rows.map((row) => row.map(harmless)),
    { record_delimiter: '\r\n' },
  )

/** A telephone number (`+98…`) is no formula. */
function harmless(cell: Cell): string | number | null {
  if (typeof cell !== 'string') return cell
  return /^[=+\-@\t\r]/.test(cell) && !/^[+-]?[\d.]+$/.test(cell) ? `'${cell}` : cell
}
