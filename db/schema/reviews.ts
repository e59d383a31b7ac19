import { sql } from 'drizzle-orm'
import { bigserial, check, foreignKey, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../columns.ts'
import { definitions } from './definitions.ts'

/** Everybody who wrote on a draft: none of them may review or publish it. */
export const definitionAuthors = pgTable(
  'definition_authors',
  {
    definitionId: text('definition_id').notNull(),
    version: integer('version').notNull(),
    author: text('author').notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.definitionId, t.version, t.author] }),
    foreignKey({ columns: [t.definitionId, t.version], foreignColumns: [definitions.id, definitions.version] }),
  ],
)

/** What a second person said of the very text with this hash: append-only; a draft that was edited since needs a new one. */
export const definitionReviews = pgTable(
  'definition_reviews',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    definitionId: text('definition_id').notNull(),
    version: integer('version').notNull(),
    hash: text('hash').notNull(),
    verdict: text('verdict').$type<'approved' | 'rejected'>().notNull(),
    note: text('note'),
    reviewer: text('reviewer').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    foreignKey({ columns: [t.definitionId, t.version], foreignColumns: [definitions.id, definitions.version] }),
    index('definition_reviews_version').on(t.definitionId, t.version),
    check('definition_reviews_verdict', sql`${t.verdict} in ('approved', 'rejected')`),
  ],
)
