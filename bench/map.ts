import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDb, type Tx } from '../db/client.ts'
import { migrate } from '../db/migrate.ts'
import { listOrders } from '../db/orders.ts'
import { type ActorScope, withActor } from '../db/scope.ts'
import { stateMap } from '../db/state-map.ts'
import { startPostgres } from '../dev/postgres.ts'
import { fillMap, onlookers, orderCount, searches } from './map-rows.ts'
import { processorTime, used } from './processor-time.ts'
import type { Report } from './report.ts'
import { percentile, rounded } from './statistics.ts'

const readings = 200
const toWarmUp = 20

/** The map of states and the list of orders with 200,000 orders, as head office and as an agency see them through row-level security. */
export async function benchMap(): Promise<Report> {
  const home = mkdtempSync(join(tmpdir(), 'samfony-bench-'))
  const closers: (() => Promise<void>)[] = [async () => rmSync(home, { recursive: true, force: true })]
  try {
    const database = await startPostgres({ dataDir: join(home, 'postgres') })
    closers.push(database.close)
    await migrate(database.url)
    const db = createDb(database.url)
    closers.push(db.close)
    const startedAt = performance.now()
    await fillMap(db)
    const fillSeconds = (performance.now() - startedAt) / 1000

    const timesOf = async (who: ActorScope, read: (tx: Tx, turn: number) => Promise<unknown>) => {
      const times: number[] = []
      let before = processorTime(process.pid)
      for (let turn = 0; turn < toWarmUp + readings; turn++) {
        if (turn === toWarmUp) before = processorTime(process.pid)
        const askedAt = performance.now()
        await withActor(db, who, (tx) => read(tx, turn))
        if (turn >= toWarmUp) times.push(performance.now() - askedAt)
      }
      const { postgres, client } = used(before, processorTime(process.pid))
      return { times, cpu: (postgres + client) / readings }
    }
    const reads: Record<string, (scope: ActorScope) => (tx: Tx, turn: number) => Promise<unknown>> = {
      'map of states': (scope) => (tx) => stateMap(tx, { scope }),
      'newest orders': (scope) => (tx) => listOrders(tx, { scope }),
      'orders in a state': (scope) => (tx) => listOrders(tx, { scope, state: 'ranging' }),
      'orders found by a name, a number, a telephone': (scope) => (tx, turn) =>
        listOrders(tx, { scope, search: searches[turn % searches.length] ?? '' }),
    }
    const seen: Record<string, number> = {}
    const table = [['', 'orders in reach', 'p50 ms', 'p95 ms', 'slowest ms', 'processor ms of server and client']]
    const p95 = { map: 0, list: 0 }
    for (const [name, assignment] of Object.entries(onlookers)) {
      const scope: ActorScope = { userId: name, customerId: null, assignments: [assignment] }
      const counts = await withActor(db, scope, (tx) => stateMap(tx, { scope }))
      const inReach = counts.reduce((sum, { count }) => sum + count, 0)
      seen[name] = inReach
      for (const [title, read] of Object.entries(reads)) {
        const { times, cpu } = await timesOf(scope, read(scope))
        const kind = title.startsWith('map') ? 'map' : 'list'
        p95[kind] = Math.max(p95[kind], percentile(times, 95))
        const figures = [percentile(times, 50), percentile(times, 95), Math.max(...times), cpu]
        table.push([`${name}: ${title}`, String(inReach), ...figures.map((ms) => String(rounded(ms, 1)))])
      }
    }
    return {
      title: 'The map and the list with 200,000 orders',
      method: `${orderCount} orders of 12 states, 50 partners and 20 telephone exchanges with 40,000 customers, in the real tables with every index; ${readings} readings each by one client, as the API makes them: a transaction in the role of the reader, row-level security deciding. An agency sees itself and six resellers. PostgreSQL with 256 MB of shared buffers.`,
      table,
      notes: [
        `Filling took ${rounded(fillSeconds, 0)} s.`,
        'A figure is the worst of both readers and of its kind of reading.',
      ],
      figures: {
        mapP95Ms: rounded(p95.map, 1),
        listP95Ms: rounded(p95.list, 1),
        orders: seen['hq'] ?? 0,
        ordersOfAgency: seen['agency'] ?? 0,
      },
      bars: { mapP95Ms: { max: 50 }, listP95Ms: { max: 100 }, orders: { min: orderCount, max: orderCount } },
    }
  } finally {
    for (const close of closers.reverse()) await close()
  }
}
