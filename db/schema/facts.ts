import { sql } from 'drizzle-orm'
import { check, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { JsonObject } from '../../domain/json.ts'

/** Other databases and services that guards may read (WF9). `config` names where a secret is kept, never the secret. */
export const foreignSources = pgTable(
  'foreign_sources',
  {
    id: text('id').primaryKey(),
    kind: text('kind').$type<'postgres' | 'http'>().notNull(),
    config: jsonb('config').$type<JsonObject>().notNull(),
  },
  (t) => [check('foreign_sources_kind', sql`${t.kind} in ('postgres', 'http')`)],
)

/** Prepared questions to a source: SQL with `$1…` or a URL with `{name}`, filled from `params` in order. */
export const factQueries = pgTable(
  'fact_queries',
  {
    source: text('source')
      .notNull()
      .references(() => foreignSources.id),
    query: text('query').notNull(),
    template: text('template').notNull(),
    params: text('params').array().notNull().default([]),
    rowLimit: integer('row_limit').notNull().default(100),
    timeoutMs: integer('timeout_ms').notNull().default(3000),
  },
  (t) => [primaryKey({ columns: [t.source, t.query] })],
)
