import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { loadConfig, loadDevSettings } from '../config.ts'
import { createDb } from '../db/client.ts'
import { migrate } from '../db/migrate.ts'
import { startServer } from '../server.ts'
import { startWorker } from '../worker.ts'
import { bundleWorkflows } from './bundle.ts'
import { choosePorts } from './ports.ts'
import { demoLogins, seedDemo } from './seed/demo.ts'
import { startStack } from './stack.ts'
import { buildWeb } from './web.ts'

/**
 * `npm start`: the whole product with a demonstration company, in one terminal. Everything it keeps is in `.samfony/`, and a
 * second start goes on where the first stopped. Ctrl-C stops it all, in the reverse order.
 */
async function up(): Promise<void> {
  const startedAt = Date.now()
  const settings = loadDevSettings()
  const home = resolve(settings.SAMFONY_HOME)
  const ports = await choosePorts(join(home, 'ports.json'), settings)
  const running: { close(): Promise<void> }[] = []
  const keep = <P extends { close(): Promise<void> }>(part: P): P => {
    running.push(part)
    return part
  }
  const isReady = onSignal(async () => {
    for (const part of running.splice(0).reverse()) await part.close()
  })
  // The order of stopping is ours, and what Temporal has to say at every start is not for this terminal.
  const talkative = settings.LOG_LEVEL === 'debug' || settings.LOG_LEVEL === 'trace'
  Runtime.install({ logger: new DefaultLogger(talkative ? 'DEBUG' : 'ERROR'), shutdownSignals: [] })

  say('Starting PostgreSQL, Temporal and the simulators, building the panel …')
  const [stack, workflowBundle] = await Promise.all([
    startStack({ mode: 'demo', settings, ports, sims: { ports, stateFile: join(home, 'sims.json') } }).then(keep),
    bundleWorkflows(join(home, 'workflow-bundle.js')),
    buildWeb(),
  ])
  const publicUrl = `http://127.0.0.1:${ports.api}`
  const config = loadConfig({
    ...stack.environment,
    API_PORT: String(ports.api),
    PUBLIC_URL: publicUrl,
    SESSION_SECRET: secretOf(join(home, 'session-secret')),
    LOG_LEVEL: settings.LOG_LEVEL,
  })

  say('Preparing the database …')
  await migrate(config.databaseUrl)
  const db = createDb(config.databaseUrl)
  await seedDemo(db)
  await db.close()

  say('Starting the worker and the API …')
  keep(await startWorker(config, { workflowBundle }))
  keep(await startServer(config))
  isReady()

  say(`\nSamfony is ready, after ${Math.round((Date.now() - startedAt) / 1000)} s.\n`)
  say(`  Panel           ${publicUrl}`)
  say(`  API documents   ${publicUrl}/docs`)
  say(`  Temporal        ${stack.temporal.uiUrl ?? stack.temporal.address}`)
  say(`  Sent messages   ${stack.sims.sms.url}/_sim/state (SMS), ${stack.sims.smtp.url}/_sim/state (mail)`)
  say('\n  Log in as:')
  for (const { user, password, role } of demoLogins) say(`    ${user.padEnd(22)} ${password.padEnd(18)} ${role}`)
  say('\nCtrl-C stops it; the data stays in .samfony/.')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/**
 * The first signal stops all in order. Before all is ready, and at a second signal, nothing is waited for: the servers end by
 * themselves with this process. Call what it answers when all is ready.
 */
function onSignal(stop: () => Promise<void>): () => void {
  let patient = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!patient) process.exit(130)
      patient = false
      say('\nStopping …')
      stop().then(() => process.exit(0), giveUp)
    })
  }
  return () => {
    patient = true
  }
}

function giveUp(fault: unknown): never {
  process.stderr.write(`\n${fault instanceof Error ? fault.message : String(fault)}\n`)
  process.exit(1) // what had been started ends with this process
}

/** Made on the first start, so that sessions survive a restart. */
function secretOf(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(resolve(file, '..'), { recursive: true })
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 })
  }
  return readFileSync(file, 'utf8')
}

up().catch(giveUp)
