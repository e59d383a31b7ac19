import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Json } from '../../domain/json.ts'
import type { RolloutFigures, RolloutLimits } from '../../domain/rollout.ts'
import { instant } from '../columns.ts'
import { definitions } from './definitions.ts'
import { partners } from './partners.ts'
import { cities } from './places.ts'

/** A new version on trial for some of the new orders, beside the version it may replace. At most one at a time for a definition. */
export const rollouts = pgTable(
  'rollouts',
  {
    id: text('id').primaryKey(),
    definitionId: text('definition_id').notNull(),
    version: integer('version').notNull(),
    /** The version that all others keep to, and that a return leads back to. */
    baseVersion: integer('base_version').notNull(),
    /** Percent of the new orders, by a stable hash of their keys. */
    share: integer('share'),
    cityId: text('city_id').references(() => cities.id),
    partnerId: text('partner_id').references(() => partners.id),
    limits: jsonb('limits').$type<RolloutLimits>().notNull(),
    status: text('status').$type<'running' | 'returned' | 'stopped' | 'completed'>().notNull().default('running'),
    startedBy: text('started_by').notNull(),
    startedAt: instant('started_at').notNull(),
    endedBy: text('ended_by'),
    endedAt: instant('ended_at'),
    /** Why it returned, as texts in both languages. */
    reasons: jsonb('reasons').$type<Json>(),
    /** What stood beside each other when it ended. */
    figures: jsonb('figures').$type<RolloutFigures>(),
  },
  (t) => [
    foreignKey({ columns: [t.definitionId, t.version], foreignColumns: [definitions.id, definitions.version] }),
    foreignKey({ columns: [t.definitionId, t.baseVersion], foreignColumns: [definitions.id, definitions.version] }),
    uniqueIndex('rollouts_running').on(t.definitionId).where(sql`${t.status} = 'running'`),
    index('rollouts_definition').on(t.definitionId, t.startedAt),
    check('rollouts_status', sql`${t.status} in ('running', 'returned', 'stopped', 'completed')`),
    check('rollouts_ended', sql`(${t.status} = 'running') = (${t.endedAt} is null)`),
    check('rollouts_two_versions', sql`${t.version} <> ${t.baseVersion}`),
    check('rollouts_one_audience', sql`num_nonnulls(${t.share}, ${t.cityId}, ${t.partnerId}) = 1`),
    check('rollouts_share', sql`${t.share} between 1 and 100`),
  ],
)
