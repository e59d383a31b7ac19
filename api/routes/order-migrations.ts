import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import { definitionOf } from '../../db/definitions.ts'
import { graphOf } from '../../db/graphs.ts'
import {
  migrationById,
  migrationItemsOf,
  migrationProgress,
  migrationsOf,
  type OrderMigration,
  openMigration,
  ordersToMove,
  passedBy,
  setMigrationStatus,
} from '../../db/order-migrations.ts'
import { enqueue } from '../../db/outbox.ts'
import { parseDefinition } from '../../definitions/check/index.ts'
import type { Graph } from '../../definitions/graph.ts'
import { type Chart, chartOf } from '../../definitions/interpreter/chart.ts'
import type { Instance } from '../../definitions/interpreter/instance.ts'
import { createPlanner, mapFor } from '../../definitions/migrate/plan.ts'
import { mustFindVersion } from '../found-definition.ts'
import { type MapReport, mapReports, refuseBadMaps } from '../map-report.ts'
import { badInput, conflict, notFound } from '../problem.ts'
import { type Context, Reply, type Route, route } from '../route.ts'
import { byId, done, id, instant, json, limit, text } from '../schemas.ts'
import { changing } from './life-cycle.ts'

const version = z.int().min(1).max(1_000_000)
const versions = z.array(version).min(1).max(20)
const counts = z.object({
  open: z.int(),
  moved: z.int(),
  held: z.int(),
  busy: z.int(),
  refused: z.int(),
  ended: z.int(),
})
const problem = z.object({ code: z.string(), place: z.string(), message: text })
const migration = z.object({
  id: z.string(),
  definitionId: z.string(),
  fromVersions: z.array(z.int()),
  toVersion: z.int(),
  inverseOf: z.string().nullable(),
  status: z.enum(['running', 'paused', 'stopped', 'done']),
  rate: z.int(),
  startedBy: z.string(),
  startedAt: instant,
  endedAt: instant.nullable(),
  counts,
})
const timer = z.object({
  old: z.string().nullable(),
  fresh: z.string().nullable(),
  oldDueAt: instant.nullable(),
  freshDueAt: instant.nullable(),
})
const report = z.object({
  from: z.int(),
  occupied: z.array(z.object({ leaves: z.array(z.string()), orders: z.int() })),
  faults: z.array(z.object({ leaves: z.array(z.string()), orders: z.int(), problems: z.array(problem) })),
  held: z.array(z.string()),
  inverse: z.object({ whole: z.boolean(), losses: z.array(text) }),
})
const oneMigration = z.strictObject({ id, migration: id })

/** Orders in flight to another version of their definition: looked at first, then moved in a durable batch (definitions.md 3.6). */
export const orderMigrationRoutes: Route[] = [
  route({
    method: 'post',
    path: '/v1/definitions/:id/migrations/dry-run',
    summary:
      'What a migration would do: the map on the graphs, and each order with states, due times, data and problems. Moves nothing',
    auth: 'definitions.migrate',
    idempotent: false,
    input: {
      params: byId,
      body: z.strictObject({
        to: version,
        from: versions.optional(),
        after: id.optional(),
        limit: limit.default(50),
      }),
    },
    output: z.object({
      maps: z.array(report),
      orders: z.array(
        z.object({
          orderId: z.string(),
          number: z.string(),
          fromVersion: z.int(),
          verdict: z.enum(['moves', 'asks', 'held', 'busy', 'refused', 'ended']),
          from: z.array(z.string()),
          to: z.array(z.string()),
          timers: z.array(timer),
          context: z.array(z.object({ name: z.string(), old: json, fresh: json })),
          problems: z.array(problem),
          place: z.string().nullable(),
        }),
      ),
      next: z.string().nullable(),
    }),
    async handler({ deps, params, body, now }) {
      const { definition, graph, from } = await wanted(deps.db, params.id, body)
      const maps = await mapReports(deps.db, definition, graph, from)
      const charts = new Map<number, Chart>([[body.to, chartOf(graph)]])
      for (const each of from) charts.set(each, chartOf((await graphOf(deps.db, params.id, each)) as unknown as Graph))
      const fresh = chartOf(graph)
      const planners = new Map(
        from.map((each) => {
          const old = charts.get(each) ?? fresh
          const map = mapFor(definition, each) ?? { from: [each], states: {} }
          return [each, createPlanner({ old, fresh, map, requires: definition.requires, charts })]
        }),
      )
      const rows = await ordersToMove(deps.db, {
        definitionId: params.id,
        versions: from,
        after: body.after,
        limit: body.limit,
      })
      const logs = await passedBy(
        deps.db,
        rows.map((row) => row.id),
      )
      const orders = rows.map((row) => {
        const plan = planners.get(row.version)
        if (plan === undefined) throw new Error(`no planner for version ${row.version}`)
        const planned = plan(row.instance as unknown as Instance | null, logs.get(row.id) ?? [], now.getTime())
        return { orderId: row.id, number: row.number, fromVersion: row.version, ...planned }
      })
      return { maps, orders, next: rows.length === body.limit ? (rows.at(-1)?.id ?? null) : null }
    },
  }),
  route({
    method: 'post',
    path: '/v1/definitions/:id/migrations',
    summary:
      'Move the orders of older versions to a published one, in a batch that can be paused, resumed and taken back',
    auth: 'definitions.migrate',
    input: {
      params: byId,
      body: z.strictObject({
        to: version,
        from: versions.optional(),
        /** Orders a second, at most. */
        rate: z.int().min(1).max(200).default(20),
      }),
    },
    output: migration,
    status: 201,
    async handler(context) {
      const { deps, params, body, who, now, newId } = context
      const { definition, graph, from } = await wanted(deps.db, params.id, body)
      refuseBadMaps(await mapReports(deps.db, definition, graph, from))
      const made = newId('mig')
      const detail = { migration: made, to: body.to, from, rate: body.rate }
      await changing(context, 'migration.start', params.id, detail, async (tx) => {
        await openMigration(tx, {
          id: made,
          definitionId: params.id,
          fromVersions: from,
          toVersion: body.to,
          rate: body.rate,
          startedBy: who.id,
          startedAt: now.toISOString(),
        })
        await wake(tx, made, 'start')
      })
      return new Reply(201, await shown(deps, params.id, made), {
        Location: `/v1/definitions/${params.id}/migrations/${made}`,
      })
    },
  }),
  route({
    method: 'get',
    path: '/v1/definitions/:id/migrations',
    summary: 'Migrations of a definition, newest first',
    auth: 'definitions.migrate',
    input: { params: byId },
    output: z.object({ migrations: z.array(migration) }),
    async handler({ deps, params }) {
      const all = await migrationsOf(deps.db, params.id)
      const counted = all.map(async (each) => ({ ...each, counts: await migrationProgress(deps.db, each.id) }))
      return { migrations: await Promise.all(counted) }
    },
  }),
  route({
    method: 'get',
    path: '/v1/definitions/:id/migrations/:migration',
    summary: 'How a migration stands, and what became of each order',
    auth: 'definitions.migrate',
    input: {
      params: oneMigration,
      query: z.strictObject({
        state: z.enum(['open', 'moved', 'held', 'busy', 'refused', 'ended']).optional(),
        after: id.optional(),
        limit,
      }),
    },
    output: migration.extend({
      orders: z.array(
        z.object({
          orderId: z.string(),
          number: z.string(),
          state: z.enum(['open', 'moved', 'held', 'busy', 'refused', 'ended']),
          seq: z.int(),
          detail: json,
        }),
      ),
      next: z.string().nullable(),
    }),
    async handler({ deps, params, query }) {
      const one = await shown(deps, params.id, params.migration)
      const items = await migrationItemsOf(deps.db, params.migration, query)
      const next = items.length === query.limit ? (items.at(-1)?.orderId ?? null) : null
      return { ...one, orders: items, next }
    },
  }),
  ...(
    [
      ['pause', ['running'], 'paused', 'Hold a migration: no further order moves until it is resumed'],
      ['resume', ['paused'], 'running', 'Go on with a migration that was paused'],
      ['stop', ['running', 'paused'], 'stopped', 'End a migration; orders that were moved stay moved'],
    ] as const
  ).map(([act, from, to, summary]) =>
    route({
      method: 'post',
      path: `/v1/definitions/:id/migrations/:migration/${act}`,
      summary,
      auth: 'definitions.migrate',
      input: { params: oneMigration },
      output: done,
      async handler(context) {
        const { deps, params, now, key } = context
        await mustFindMigration(deps, params.id, params.migration)
        await changing(context, `migration.${act}`, params.id, { migration: params.migration }, async (tx) => {
          if (!(await setMigrationStatus(tx, params.migration, [...from], to, now.toISOString())))
            throw conflict('NotNow', { fa: 'جابه‌جایی در این وضعیت نیست', en: 'The migration does not stand so' })
          await wake(tx, params.migration, `${act}:${key}`)
        })
        return { done: true as const }
      },
    }),
  ),
  route({
    method: 'post',
    path: '/v1/definitions/:id/migrations/:migration/inverse',
    summary:
      'Take a migration back: every order that it moved returns to its version by the inverse map, with its data and due times',
    auth: 'definitions.migrate',
    input: { params: oneMigration },
    output: migration.extend({ losses: z.array(text) }),
    status: 201,
    async handler(context) {
      const { deps, params, who, now, newId } = context
      const forward = await mustFindMigration(deps, params.id, params.migration)
      if (forward.inverseOf !== null || forward.status === 'running' || forward.status === 'paused')
        throw conflict('NotNow', {
          fa: 'تنها جابه‌جایی پایان‌یافته یا متوقف‌شده برگردانده می‌شود',
          en: 'Only a migration that is over or stopped can be taken back',
        })
      const { definition, graph } = await wanted(deps.db, params.id, {
        to: forward.toVersion,
        from: forward.fromVersions,
      })
      const reports = await mapReports(deps.db, definition, graph, forward.fromVersions)
      const made = newId('mig')
      const detail = { migration: made, takesBack: forward.id }
      await changing(context, 'migration.inverse', params.id, detail, async (tx) => {
        await openMigration(tx, {
          id: made,
          definitionId: params.id,
          fromVersions: [forward.toVersion],
          toVersion: forward.fromVersions[0] ?? forward.toVersion,
          inverseOf: forward.id,
          rate: forward.rate,
          startedBy: who.id,
          startedAt: now.toISOString(),
        })
        await wake(tx, made, 'start')
      })
      const losses = reports.flatMap(({ inverse }: MapReport) => inverse.losses)
      return { ...(await shown(deps, params.id, made)), losses }
    },
  }),
]

/** The definition to which orders are to go, and the versions from which a map of it leads. Throws Problem 404, 409 or 422. */
async function wanted(
  db: Context['deps']['db'],
  definitionId: string,
  body: { to: number; from?: number[] | undefined },
) {
  const stored = await mustFindVersion(db, definitionId, body.to)
  if (stored.graph === null)
    throw conflict('NotPublished', { fa: 'این نسخه منتشر نشده است', en: 'This version is not published' })
  const definition = { ...parseDefinition(stored.text), version: stored.version }
  const mapped = new Set((definition.migrations ?? []).flatMap(({ from }) => from))
  const from = body.from ?? [...mapped]
  const unmapped = from.filter((each) => !mapped.has(each))
  if (from.length === 0 || unmapped.length > 0)
    throw badInput([
      {
        place: '$.body.from',
        fa: `نسخهٔ مقصد نقشه‌ای از نسخهٔ ${unmapped.join('، ')} ندارد`,
        en: `the version has no map from ${unmapped.join(', ') || 'any other'}`,
      },
    ])
  // A map may name versions that were never published here.
  const known: number[] = []
  for (const each of from) {
    const old = await definitionOf(db, definitionId, each).catch(() => undefined)
    if (old !== undefined && old.graph !== null) known.push(each)
  }
  const graph = (await graphOf(db, definitionId, body.to)) as unknown as Graph
  return { definition, graph, from: known }
}

async function mustFindMigration(
  { db }: Context['deps'],
  definitionId: string,
  migrationId: string,
): Promise<OrderMigration> {
  const found = await migrationById(db, migrationId)
  if (found === null || found.definitionId !== definitionId) throw notFound()
  return found
}

async function shown(deps: Context['deps'], definitionId: string, migrationId: string) {
  const found = await mustFindMigration(deps, definitionId, migrationId)
  return { ...found, counts: await migrationProgress(deps.db, migrationId) }
}

/** Starts the batch, or calls it when it sleeps. */
async function wake(tx: Tx, migrationId: string, why: string): Promise<void> {
  await enqueue(tx, null, [
    {
      key: `migration:${migrationId}:${why}`,
      kind: 'job',
      workflowType: 'orderMigration',
      workflowId: `migration:${migrationId}`,
      input: { migrationId },
    },
  ])
}
