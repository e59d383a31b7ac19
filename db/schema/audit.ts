import { bigserial, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { Json } from '../../domain/json.ts'
import { instant } from '../columns.ts'

/** What operators did: append-only, one hash chain over all rows, computed by the database. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: instant('at').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    entity: text('entity').notNull(),
    entityId: text('entity_id').notNull(),
    detail: jsonb('detail').$type<Json>(),
    ip: text('ip'),
    prevHash: text('prev_hash').notNull().default(''),
    hash: text('hash').notNull().default(''),
  },
  (t) => [index('audit_log_entity').on(t.entity, t.entityId, t.id), index('audit_log_actor').on(t.actor, t.id)],
)
