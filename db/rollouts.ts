import { and, desc, eq, sql } from 'drizzle-orm'
import { DomainError, type Text } from '../domain/errors.ts'
import type { Json } from '../domain/json.ts'
import type { RolloutFigures, RolloutLimits, VersionFigures } from '../domain/rollout.ts'
import type { Queryable, Tx } from './client.ts'
import { pointAt, refuseUnpublished } from './definitions.ts'
import { definitionPointers } from './schema/definitions.ts'
import { rollouts } from './schema/rollouts.ts'

export type Rollout = typeof rollouts.$inferSelect

/** Whom the new version is tried on: a percentage of the new orders, one city, or one agent with all below. */
export type Audience = { share: number } | { cityId: string } | { partnerId: string }

/**
 * Starts to give a published version to some of the new orders; the others keep to the current one. Ends in DomainError
 * `NotPublished`, `NoSuchDefinition`, or `Conflict`: one is running, or the version is the current one.
 */
export async function startRollout(
  tx: Tx,
  given: {
    id: string
    definitionId: string
    version: number
    audience: Audience
    limits: RolloutLimits
    by: string
    at: string
  },
): Promise<Rollout> {
  const { id, definitionId, version, audience, limits, by: startedBy, at: startedAt } = given
  const [pointer] = await tx
    .select()
    .from(definitionPointers)
    .where(eq(definitionPointers.definitionId, definitionId))
    .for('update')
  await refuseUnpublished(tx, definitionId, version)
  const baseVersion = pointer?.currentVersion
  if (baseVersion === undefined || baseVersion === version)
    throw new DomainError('Conflict', {
      fa: 'نسخه‌ای که گسترش می‌یابد باید جز نسخهٔ جاری باشد',
      en: 'a version that is rolled out must be another one than the current',
    })
  const [started] = await tx
    .insert(rollouts)
    .values({ id, definitionId, version, baseVersion, ...audience, limits, startedBy, startedAt })
    .onConflictDoNothing()
    .returning()
  if (started !== undefined) return started
  throw new DomainError('Conflict', {
    fa: 'گسترش دیگری برای این تعریف در جریان است',
    en: 'another roll-out of this definition is running',
  })
}

/** Changes the percentage of a running roll-out by share. Ends in DomainError `NotFound` when it is not such a one. */
export async function changeShare(tx: Tx, definitionId: string, id: string, share: number): Promise<void> {
  const changed = await tx
    .update(rollouts)
    .set({ share })
    .where(
      and(
        eq(rollouts.id, id),
        eq(rollouts.definitionId, definitionId),
        eq(rollouts.status, 'running'),
        sql`${rollouts.share} is not null`,
      ),
    )
    .returning({ id: rollouts.id })
  if (changed.length === 0) throw notRunning()
}

/**
 * Ends a running roll-out, with the figures of that moment. `completed` makes its version the current one; by the other ends
 * new orders keep to the old one. Orders in flight stay where they are. Ends in DomainError `NotFound` when it has ended.
 */
export async function endRollout(
  tx: Tx,
  given: {
    definitionId: string
    id: string
    status: 'returned' | 'stopped' | 'completed'
    by: string
    at: string
    reasons?: Text[]
  },
): Promise<Rollout> {
  const { definitionId, id, status, by: endedBy, at: endedAt, reasons } = given
  const [running] = await tx
    .select()
    .from(rollouts)
    .where(and(eq(rollouts.id, id), eq(rollouts.definitionId, definitionId), eq(rollouts.status, 'running')))
    .for('update')
  if (running === undefined) throw notRunning()
  const figures = await figuresOf(tx, running, endedAt)
  const [ended] = await tx
    .update(rollouts)
    .set({ status, endedBy, endedAt, figures, ...(reasons !== undefined && { reasons: reasons as unknown as Json }) })
    .where(eq(rollouts.id, id))
    .returning()
  if (status === 'completed') await pointAt(tx, definitionId, running.version)
  if (ended === undefined) throw notRunning()
  return ended
}

/** Roll-outs of a definition, newest first, at most 200. */
export async function rolloutsOf(db: Queryable, definitionId: string): Promise<Rollout[]> {
  return db
    .select()
    .from(rollouts)
    .where(eq(rollouts.definitionId, definitionId))
    .orderBy(desc(rollouts.startedAt))
    .limit(200)
}

/** One roll-out; null when there is none. */
export async function rolloutById(db: Queryable, definitionId: string, id: string): Promise<Rollout | null> {
  const [found] = await db
    .select()
    .from(rollouts)
    .where(and(eq(rollouts.id, id), eq(rollouts.definitionId, definitionId)))
  return found ?? null
}

/** Those that run, at most 1000. */
export async function runningRollouts(db: Queryable): Promise<Rollout[]> {
  return db.select().from(rollouts).where(eq(rollouts.status, 'running')).limit(1000)
}

/**
 * How the orders of both versions went that were started while the roll-out runs, up to `now`. An order counts for the version
 * that it started with, wherever it was migrated to. Times are of the whole way, in milliseconds; an open order has its age.
 */
export async function figuresOf(
  db: Queryable,
  { definitionId, version, baseVersion, startedAt, endedAt }: Rollout,
  now: string,
): Promise<RolloutFigures> {
  const rows = await db.execute<Record<keyof VersionFigures, number | null>>(sql`
    with cohort as (
      select coalesce((select t.definition_version from transitions t where t.order_id = o.id and t.seq = 1), o.definition_version)
               as version, o.ended_at, o.outcome_kind,
             extract(epoch from coalesce(o.ended_at, ${endedAt ?? now}::timestamptz) - o.created_at) * 1000 as ms,
             exists (select 1 from incidents i where i.order_id = o.id) as troubled
        from orders o
       where o.definition_id = ${definitionId} and o.created_at >= ${startedAt}::timestamptz
         and o.created_at < ${endedAt ?? now}::timestamptz),
    usual as (select percentile_cont(0.9) within group (order by ms) as ms from cohort where version = ${baseVersion})
    select c.version, count(*)::int as orders, count(c.ended_at)::int as ended,
           count(*) filter (where c.outcome_kind = 'success')::int as succeeded,
           count(*) filter (where c.outcome_kind in ('failure', 'cancelled'))::int as failed,
           count(*) filter (where c.troubled)::int as troubled, count(*) filter (where c.ms > u.ms)::int as slow,
           round(percentile_cont(0.5) within group (order by c.ms) filter (where c.ended_at is not null))::float8 as "medianMs"
      from cohort c cross join usual u where c.version in (${version}, ${baseVersion}) group by c.version`)
  const side = (wanted: number): VersionFigures => {
    const row = rows.find((each) => each.version === wanted)
    const none = { orders: 0, ended: 0, succeeded: 0, failed: 0, troubled: 0, slow: 0, medianMs: null }
    return { ...none, ...row, version: wanted } as VersionFigures
  }
  return { fresh: side(version), base: side(baseVersion) }
}

const notRunning = () =>
  new DomainError('NotFound', { fa: 'چنین گسترشی در جریان نیست', en: 'no such roll-out is running' })
