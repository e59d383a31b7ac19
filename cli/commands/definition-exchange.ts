import { createWriteStream, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Command, Option } from 'commander'
import { csvOf } from '../../api/export/csv.ts'
import { xlsxOf } from '../../api/export/xlsx.ts'
import { check, parseDefinition } from '../../definitions/check/index.ts'
import {
  exportDefinition,
  type ImportFormat,
  importDefinition,
  importFormats,
  type TextFormat,
  textFormats,
} from '../../definitions/exchange/formats.ts'
import { type TableRow, tableColumns, transitionRows } from '../../definitions/exchange/transition-table.ts'
import { DomainError } from '../../domain/errors.ts'
import { readText } from '../read-text.ts'
import { shippedCatalogues } from '../shipped-catalogues.ts'
import type { Terminal } from '../terminal.ts'

interface ExportOptions {
  format: TextFormat | 'csv' | 'xlsx'
  lang: 'fa' | 'en'
  out?: string
}

/** `definitions export FILE`: a definition in the format of others, to the terminal or a file. */
export function exportCommand(terminal: Terminal): Command {
  return new Command('export')
    .argument('<file>', 'a definition (JSON)')
    .addOption(
      new Option('--format <format>', 'the format').choices([...textFormats, 'csv', 'xlsx']).makeOptionMandatory(),
    )
    .addOption(new Option('--lang <language>', 'words of pictures and tables').choices(['fa', 'en']).default('fa'))
    .option('--out <path>', 'write here instead; needed for xlsx')
    .description('as canonical JSON, XState JSON, SCXML, Mermaid, SVG, or its transitions as CSV or XLSX')
    .action((file: string, options: ExportOptions) => telling(terminal, () => exportFile(file, options, terminal)))
}

/** `definitions import FILE`: a document of another format as a definition; what it lacks is told beside it. */
export function importCommand(terminal: Terminal): Command {
  return new Command('import')
    .argument('<file>', 'a document')
    .addOption(new Option('--format <format>', 'its format').choices(importFormats).makeOptionMandatory())
    .option('--out <path>', 'write the definition here instead')
    .description('XState JSON, SCXML or a definition, as a definition; refuses what has no counterpart')
    .action((file: string, { format, out }: { format: ImportFormat; out?: string }) =>
      telling(terminal, async () => {
        const text = readText(file, false, terminal)
        if (text === undefined) return
        const found = await exportDefinition(importDefinition(text, format), 'json', 'en')
        if (out === undefined) {
          terminal.write(found)
          return
        }
        writeFileSync(out, found)
        const errors = check(found, shippedCatalogues()).filter(({ severity }) => severity === 'error')
        for (const { rule, path, message } of errors) terminal.write(`${rule} ${message.en} (${path})\n`)
        terminal.write(`${out}: ${errors.length} errors left, see definitions lint\n`)
      }),
    )
}

async function exportFile(file: string, { format, lang, out }: ExportOptions, terminal: Terminal): Promise<void> {
  const source = readText(file, false, terminal)
  if (source === undefined) return
  const definition = parseDefinition(source)
  if (format !== 'csv' && format !== 'xlsx') {
    const text = await exportDefinition(definition, format, lang)
    if (out === undefined) terminal.write(text)
    else writeFileSync(out, text)
    return
  }
  if (out === undefined)
    throw new DomainError('NoPlace', { en: 'a table needs --out', fa: 'جدول به --out نیاز دارد' }, '--out')
  const keys = Object.keys(tableColumns) as (keyof TableRow)[]
  const head = keys.map((key) => tableColumns[key][lang])
  const cells = async function* () {
    yield transitionRows(definition, lang).map((row) => keys.map((key) => row[key]))
  }
  const bytes =
    format === 'csv'
      ? csvOf(head, cells())
      : xlsxOf({ title: definition.label[lang], rightToLeft: lang === 'fa', head }, cells())
  await pipeline(Readable.from(bytes), createWriteStream(out))
}

async function telling({ write, fail }: Terminal, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    write(`${error.message}\n`)
    fail()
  }
}
