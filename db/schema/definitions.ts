import { sql } from 'drizzle-orm'
import {
  bigserial,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import type { Json } from '../../domain/json.ts'
import { instant } from '../columns.ts'
import { partners } from './partners.ts'
import { centres, cities } from './places.ts'

/** Process definitions. `text` is what was signed, kept byte by byte; `graph` is what was compiled from it at publication. */
export const definitions = pgTable(
  'definitions',
  {
    id: text('id').notNull(),
    version: integer('version').notNull(),
    hash: text('hash').notNull(),
    text: text('text').notNull(),
    graph: jsonb('graph').$type<Json>(),
    /** Positions for the designer: not signed. */
    layout: jsonb('layout').$type<Json>(),
    status: text('status').$type<'draft' | 'published' | 'retired'>().notNull().default('draft'),
    kind: text('kind').notNull(),
    labelFa: text('label_fa').notNull(),
    labelEn: text('label_en').notNull(),
    createdBy: text('created_by'),
    createdAt: instant('created_at').notNull().defaultNow(),
    publishedBy: text('published_by'),
    publishedAt: instant('published_at'),
    /** Warnings that stood at publication: rule, place, reason, and who gave it (null: the text itself). */
    acknowledged: jsonb('acknowledged').$type<Json>().notNull().default([]),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.version] }),
    check('definitions_status', sql`${t.status} in ('draft', 'published', 'retired')`),
    check(
      'definitions_published',
      sql`${t.status} = 'draft' or (${t.graph} is not null and ${t.publishedAt} is not null)`,
    ),
  ],
)

/** The version that new orders run by. */
export const definitionPointers = pgTable(
  'definition_pointers',
  {
    definitionId: text('definition_id').primaryKey(),
    currentVersion: integer('current_version').notNull(),
  },
  (t) => [
    foreignKey({ columns: [t.definitionId, t.currentVersion], foreignColumns: [definitions.id, definitions.version] }),
  ],
)

/** Exceptions from the pointer for one partner (and those below), one centre or one city. */
export const pins = pgTable(
  'pins',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    definitionId: text('definition_id').notNull(),
    version: integer('version').notNull(),
    partnerId: text('partner_id').references(() => partners.id),
    centreId: text('centre_id').references(() => centres.id),
    cityId: text('city_id').references(() => cities.id),
  },
  (t) => [
    foreignKey({ columns: [t.definitionId, t.version], foreignColumns: [definitions.id, definitions.version] }),
    unique('pins_once').on(t.definitionId, t.partnerId, t.centreId, t.cityId).nullsNotDistinct(),
    index('pins_version').on(t.definitionId, t.version),
    index('pins_partner').on(t.partnerId),
    index('pins_centre').on(t.centreId),
    index('pins_city').on(t.cityId),
    check('pins_one_place', sql`num_nonnulls(${t.partnerId}, ${t.centreId}, ${t.cityId}) = 1`),
  ],
)
