import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection, type WorkflowHandle } from '@temporalio/client'
import { loadDevSettings } from '../config.ts'
import { createDb } from '../db/client.ts'
import { migrate } from '../db/migrate.ts'
import { bundleWorkflows } from '../dev/bundle.ts'
import { startPostgres } from '../dev/postgres.ts'
import { temporalServer } from '../dev/temporal.ts'
import type { FireAnswer } from '../workflows/messages.ts'
import { type Measured, type Section, verdict } from './engine-report.ts'
import { createSides, type Side } from './engine-sides.ts'
import { type Press, path, road } from './installation.ts'
import { processorTime, used } from './processor-time.ts'
import type { Report } from './report.ts'

const rounds = 3
const clients = 16
const ordersAlone = 30
const ordersTogether = 96
const ordersToWarmUp = 48
const historiesRead = 30
const mostErrors = 20
/** No order hangs longer than this when a server is gone. */
const patienceMs = 120_000

/**
 * Our engine beside the same order written by hand, with a local and with an ordinary activity: one run, one Temporal, one
 * PostgreSQL that syncs each commit, one client. Alone the three take turns order by order, together (16 clients) round by
 * round, so that whatever else the machine does hits all alike.
 */
export async function benchEngine(): Promise<Report> {
  const settings = loadDevSettings()
  const home = mkdtempSync(join(tmpdir(), 'samfony-bench-'))
  const closers: (() => Promise<void>)[] = [async () => rmSync(home, { recursive: true, force: true })]
  try {
    const database = await startPostgres({ dataDir: join(home, 'postgres') })
    closers.push(database.close)
    const temporal = await temporalServer({ home: settings.SAMFONY_HOME, path: settings.PATH })
    closers.push(temporal.close)
    await migrate(database.url)
    const db = createDb(database.url)
    closers.push(db.close)
    const connection = await Connection.connect({ address: temporal.address })
    closers.push(() => connection.close())
    const client = new Client({ connection })
    const bundle = await bundleWorkflows(join(home, 'workflow-bundle.js'))
    const sides = await createSides({ db, client, address: temporal.address, databaseUrl: database.url, bundle })
    closers.push(...sides.map(({ close }) => close))
    const measured: Measured[] = []
    for (const side of sides) measured.push({ name: side.name, alone: [], together: [], history: [], errors: 0 })
    const each = async (work: (side: Side, of: Measured) => Promise<void>) => {
      for (const [i, side] of sides.entries()) {
        const of = measured[i]
        if (of !== undefined) await work(side, of)
      }
    }

    const ids = await Promise.all(sides.map((side) => side.prepare(ordersToWarmUp)))
    await each(async (side, of) => {
      await together(side, ids[sides.indexOf(side)] ?? [], of)
    })
    const alone = await Promise.all(sides.map((side) => side.prepare(rounds * ordersAlone)))
    for (let round = 0; round < rounds; round++) {
      await each(async (_, of) => {
        of.alone.push([])
      })
      for (let n = 0; n < ordersAlone; n++) {
        await each(async (side, of) => {
          const id = alone[sides.indexOf(side)]?.[round * ordersAlone + n] ?? ''
          await oneOrder(side, id, of.alone[round] ?? [], of)
        })
      }
    }
    for (let round = 0; round < rounds; round++) {
      await each(async (side, of) => {
        const ids = await side.prepare(ordersTogether)
        of.together.push(await section(side, ids, of))
      })
    }
    await each(async (side, of) => {
      const all = side.started()
      of.errors += await side.faultyOrders()
      for (const id of all.slice(-historiesRead)) {
        const { historyLength, historySize = 0, status } = await client.workflow.getHandle(id).describe()
        of.history.push({ events: historyLength, bytes: historySize })
        if (status.name !== 'COMPLETED') of.errors += 1
      }
    })
    return verdict(measured, { clients, ordersAlone: rounds * ordersAlone, ordersTogether: rounds * ordersTogether })

    /** Orders by 16 clients at once, with what they cost. */
    async function section(side: Side, ids: string[], of: Measured): Promise<Section> {
      const [wal, stored, cpu] = [await walBytes(), await side.storedBytes(), processorTime(side.workerPid)]
      const startedAt = performance.now()
      const samples = await together(side, ids, of)
      const seconds = (performance.now() - startedAt) / 1000
      const spent = used(cpu, processorTime(side.workerPid))
      const per = (total: number) => total / ids.length
      return {
        ordersPerSecond: ids.length / seconds,
        samples,
        cpu: {
          client: per(spent.client),
          worker: per(spent.worker),
          temporal: per(spent.temporal),
          postgres: per(spent.postgres),
          total: per(spent.total),
        },
        walBytes: per((await walBytes()) - wal),
        storedBytes: per((await side.storedBytes()) - stored),
      }
    }

    async function walBytes(): Promise<number> {
      const [row] = await db.$client<{ n: number }[]>`select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as n`
      return Number(row?.n)
    }
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

async function together(side: Side, ids: string[], of: Measured): Promise<number[]> {
  const samples: number[] = []
  const left = [...ids]
  const work = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) await oneOrder(side, id, samples, of)
  }
  await Promise.all(Array.from({ length: clients }, work))
  return samples
}

/** One order from its start to its end; each answer must name the right state. */
async function oneOrder(side: Side, id: string, samples: number[], of: Measured): Promise<void> {
  try {
    await side.client.withDeadline(Date.now() + patienceMs, async () => {
      const handle = await side.start(id)
      for (const [i, press] of road.entries()) samples.push(await transition(handle, press, path[i + 1] ?? ''))
    })
  } catch (fault) {
    of.errors += 1
    process.stderr.write(`${side.name}, order ${id}: ${String(fault)}\n`)
    if (of.errors > mostErrors)
      throw new Error(`${side.name} fails; its worker or a server may be gone`, { cause: fault })
  }
}

/** Ms from the question to the answer. */
async function transition(handle: WorkflowHandle, press: Press, expected: string): Promise<number> {
  const askedAt = performance.now()
  const answer = await handle.executeUpdate<FireAnswer, [Press]>('fire', { args: [press], updateId: randomUUID() })
  const ms = performance.now() - askedAt
  if (answer.states[0] !== expected) throw new Error(`${press.event} led to ${answer.states.join()}`)
  return ms
}
