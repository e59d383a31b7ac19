import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleWorkflows } from '../../dev/bundle.ts'
import { startFaultWorld } from './fault-world.ts'
import { type Result, type Row, rows } from './rows.ts'
import { createTelling } from './telling.ts'

/**
 * `npm run faults [-- words of a row …] [-- --times=n]`: the long form of the fault tests. Each row is told in a world of its own; what
 * is wrong is printed, and the table goes to bench/results/faults.md when all rows ran.
 */
async function faults(): Promise<number> {
  const words = process.argv.slice(2)
  const times = Number(words.find((word) => word.startsWith('--times='))?.slice(8) ?? 0)
  const named = words.filter((word) => !word.startsWith('--'))
  const chosen = rows.filter(({ name }) => named.length === 0 || named.some((word) => name.includes(word)))
  const bundle = await bundleWorkflows(join(mkdtempSync(join(tmpdir(), 'samfony-faults-')), 'bundle.js'))
  const lines: string[] = []
  let failed = 0
  for (const row of chosen) {
    const world = await startFaultWorld(bundle)
    try {
      const telling = await createTelling(world)
      const result = await row.run(world, telling, times || row.times, 1)
      failed += result.faults.length
      lines.push(lineOf(row, result))
      process.stdout.write(`${[lines.at(-1), ...result.faults].join('\n    ')}\n`)
    } finally {
      await world.close()
    }
  }
  const text = `${head}${lines.join('\n')}\n`
  if (chosen.length === rows.length)
    writeFileSync(
      new URL('../../bench/results/faults.md', import.meta.url),
      text.replace('DATE', new Date().toISOString().slice(0, 10)),
    )
  return failed
}

function lineOf({ name }: Row, { orders, injected, faults: found, ms }: Result): string {
  const sorted = ms.sort((a, b) => a - b)
  const seconds = (time = 0) => (time / 1_000).toFixed(1)
  const cells = [
    name,
    injected,
    orders,
    found.length,
    seconds(sorted[Math.floor(sorted.length / 2)]),
    seconds(sorted.at(-1)),
  ]
  return `| ${cells.join(' | ')} |`
}

const head = `# Faults

\`npm run faults\`, DATE. The product as it is run: PostgreSQL, Temporal (a development server on a file), one worker and one API, each a
process that is killed with SIGKILL at random instants and started again within a second; simulators of the outside systems. People
order, pay, send documents, plan and install as in \`npm run demo\`, several orders at once; a client repeats what was not answered
with the same key. A *fault* is any of: a final state, effect, posting, account, reservation or payment that differs from the
undisturbed story's; an acknowledged press that is not in the log; a press applied twice; a broken hash chain; a workflow that
differs from its row; books that do not balance; an SMS sent twice.

| what | times | orders | faults found | s an order, median | s, worst |
|---|---|---|---|---|---|
`

process.exit((await faults()) === 0 ? 0 : 1)
