import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Client, WorkflowHandle } from '@temporalio/client'
import type { createDb } from '../db/client.ts'
import { createOrder } from '../db/orders.ts'
import { createPartner } from '../db/partners.ts'
import { definitions } from '../db/schema/definitions.ts'
import { compile } from '../definitions/compile.ts'
import { engineVersion, type OrderInput, taskQueue } from '../workflows/messages.ts'
import { context, installation, road } from './installation.ts'

/** One way to carry out the order, with a worker process and a task queue of its own. */
export interface Side {
  name: 'engine' | 'local' | 'ordinary'
  client: Client
  workerPid: number
  /** Ids of `count` orders to be started; what a company's counter writes for them is written, and is not measured. */
  prepare(count: number): Promise<string[]>
  start(orderId: string): Promise<WorkflowHandle>
  /** Workflow ids of all that were started, in that order. */
  started(): string[]
  /** Orders that have not all their rows, or not the right end. */
  faultyOrders(): Promise<number>
  /** What the read model takes in the database, with its indexes. */
  storedBytes(): Promise<number>
  close(): Promise<void>
}

interface Servers {
  db: ReturnType<typeof createDb>
  client: Client
  address: string
  databaseUrl: string
  /** File of our bundled workflows. */
  bundle: string
}

/** Starts the three workers and makes the tables that they write. */
export async function createSides(servers: Servers): Promise<Side[]> {
  const { db } = servers
  const { id, version, label } = installation
  await db.insert(definitions).values({
    id,
    version,
    hash: 'bench',
    text: '{}',
    kind: 'installation',
    labelFa: label.fa,
    labelEn: label.en,
  })
  await db.$client.unsafe(`create table bench_rows (order_id text, seq integer, event text not null, from_state text not null,
    to_state text not null, actor_id text not null, payload jsonb, at timestamptz not null default now(), primary key (order_id, seq))`)
  return Promise.all([engineSide(servers), handSide(servers, 'local'), handSide(servers, 'ordinary')])
}

async function engineSide(servers: Servers): Promise<Side> {
  const { db, client } = servers
  const graph = compile(installation, { calendars: {} }, 'bench')
  const prefix = 'bench'
  const queue = taskQueue(prefix, 'engine')
  const worker = await startWorker('engine', queue, servers)
  const started: string[] = []
  const shops = await createShops(db)
  let next = 0
  const workflowIdOf = (orderId: string) => `installation:${orderId}`
  const tables = ['orders', 'order_search', 'transitions', 'tally', 'outbox', 'incidents']
  return {
    name: 'engine',
    client,
    ...worker,
    async prepare(count) {
      const ids = Array.from({ length: count }, () => randomUUID())
      for (const orderId of ids) {
        await db.transaction((tx) =>
          createOrder(tx, {
            id: orderId,
            kind: 'installation',
            workflowId: workflowIdOf(orderId),
            definitionId: installation.id,
            definitionVersion: installation.version,
            engineVersion,
            at: new Date().toISOString(),
            partnerId: shops[next++ % shops.length] ?? null,
          }),
        )
      }
      return ids
    },
    start(orderId) {
      const workflowId = workflowIdOf(orderId)
      started.push(workflowId)
      const input: OrderInput = { engineVersion, kind: 'installation', orderId, graph, context, queuePrefix: prefix }
      return client.workflow.start('installation', { workflowId, taskQueue: queue, args: [input] })
    },
    started: () => started,
    async faultyOrders() {
      const [row] = await db.$client<{ n: number }[]>`
        select count(*) as n from orders o where status <> 'ended' or outcome <> 'active' or states <> '{active}'
          or (select count(*) from transitions t where t.order_id = o.id) <> ${road.length + 1}`
      return Number(row?.n)
    },
    storedBytes: () => sizeOf(db, tables),
  }
}

/** Orders come from many counters; the counts of the map are kept for each. */
async function createShops(db: Servers['db']): Promise<string[]> {
  const ids = Array.from({ length: 16 }, (_, n) => `shop-${n}`)
  for (const id of ids) {
    await createPartner(db, { id, parentId: null, code: id, name: { fa: 'فروشگاه', en: 'Shop' } })
  }
  return ids
}

async function handSide(servers: Servers, kind: 'local' | 'ordinary'): Promise<Side> {
  const { db, client } = servers
  const queue = `bench-hand-${kind}`
  const worker = await startWorker(kind, queue, servers)
  const started: string[] = []
  return {
    name: kind,
    client,
    ...worker,
    prepare: async (count) => Array.from({ length: count }, () => randomUUID()),
    start(orderId) {
      const workflowId = `${kind}:${orderId}`
      started.push(workflowId)
      return client.workflow.start('handWritten', { workflowId, taskQueue: queue, args: [{ orderId, kind }] })
    },
    started: () => started,
    async faultyOrders() {
      const ids = started.map((id) => id.slice(kind.length + 1))
      const [row] = await db.$client<{ n: number }[]>`
        select count(*) as n from unnest(${ids}::text[]) as id
         where (select count(*) from bench_rows r where r.order_id = id) <> ${road.length}`
      return Number(row?.n)
    },
    storedBytes: () => sizeOf(db, ['bench_rows']),
  }
}

async function startWorker(side: string, queue: string, { address, databaseUrl, bundle }: Servers) {
  const file = fileURLToPath(new URL('./engine-worker.ts', import.meta.url))
  // The loader by name: a shell in between would hide the worker's process id.
  const child: ChildProcess = fork(file, [side, address, queue, databaseUrl, bundle], {
    execArgv: ['--import', 'tsx', ...profiling(side)],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const gone = once(child, 'exit')
  await Promise.race([
    once(child, 'message'),
    gone.then(([code]) => {
      throw new Error(`the worker of ${side} ended with ${String(code)} before it was ready`)
    }),
  ])
  return {
    workerPid: child.pid ?? 0,
    async close() {
      if (!child.connected) return
      child.send('stop')
      await gone
    },
  }
}

/** SAMFONY_BENCH_PROFILE=folder writes V8 profiles of each worker's threads there. */
function profiling(side: string): string[] {
  const folder = process.env['SAMFONY_BENCH_PROFILE']
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}/${side}`]
}

async function sizeOf(db: Servers['db'], tables: string[]): Promise<number> {
  const [row] = await db.$client<{ n: number }[]>`
    select sum(pg_total_relation_size(name::regclass)) as n from unnest(${tables}::text[]) as name`
  return Number(row?.n)
}
