import { audit } from '../db/audit.ts'
import type { Db } from '../db/client.ts'
import { definitionOf } from '../db/definitions.ts'
import { graphOf } from '../db/graphs.ts'
import {
  type MigrationItem,
  migrationById,
  migrationProgress,
  nextItems,
  type OrderMigration,
  passedBy,
  setMigrationStatus,
  settleItem,
  takeIn,
} from '../db/order-migrations.ts'
import { type Order, orderById } from '../db/orders.ts'
import type { Definition, Migration } from '../definitions/format.ts'
import type { Graph } from '../definitions/graph.ts'
import { type Chart, chartOf } from '../definitions/interpreter/chart.ts'
import type { Instance } from '../definitions/interpreter/instance.ts'
import { inverseOf } from '../definitions/migrate/inverse.ts'
import type { OrderRuns } from '../definitions/migrate/order-runs.ts'
import { createPlanner, mapFor } from '../definitions/migrate/plan.ts'
import type { Json } from '../domain/json.ts'
import { failing } from './failure.ts'

/** A slice is about this long. */
const sliceMs = 5_000
const atOnce = 8
const busyAgainMs = 1_000

/** What a slice tells its workflow: how the migration stands, and in how many milliseconds there may be more to do. */
export interface SliceReport {
  status: OrderMigration['status']
  againInMs: number
}

/** Moves orders in flight to another version, a slice at a time (definitions.md 3.6). */
export function createOrderMigrationActivities({ db, runs, now }: { db: Db; runs: OrderRuns; now: () => number }) {
  const charts = new Map<string, Promise<{ chart: Chart; definition: Definition }>>()
  const versionOf = (id: string, version: number) => {
    const key = `${id}@${version}`
    const known =
      charts.get(key) ??
      Promise.all([graphOf(db, id, version), definitionOf(db, id, version)]).then(([graph, { text }]) => ({
        chart: chartOf(graph as unknown as Graph),
        definition: JSON.parse(text) as Definition,
      }))
    charts.set(key, known)
    return known
  }

  /** By the map of the new version, or by the one that leads back from it. */
  async function plannerOf(migration: OrderMigration, from: number, to: number) {
    const { definitionId, inverseOf: forward } = migration
    const [old, fresh] = [await versionOf(definitionId, from), await versionOf(definitionId, to)]
    const versions = await Promise.all(
      [...new Set([...migration.fromVersions, from, to])].map((version) => versionOf(definitionId, version)),
    )
    const all = new Map(versions.map(({ chart }) => [chart.graph.version, chart]))
    const there = mapFor(forward === null ? fresh.definition : old.definition, forward === null ? from : to)
    if (there === undefined) throw new Error(`there is no map from version ${from} to ${to} of ${definitionId}`)
    const map = forward === null ? there : inverseOf(there, fresh.chart, old.chart).map
    const { requires } = fresh.definition
    const plan = (withMap: Migration) =>
      createPlanner({ old: old.chart, fresh: fresh.chart, map: withMap, requires, charts: all })
    return { map, graph: fresh.chart.graph, plan }
  }
  type Planner = Awaited<ReturnType<typeof plannerOf>>

  async function moveOne(migration: OrderMigration, item: MigrationItem, planner: Planner): Promise<void> {
    const order = await orderById(db, item.orderId)
    if (order === null) return
    const settle = (outcome: Parameters<typeof settleItem>[2]) => settleItem(db, item, outcome)
    // Moved before, and nobody could tell us.
    if (order.definitionVersion === item.toVersion) return settle({ state: 'moved', seq: order.seq })
    if (order.status === 'ended' || order.definitionVersion !== item.fromVersion)
      return settle({ state: 'ended', seq: order.seq })
    const map = withReplaced(planner.map, migration.inverseOf === null ? null : item.replaced)
    const log = (await passedBy(db, [order.id])).get(order.id) ?? []
    const actor = { id: migration.startedBy, roles: [] }
    const plan = planner.plan(map)(instanceOf(order), log, now(), actor)
    const { verdict, replaced, ...rest } = plan
    const detail = JSON.parse(JSON.stringify(rest)) as Json
    if (verdict === 'held' || verdict === 'refused' || verdict === 'ended')
      return settle({ state: verdict, seq: order.seq, detail })
    if (verdict === 'busy') return settle({ state: 'busy', seq: order.seq, detail, againInMs: busyAgainMs })
    const told = await runs.migrate({
      workflowId: order.workflowId,
      updateId: `migrate:${migration.id}:${order.seq}`,
      graph: planner.graph,
      map,
      actor,
      expectedSeq: order.seq,
      knownSeq: order.seq,
    })
    if (told.kind === 'moved') return settle({ state: 'moved', seq: told.seq, detail, replaced })
    const why = { ...(detail as object), place: told.place } as Json
    await settle({
      state: told.kind,
      seq: order.seq,
      detail: why,
      ...(told.kind === 'busy' && { againInMs: busyAgainMs }),
    })
  }

  return failing({
    /** Looks at the orders whose turn it is, at the rate of the migration; a slice that is repeated moves nothing twice. */
    async 'definitions.migrateSlice'({ migrationId }: { migrationId: string }): Promise<SliceReport> {
      const migration = await migrationById(db, migrationId)
      if (migration === null) return { status: 'stopped', againInMs: 0 }
      const { rate } = migration
      if (migration.status !== 'running') return { status: migration.status, againInMs: 60_000 }
      await takeIn(db, migration)
      const items = await nextItems(db, migrationId, Math.max(1, Math.floor((rate * sliceMs) / 1000)))
      const planners = new Map<string, Promise<Planner>>()
      const startedMs = now()
      const moves: Promise<void>[] = []
      for (const [i, item] of items.entries()) {
        const waitMs = startedMs + (i * 1000) / rate - now()
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
        const key = `${item.fromVersion} ${item.toVersion}`
        const planner = planners.get(key) ?? plannerOf(migration, item.fromVersion, item.toVersion)
        planners.set(key, planner)
        moves.push(planner.then((ready) => moveOne(migration, item, ready)))
        if (moves.length < atOnce) continue
        // So many at once and no more; a failure is not left alone, and a pause is heard.
        await Promise.all(moves.splice(0))
        if ((await migrationById(db, migrationId))?.status !== 'running') break
      }
      await Promise.all(moves)
      const { open, busy, held } = await migrationProgress(db, migrationId)
      const at = new Date(now()).toISOString()
      if (open + busy + held === 0) {
        await db.transaction(async (tx) => {
          if (!(await setMigrationStatus(tx, migrationId, ['running'], 'done', at))) return
          await audit(tx, {
            at,
            actor: 'samfony',
            action: 'definition.migration.done',
            entity: 'definition',
            entityId: migration.definitionId,
            detail: { migration: migrationId, ...(await migrationProgress(tx, migrationId)) },
          })
        })
        return { status: 'done', againInMs: 0 }
      }
      const pauseMs = Math.max(0, startedMs + (items.length * 1000) / rate - now())
      return { status: 'running', againInMs: open > 0 ? pauseMs : busy > 0 ? busyAgainMs : 30_000 }
    },
  })
}

const instanceOf = (order: Order) => order.instance as unknown as Instance | null

/** On the way back, what was changed or dropped gets its old value. */
function withReplaced(map: Migration, replaced: MigrationItem['replaced']): Migration {
  return replaced === null || Object.keys(replaced).length === 0 ? map : { ...map, context: replaced }
}
