import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DevSettings } from '../config.ts'
import { type Sims, type SimsConfig, startSims } from '../sims/index.ts'
import { startPostgres } from './postgres.ts'
import { simEnvironment } from './sim-environment.ts'
import { temporalServer } from './temporal.ts'

export type Ports = { postgres?: number; temporal?: number; temporalUi?: number }

export type Stack = {
  databaseUrl: string
  temporal: { address: string; uiUrl?: string }
  sims: Sims
  /** What `loadConfig` needs to know of all these. */
  environment: Record<string, string>
  /** Stops what was started, the last one first. */
  close(): Promise<void>
}

export type StackOptions = {
  /** `test`: nothing survives the run, and nothing waits for the disk. `demo`: data stays in `home`. */
  mode: 'test' | 'demo'
  settings: DevSettings
  ports?: Ports
  sims?: SimsConfig
}

/**
 * The only way to start the world that the product runs in: PostgreSQL and Temporal, unless the settings name servers of your
 * own, and simulators of the outside systems. `npm start`, tests and benches all use it, so it cannot rot. What was started is stopped again when a later part fails.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { settings, mode, ports = {} } = options
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const stop of closers.splice(0).reverse()) await stop()
  }
  const keep = <P extends { close(): Promise<void> }>(part: P): P => {
    closers.push(() => part.close())
    return part
  }
  const home = mode === 'demo' ? settings.SAMFONY_HOME : mkdtempSync(join(tmpdir(), 'samfony-'))
  if (mode === 'test') closers.push(async () => rmSync(home, { recursive: true, force: true }))

  const database = async () =>
    settings.DATABASE_URL ??
    keep(
      await startPostgres({
        dataDir: join(home, 'postgres'),
        throwaway: mode === 'test',
        ...(ports.postgres !== undefined && { port: ports.postgres }),
      }),
    ).url
  const temporal = async () =>
    keep(
      await temporalServer({
        home: settings.SAMFONY_HOME,
        path: settings.PATH,
        address: settings.TEMPORAL_ADDRESS,
        ...(mode === 'demo' && { dataDir: join(home, 'temporal') }),
        ...(ports.temporal !== undefined && { port: ports.temporal }),
        ...(ports.temporalUi !== undefined && { uiPort: ports.temporalUi }),
      }),
    )

  // All are waited for, so that what came up beside a part that failed is stopped too.
  const parts = [database(), temporal(), startSims(options.sims).then(keep)] as const
  await Promise.allSettled(parts)
  try {
    const [databaseUrl, server, sims] = await Promise.all(parts)
    const servers = { DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: server.address }
    return { databaseUrl, temporal: server, sims, environment: { ...servers, ...simEnvironment(sims) }, close }
  } catch (fault) {
    await close()
    throw fault
  }
}
