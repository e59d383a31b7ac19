import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Json, JsonObject } from '../../domain/json.ts'
import { instant } from '../columns.ts'
import { orders } from './orders.ts'

/** Orders in flight on their way to another version of their definition, by the map in the new one. One at a time for a definition. */
export const orderMigrations = pgTable(
  'order_migrations',
  {
    id: text('id').primaryKey(),
    definitionId: text('definition_id').notNull(),
    fromVersions: integer('from_versions').array().notNull(),
    toVersion: integer('to_version').notNull(),
    /** The migration that this one takes back. */
    inverseOf: text('inverse_of'),
    status: text('status').$type<'running' | 'paused' | 'stopped' | 'done'>().notNull().default('running'),
    /** Orders a second, at most. */
    rate: integer('rate').notNull(),
    startedBy: text('started_by').notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    uniqueIndex('order_migrations_running').on(t.definitionId).where(sql`${t.status} in ('running', 'paused')`),
    index('order_migrations_definition').on(t.definitionId, t.startedAt),
    check('order_migrations_status', sql`${t.status} in ('running', 'paused', 'stopped', 'done')`),
    check('order_migrations_rate', sql`${t.rate} between 1 and 200`),
  ],
)

export type MigrationState = 'open' | 'moved' | 'held' | 'busy' | 'refused' | 'ended'

/** One order of a migration: what became of it, and why. */
export const migrationItems = pgTable(
  'migration_items',
  {
    migrationId: text('migration_id')
      .notNull()
      .references(() => orderMigrations.id),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    fromVersion: integer('from_version').notNull(),
    toVersion: integer('to_version').notNull(),
    state: text('state').$type<MigrationState>().notNull().default('open'),
    /** The order's step when it was last looked at; a held one is looked at again when it has moved on. */
    seq: integer('seq').notNull().default(0),
    nextAt: instant('next_at').notNull().defaultNow(),
    /** States before and after, due times old and new, problems. */
    detail: jsonb('detail').$type<Json>(),
    /** Values that were changed or dropped, for the inverse. */
    replaced: jsonb('replaced').$type<JsonObject>(),
  },
  (t) => [
    primaryKey({ columns: [t.migrationId, t.orderId] }),
    index('migration_items_state').on(t.migrationId, t.state, t.orderId),
    index('migration_items_order').on(t.orderId),
    check('migration_items_state', sql`${t.state} in ('open', 'moved', 'held', 'busy', 'refused', 'ended')`),
  ],
)
