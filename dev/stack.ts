import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DevSettings } from '../config.ts'
import { startPostgres } from './postgres.ts'
import { temporalServer } from './temporal.ts'

export type Ports = { postgres?: number; temporal?: number; temporalUi?: number }

export type Stack = {
  databaseUrl: string
  temporal: { address: string; uiUrl?: string }
  /** Stops what was started, the last one first. */
  close(): Promise<void>
}

export type StackOptions = {
  /** `test`: nothing survives the run, and nothing waits for the disk. `demo`: data stays in `home`. */
  mode: 'test' | 'demo'
  settings: DevSettings
  ports?: Ports
}

/**
 * The only way to start the world that the product runs in: PostgreSQL and Temporal, unless the settings name servers of your
 * own. `npm start`, tests and benches all use it, so it cannot rot. What was started is stopped again when a later part fails.
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

  const started = await Promise.allSettled([database(), temporal()])
  const [first, second] = started
  if (first.status === 'rejected' || second.status === 'rejected') {
    await close()
    throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason
  }
  return { databaseUrl: first.value, temporal: second.value, close }
}
