import { and, desc, eq, gte, lt, sql } from 'drizzle-orm'
import type { Json } from '../domain/json.ts'
import type { Queryable } from './client.ts'
import { auditLog } from './schema/audit.ts'

export type AuditEntry = typeof auditLog.$inferSelect

/**
 * Writes what somebody did into the chained log. Call it last in a transaction: the chain is locked from here to its end, and a
 * transaction that asks for another lock afterwards may meet one that waits for the chain.
 */
export async function audit(
  tx: Queryable,
  act: {
    at: string
    actor: string
    action: string
    entity: string
    entityId: string
    detail?: Json
    ip?: string | null
  },
): Promise<void> {
  await tx.insert(auditLog).values(act)
}

/** The log, newest first, at most 200 before id `before`; of one entity, one actor or a time (ISO instants, half-open) when given. */
export async function listAudit(
  db: Queryable,
  query: {
    entity?: string
    entityId?: string
    actor?: string
    from?: string
    to?: string
    before?: number
    limit?: number
  },
): Promise<AuditEntry[]> {
  return db
    .select()
    .from(auditLog)
    .where(
      and(
        query.entity === undefined ? undefined : eq(auditLog.entity, query.entity),
        query.entityId === undefined ? undefined : eq(auditLog.entityId, query.entityId),
        query.actor === undefined ? undefined : eq(auditLog.actor, query.actor),
        query.from === undefined ? undefined : gte(auditLog.at, query.from),
        query.to === undefined ? undefined : lt(auditLog.at, query.to),
        query.before === undefined ? undefined : lt(auditLog.id, query.before),
      ),
    )
    .orderBy(desc(auditLog.id))
    .limit(Math.min(query.limit ?? 50, 200))
}

/** Recomputes the whole chain of the log: null when whole, else its first fault. */
export async function verifyAudit(db: Queryable): Promise<{ id: number; fault: 'unlinked' | 'altered' } | null> {
  const [found] = await db.execute<{ id: number; fault: 'unlinked' | 'altered' }>(
    sql`select id, fault from verify_audit()`,
  )
  return found ?? null
}
