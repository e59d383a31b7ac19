import { strToU8, Zip, ZipDeflate } from 'fflate'
import type { Cell } from './table.ts'

/**
 * A table as an Excel workbook (ECMA-376) of one sheet with a frozen head, written as the rows come: memory does not grow
 * with them. Texts are inline strings, which no spreadsheet runs as a formula. `rightToLeft`: the first column is on the right.
 */
export async function* xlsxOf(
  sheet: { title: string; rightToLeft: boolean; head: string[] },
  batches: AsyncIterable<Cell[][]>,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  const zip = new Zip((fault, chunk) => {
    if (fault !== null) throw fault
    ready.push(chunk)
  })
  const open = (name: string) => {
    const file = new ZipDeflate(name)
    zip.add(file)
    return (text: string, last: boolean) => file.push(strToU8(text), last)
  }
  for (const [name, text] of Object.entries(parts(sheet.title))) open(name)(head + text, true)
  const write = open('xl/worksheets/sheet1.xml')
  const view = `<sheetView${sheet.rightToLeft ? ' rightToLeft="1"' : ''} workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>`
  const columns = `<cols><col min="1" max="${sheet.head.length}" width="18" customWidth="1"/></cols>`
  write(
    `${head}<worksheet xmlns="${main}"><sheetViews>${view}</sheetViews>${columns}<sheetData>${rowOf(sheet.head, 1)}`,
    false,
  )
  yield* ready.splice(0)
  for await (const rows of batches) {
    write(rows.map((row) => rowOf(row, 0)).join(''), false)
    yield* ready.splice(0)
  }
  write('</sheetData></worksheet>', true)
  zip.end()
  yield* ready.splice(0)
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

/** Style 0 is plain, style 1 the head. */
const rowOf = (cells: Cell[], style: 0 | 1) => `<row>${cells.map((cell) => cellOf(cell, style)).join('')}</row>`

function cellOf(cell: Cell, style: 0 | 1): string {
  if (cell === null || cell === '') return '<c/>'
  if (typeof cell === 'number') return `<c><v>${cell}</v></c>`
  return `<c t="inlineStr" s="${style}"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`
}

/** XML 1.0 has no word for most control characters and for broken surrogates: they are left out. A cell holds 32,767 characters. */
function escaped(text: string): string {
  return text
    .slice(0, 32_767)
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

/** Everything of a workbook but its sheet. A sheet's name has at most 31 characters and none of these marks. */
function parts(title: string): Record<string, string> {
  const name = escaped(title.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31)).replaceAll('"', '&quot;')
  return {
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Tahoma"/></font><font><b/><sz val="11"/><name val="Tahoma"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf fontId="0"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`,
  }
}
