import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { loadDevSettings } from '../../config.ts'
import { createDb } from '../../db/client.ts'
import { migrate } from '../../db/migrate.ts'
import { isPortFree } from '../../dev/free-port.ts'
import { startPostgres } from '../../dev/postgres.ts'
import { seedDemo } from '../../dev/seed/demo.ts'
import { simEnvironment } from '../../dev/sim-environment.ts'
import { temporalServer } from '../../dev/temporal.ts'
import { startSims } from '../../sims/index.ts'
import { eventually } from '../small-world.ts'

export type FaultWorld = Awaited<ReturnType<typeof startFaultWorld>>
export type Part = 'worker' | 'api' | 'temporal' | 'postgres'

/**
 * The product as it is run, each part a process of its own that can be killed and started again: PostgreSQL and Temporal on
 * files, one worker, one API. The outside systems are simulators in this process.
 */
export async function startFaultWorld(workflowBundle: string) {
  const home = mkdtempSync(join(tmpdir(), 'samfony-faults-'))
  const settings = loadDevSettings()
  const ports = { postgres: await steadyPort(), temporal: await steadyPort(), api: await steadyPort() }
  const postgresOptions = { dataDir: join(home, 'postgres'), port: ports.postgres }
  const temporalOptions = {
    home: settings.SAMFONY_HOME,
    path: settings.PATH,
    dataDir: join(home, 'temporal'),
    port: ports.temporal,
  }
  let [postgres, temporal] = await Promise.all([startPostgres(postgresOptions), temporalServer(temporalOptions)])
  const sims = await startSims({ portsPerCentre: 400, rangingDelayMs: 300 })
  await migrate(postgres.url)
  const db = createDb(postgres.url, { max: 4 })
  await seedDemo(db)
  const address = `http://127.0.0.1:${ports.api}`
  const environment = {
    ...simEnvironment(sims),
    PATH: settings.PATH,
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    API_PORT: String(ports.api),
    PUBLIC_URL: address,
    SESSION_SECRET: 'a secret for tests that is long enough',
    LOG_LEVEL: 'warn',
    WORKFLOW_BUNDLE: workflowBundle,
  }
  const processes = {
    worker: program('worker.ts', environment, join(home, 'worker.log')),
    api: program('server.ts', environment, join(home, 'api.log')),
  }
  const kill: Record<Part, () => Promise<void>> = {
    worker: () => processes.worker.kill(),
    api: () => processes.api.kill(),
    temporal: () => temporal.kill(),
    postgres: () => postgres.kill(),
  }
  const start: Record<Part, () => Promise<void>> = {
    worker: async () => processes.worker.start(),
    api: async () => {
      processes.api.start()
      await eventually(
        () =>
          fetch(`${address}/health`).then(
            ({ ok }) => ok,
            () => false,
          ),
        'the API answers',
      )
    },
    temporal: async () => {
      temporal = await temporalServer(temporalOptions)
    },
    // The shared memory of the killed one may still be held by a backend that has not noticed.
    postgres: async () => {
      postgres = await eventually(
        async () => startPostgres(postgresOptions).catch(() => undefined),
        'PostgreSQL is back',
      )
    },
  }
  const withTemporal = async <T>(look: (client: Client) => Promise<T>): Promise<T> => {
    const connection = await Connection.connect({ address: temporal.address })
    try {
      return await look(new Client({ connection }))
    } finally {
      await connection.close()
    }
  }
  await Promise.all([start.worker(), start.api()])

  return {
    home,
    address,
    db,
    sims,
    kill: (part: Part) => kill[part](),
    start: (part: Part) => start[part](),
    /** Asks a process to stop as a deployment does; answers its exit code. */
    stop: (part: 'worker' | 'api') => processes[part].stop(),
    logOf: (part: 'worker' | 'api') => processes[part].log(),
    /** Processes that a part has started and not ended. */
    childrenOf: (part: 'worker' | 'api') => processes[part].children(),
    /** What the workflows of these orders say of themselves. */
    snapshots: (workflowIds: string[]) =>
      withTemporal((client) =>
        Promise.all(
          workflowIds.map((id) => client.workflow.getHandle(id).query<{ seq: number; leaves: string[] }>('snapshot')),
        ),
      ),
    /** How often each call of a workflow was tried. */
    attempts: (workflowId: string) =>
      withTemporal(async (client) => {
        const { events } = await client.workflow.getHandle(workflowId).fetchHistory()
        return (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) => started?.attempt ?? [])
      }),
    async close() {
      await Promise.all([processes.worker.kill(), processes.api.kill()])
      await db.close()
      await Promise.all([temporal.close(), postgres.close(), sims.close()])
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/**
 * A port below those that the system gives to outgoing connections: while its server is dead, one of the clients that try again
 * could get it for itself.
 */
async function steadyPort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 18_000)
    if (await isPortFree(port)) return port
  }
}

/** A program of ours as a process, started again as often as one likes. */
function program(file: string, environment: Record<string, string | undefined>, logFile: string) {
  let child: ChildProcess | undefined
  const known = new Set<number>()
  process.once('exit', () => child?.kill('SIGKILL')) // a run that breaks off leaves nobody behind
  const gone = async () => {
    if (child !== undefined && child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  return {
    start(): void {
      const log = openSync(logFile, 'a')
      const path = new URL(`../../${file}`, import.meta.url).pathname
      child = spawn(process.execPath, ['--import', 'tsx', path], { env: environment, stdio: ['ignore', log, log] })
    },
    async kill(): Promise<void> {
      child?.kill('SIGKILL')
      await gone()
    },
    async stop(): Promise<number | null> {
      child?.kill('SIGTERM')
      await gone()
      return child?.exitCode ?? null
    },
    log: () => readFileSync(logFile, 'utf8'),
    /** Ids of living processes whose parent it is or was when this was first asked. */
    async children(): Promise<number[]> {
      const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid='])
      const pairs = stdout
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/).map(Number))
      for (const [pid, parent] of pairs) if (parent === child?.pid && pid !== undefined) known.add(pid)
      const living = new Set(pairs.map(([pid]) => pid))
      return [...known].filter((pid) => living.has(pid))
    },
  }
}
