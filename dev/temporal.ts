import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Connection } from '@temporalio/client'
import { type Child, type ChildOptions, startChild } from './child.ts'
import { freePort } from './free-port.ts'
import { devServer, temporalBinary } from './temporal-binary.ts'

export type RunningTemporal = {
  /** `host:port` of the gRPC frontend. */
  address: string
  /** The address of Temporal's own web interface, when it was asked for. */
  uiUrl?: string
  close(): Promise<void>
  /** SIGKILL, for tests of faults; does nothing to a server that was given. A second start on the same folder goes on. */
  kill(): Promise<void>
}

export type TemporalOptions = {
  /** Fetched programs are kept in `<home>/bin`. */
  home: string
  /** The PATH to look on. */
  path: string | undefined
  /** A running server to use instead of starting one (TEMPORAL_ADDRESS). */
  address?: string | undefined
  /** With it state survives a restart (SQLite in this folder); without it everything is in memory. */
  dataDir?: string
  /** Free ones are chosen when absent. */
  port?: number
  uiPort?: number
}

/**
 * A Temporal server with the namespace `default`: the given one, or `temporal server start-dev` on 127.0.0.1. It is a server
 * for development, tests and demonstrations only: no authorization, one shard. Throws an Error when it does not come up.
 */
export async function temporalServer(options: TemporalOptions): Promise<RunningTemporal> {
  if (options.address) {
    await whenReady(options.address)
    return { address: options.address, close: async () => undefined, kill: async () => undefined }
  }
  const binary = await temporalBinary(devServer, options)
  const port = options.port ?? (await freePort())
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error']
  args.push(...(options.uiPort ? ['--ui-port', String(options.uiPort), '--ui-ip', '127.0.0.1'] : ['--headless']))
  if (options.dataDir) {
    mkdirSync(options.dataDir, { recursive: true })
    args.push('--db-filename', join(resolve(options.dataDir), 'temporal.sqlite'), '--sqlite-pragma', 'journal_mode=WAL')
  }
  for (const [key, value] of Object.entries(dynamicConfig)) args.push('--dynamic-config-value', `${key}=${value}`)

  const address = `127.0.0.1:${port}`
  const logFile = options.dataDir ? join(resolve(options.dataDir), 'server.log') : passingLog(port)
  const server = await started({ command: binary, args, logFile, stopSignal: 'TERM' }, address)
  const close = () => server.stop(options.dataDir ? 15_000 : 0)
  const uiUrl = options.uiPort ? { uiUrl: `http://127.0.0.1:${options.uiPort}` } : {}
  return { address, ...uiUrl, close, kill: () => server.kill() }
}

function passingLog(port: number): string {
  return join(tmpdir(), `samfony-temporal-${port}.log`)
}

/** Where a development server's defaults would stop a test of load before our own code does. */
const dynamicConfig = {
  'frontend.namespaceRPS': 20_000,
  'frontend.namespaceRPS.visibility': 1_000,
  'frontend.persistenceMaxQPS': 20_000,
  'history.persistenceMaxQPS': 20_000,
}

async function started(options: ChildOptions, address: string): Promise<Child> {
  const server = startChild(options)
  try {
    await whenReady(address, server)
    return server
  } catch (fault) {
    await server.stop()
    throw fault
  }
}

async function whenReady(address: string, server?: Child): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    if (server?.exitCode() !== undefined) throw new Error(`Temporal did not start:\n${server.logTail()}`)
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 })
      await connection.close()
      return
    } catch (fault) {
      if (Date.now() > deadline) {
        throw new Error(`Temporal does not answer at ${address}.\n${server?.logTail() ?? ''}`.trim(), { cause: fault })
      }
    }
    await new Promise((wake) => setTimeout(wake, 50))
  }
}
