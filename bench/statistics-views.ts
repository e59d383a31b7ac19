import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { createDb, type Db, type Queryable } from '../db/client.ts'
import { migrate } from '../db/migrate.ts'
import { createOrder } from '../db/orders.ts'
import { type ActorScope, withActor } from '../db/scope.ts'
import { countLog } from '../db/statistics/count.ts'
import { flowFigures, groupFigures, operatorFigures, pathFigures } from '../db/statistics/journeys.ts'
import { moveFigures } from '../db/statistics/moves.ts'
import type { Slice } from '../db/statistics/slice.ts'
import { stateFigures } from '../db/statistics/states.ts'
import { recordTransition } from '../db/transitions.ts'
import { startPostgres } from '../dev/postgres.ts'
import { dayRange } from '../domain/period.ts'
import type { TransitionRecord } from '../domain/transition.ts'
import { startStatistics } from '../relay/statistics.ts'
import { fillMap, onlookers, orderCount } from './map-rows.ts'
import { processorTime, used } from './processor-time.ts'
import type { Report } from './report.ts'
import { percentile, rounded } from './statistics.ts'
import { fillLog, stepsOfEach } from './statistics-rows.ts'

const readings = 12

/** Every view of the statistics over 200,000 orders and three million transitions; how fast they are counted; what a transition pays. */
export async function benchStatistics(): Promise<Report> {
  const home = mkdtempSync(join(tmpdir(), 'samfony-bench-'))
  const closers: (() => Promise<void>)[] = [async () => rmSync(home, { recursive: true, force: true })]
  try {
    const database = await startPostgres({ dataDir: join(home, 'postgres') })
    closers.push(database.close)
    await migrate(database.url)
    const db = createDb(database.url)
    closers.push(db.close)
    await fillMap(db)
    await fillLog(db)

    const before = processorTime(process.pid)
    const startedAt = performance.now()
    const { orders } = await countLog(db, { sweep: true })
    const seconds = (performance.now() - startedAt) / 1000
    const counting = used(before, processorTime(process.pid))
    await db.$client`vacuum analyze`
    const [size] = await db.execute<{
      visits: number
      journeys: number
      counts: number
      bytes: number
      transitions: number
    }>(sql`
      select (select count(*) from visits) as visits, (select count(*) from journeys) as journeys, (select count(*) from visit_counts) as counts,
             (select count(*) from transitions) as transitions,
             pg_total_relation_size('visits') + pg_total_relation_size('journeys') + pg_total_relation_size('visit_counts') as bytes`)

    const table = [['', 'p50 ms', 'p95 ms', 'slowest ms', 'processor ms of server and client']]
    let slowest = 0
    let dearest = 0
    for (const [title, { who, slice }] of Object.entries(questions(Date.now()))) {
      const seesAll = who.assignments.some(({ reach }) => reach === 'all')
      for (const [view, read] of Object.entries(views)) {
        const times: number[] = []
        let from = processorTime(process.pid)
        for (let turn = 0; turn < readings + 2; turn++) {
          if (turn === 2) from = processorTime(process.pid)
          const askedAt = performance.now()
          await withActor(db, who, (tx) => read(tx, slice, seesAll))
          if (turn >= 2) times.push(performance.now() - askedAt)
        }
        const { postgres, client } = used(from, processorTime(process.pid))
        const cpu = (postgres + client) / readings
        slowest = Math.max(slowest, percentile(times, 95))
        dearest = Math.max(dearest, cpu)
        const figures = [percentile(times, 50), percentile(times, 95), Math.max(...times), cpu]
        table.push([`${title}: ${view}`, ...figures.map((ms) => String(rounded(ms, 1)))])
      }
    }

    const price = await priceOfTransition(db)
    return {
      title: 'Statistics over 200,000 orders and three million transitions',
      method: `${orderCount} orders with ${stepsOfEach} transitions each over one year, 50 agents, 20 exchanges, 5 cities and 30 people, in the real tables with every index; ${readings} readings each by one client, as the API makes them: a transaction in the role of the reader, row-level security deciding. An agency sees itself and six resellers. PostgreSQL with 256 MB of shared buffers.`,
      table,
      notes: [
        `Counted from nothing: ${orders} orders in ${rounded(seconds, 0)} s, ${rounded((counting.postgres + counting.client) / orders, 2)} ms of processor an order; ${size?.visits} stays and ${size?.counts} rows of sums, ${rounded(Number(size?.bytes) / orders / 1024, 2)} kB an order with all indexes.`,
        `A transition (${price.steps} in a row by one client, rounds in turn): ${rounded(price.without)} ms of processor and ${rounded(price.withoutMs)} ms without the trigger and without counting, ${rounded(price.with)} ms and ${rounded(price.withMs)} ms with both; the second includes the counting itself.`,
      ],
      figures: {
        slowestP95Ms: rounded(slowest, 0),
        dearestProcessorMs: rounded(dearest, 0),
        transitions: Number(size?.transitions),
        countingMsPerOrder: rounded((counting.postgres + counting.client) / orders, 2),
        bytesPerOrder: Math.round(Number(size?.bytes) / orders),
        transitionMsRatio: rounded(price.withMs / price.withoutMs),
      },
      bars: {
        slowestP95Ms: { max: 1_000 },
        transitions: { min: orderCount * stepsOfEach },
        transitionMsRatio: { max: 1.1 },
      },
    }
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

const views: Record<string, (db: Queryable, slice: Slice, seesAll: boolean) => Promise<unknown>> = {
  'states and bottlenecks': stateFigures,
  transitions: moveFigures,
  paths: (db, slice) => pathFigures(db, slice),
  'flow by week': (db, slice) => flowFigures(db, slice, 'week'),
  'groups by agent': (db, slice) => groupFigures(db, slice, 'agent'),
  people: operatorFigures,
}

function questions(nowMs: number): Record<string, { who: ActorScope; slice: Slice }> {
  const year = { range: dayRange({}, nowMs), definition: 'adsl' }
  year.range = { fromDay: year.range.toDay - 380, toDay: year.range.toDay }
  const quarter = { ...year, range: { fromDay: year.range.toDay - 100, toDay: year.range.toDay - 10 } }
  const office: ActorScope = { userId: 'hq', customerId: null, assignments: [onlookers.hq] }
  const agency: ActorScope = { userId: 'agency', customerId: null, assignments: [onlookers.agency] }
  return {
    'office, a year': { who: office, slice: year },
    'office, 90 days': { who: office, slice: quarter },
    'office, one city, a year': { who: office, slice: { ...year, city: 'c2' } },
    'office, one agency, a year': { who: office, slice: { ...year, agent: 'a3' } },
    'agency, a year': { who: agency, slice: year },
    'agency, 90 days': { who: agency, slice: quarter },
  }
}

/** The same transitions with and without what statistics add, in turn, so that a busy machine is busy for both. */
async function priceOfTransition(db: Db) {
  const steps = 3_000
  const sums = { with: [0, 0], without: [0, 0] }
  for (let round = 0; round < 6; round++) {
    const kind = round % 2 === 0 ? 'without' : 'with'
    await db.execute(
      sql.raw(`alter table orders ${kind === 'with' ? 'enable' : 'disable'} trigger orders_move_journey`),
    )
    const job = kind === 'with' ? startStatistics({ db, logger: { warn: () => undefined }, everyMs: 1_000 }) : undefined
    const before = processorTime(process.pid)
    const startedAt = performance.now()
    for (let n = 0; n < steps / 3 / 8; n++) await oneLife(db, `bench-${round}-${n}`)
    const ms = performance.now() - startedAt
    await job?.stop()
    const { postgres, client } = used(before, processorTime(process.pid))
    sums[kind] = [(sums[kind][0] ?? 0) + postgres + client, (sums[kind][1] ?? 0) + ms]
  }
  const of = ([cpu = 0, ms = 0]: number[]) => [cpu / steps, ms / steps]
  const [withCpu = 0, withMs = 0] = of(sums.with)
  const [withoutCpu = 0, withoutMs = 0] = of(sums.without)
  return { steps, with: withCpu, withMs, without: withoutCpu, withoutMs }
}

async function oneLife(db: Db, id: string): Promise<void> {
  const at = Date.now()
  await db.transaction((tx) =>
    createOrder(tx, {
      id,
      kind: 'order',
      workflowId: `order:${id}`,
      definitionId: 'adsl',
      definitionVersion: 1,
      engineVersion: 1,
      at: new Date(at).toISOString(),
      partnerId: 'a3',
    }),
  )
  for (let seq = 1; seq <= 8; seq++) {
    const [from, to] = [`s${seq - 1}`, `s${seq}`]
    const record: TransitionRecord = {
      orderId: id,
      workflowId: `order:${id}`,
      seq,
      at: new Date(at + seq).toISOString(),
      event: { type: 'user', name: 'GO' },
      actor: { id: 'u1', role: 'sales' },
      payload: null,
      from: seq === 1 ? [] : [from],
      to: [to],
      entered: [to],
      left: seq === 1 ? [] : [from],
      trace: [],
      set: { n: seq },
      effects: [],
      status: seq === 8 ? 'ended' : 'running',
      outcome: seq === 8 ? 'active' : null,
      outcomeKind: seq === 8 ? 'success' : null,
      stage: null,
      tmfState: null,
      owners: [],
      dueAt: null,
      incidents: [],
      instance: { seq },
      outbox: [],
      cancel: [],
    }
    await recordTransition(db, record)
  }
}
