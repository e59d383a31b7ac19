import { randomUUID } from 'node:crypto'
import { loadConfig } from '../config.ts'
import { createDb } from '../db/client.ts'
import { freePort } from '../dev/free-port.ts'
import { seedDemo } from '../dev/seed/demo.ts'
import { simEnvironment } from '../dev/sim-environment.ts'
import { testDatabase } from '../dev/test-database.ts'
import { testWorld } from '../dev/test-world.ts'
import { startServer } from '../server.ts'
import { startSims } from '../sims/index.ts'
import { startWorker } from '../worker.ts'

/** The whole product on real parts: a database and simulators of its own, the run's Temporal, worker, relay and API. */
export async function startFullWorld() {
  const { temporalAddress, workflowBundle } = testWorld()
  const [database, sims, port] = await Promise.all([
    testDatabase(),
    startSims({ portsPerCentre: 40, rangingDelayMs: 300 }),
    freePort(),
  ])
  const db = createDb(database.url)
  await seedDemo(db)
  const config = loadConfig({
    ...simEnvironment(sims),
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_TASK_QUEUE_PREFIX: `w${randomUUID().slice(0, 8)}`,
    API_PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    SESSION_SECRET: 'a secret for tests that is long enough',
    LOG_LEVEL: 'silent',
  })
  let worker = await startWorker(config, { workflowBundle })
  const server = await startServer(config)
  return {
    address: config.api.publicUrl,
    config,
    db,
    sims,
    async restartWorker() {
      await worker.close()
      worker = await startWorker(config, { workflowBundle })
    },
    async close() {
      await server.close()
      await worker.close()
      await db.close()
      await sims.close()
      await database.drop()
    },
  }
}
