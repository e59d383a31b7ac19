import type { Db } from '../db/client.ts'
import { countLog } from '../db/statistics/count.ts'
import { createPause } from './pause.ts'

/**
 * Keeps the statistics behind the log, some seconds late. Any number of processes may run it: one counts at a time. A fault is
 * told and tried again; orders never wait for it.
 */
export function startStatistics({
  db,
  logger,
  everyMs = 5_000,
}: {
  db: Db
  logger: { warn(detail: object, event: string): void }
  everyMs?: number
}): { stop: () => Promise<void> } {
  let stopping = false
  const pause = createPause()
  async function run(): Promise<void> {
    while (!stopping) {
      await countLog(db, { stop: () => stopping }).catch((error: unknown) =>
        logger.warn({ error: String(error) }, 'statistics not counted'),
      )
      if (stopping) return
      await pause.wait(everyMs)
    }
  }
  const running = run()
  return {
    async stop() {
      stopping = true
      pause.cutShort()
      await running
    },
  }
}
