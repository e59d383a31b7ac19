import { type AnyPgColumn, index, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { instant } from '../columns.ts'

/** Agencies and resellers, a tree of any depth; `path` names all above: `hq.tehran.arya`. */
export const partners = pgTable(
  'partners',
  {
    id: text('id').primaryKey(),
    parentId: text('parent_id').references((): AnyPgColumn => partners.id),
    path: text('path').notNull(),
    code: text('code').notNull(),
    nameFa: text('name_fa').notNull(),
    nameEn: text('name_en').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [
    unique('partners_path').on(t.path),
    unique('partners_code').on(t.code),
    index('partners_parent').on(t.parentId),
  ],
)
