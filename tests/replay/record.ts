import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { startTestRun } from '../../dev/test-run.ts'
import { historyText } from './history-file.ts'
import { roads } from './roads.ts'
import { startScriptWorld } from './script.ts'

/**
 * `npm run replay:record [-- road …]`: tells the roads to real workflows and keeps what Temporal recorded. The files are what a
 * later engine must still be able to read: see CONTRIBUTING.md before you overwrite one.
 */
async function record(): Promise<void> {
  const wanted = process.argv.slice(2)
  const folder = new URL('./histories/', import.meta.url)
  if (wanted.length === 0) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const endRun = await startTestRun()
  for (const [name, tell] of Object.entries(roads)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    const world = await startScriptWorld() // each has a clock of its own
    try {
      await world.toSaturday()
      const { workflowId, runId } = await tell(world, name)
      const history = await world.client.workflow.getHandle(workflowId, runId).fetchHistory()
      const text = historyText(workflowId, history)
      writeFileSync(new URL(`${name}.json`, folder), text)
      process.stdout.write(
        `${name.padEnd(24)} ${history.events?.length} events, ${Math.round(text.length / 1024)} KB\n`,
      )
    } finally {
      await world.close()
    }
  }
  await endRun()
}

await record()
process.exit(0)
