import { benchEngine } from './engine.ts'
import { benchMap } from './map.ts'
import { markdown, missed, type Report, save } from './report.ts'
import { benchStatistics } from './statistics-views.ts'

/** `npm run bench [-- engine|map|statistics|… [--save]]`: all benches, or those named; each ends with its figures as one line of JSON. */
const benches: Record<string, () => Promise<Report>> = {
  engine: benchEngine,
  map: benchMap,
  statistics: benchStatistics,
}

const words = process.argv.slice(2)
const named = words.filter((word) => !word.startsWith('--'))
const unknown = named.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}: ${Object.keys(benches).join(', ')}\n`)
  process.exit(2)
}
let failed = false
for (const [name, run] of Object.entries(benches)) {
  if (named.length > 0 && !named.includes(name)) continue
  const report = await run()
  const text = markdown(report, new Date().toISOString().slice(0, 10))
  if (words.includes('--save')) save(name, text)
  const misses = missed(report)
  failed ||= misses.length > 0
  process.stdout.write(`${text}\n`)
  if (misses.length > 0) process.stdout.write(`Misses its bar: ${misses.join(', ')}\n`)
  process.stdout.write(`${JSON.stringify(report.figures)}\n`)
}
process.exit(failed ? 1 : 0)
