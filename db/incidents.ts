import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { JsonObject } from '../domain/json.ts'
import type { Queryable } from './client.ts'
import { incidentProposals, incidents } from './schema/transitions.ts'

export type Incident = typeof incidents.$inferSelect
export type IncidentProposal = typeof incidentProposals.$inferSelect

/** Incidents that wait for a person, oldest first, at most 200; of one order when given. */
export async function openIncidents(db: Queryable, orderId?: string): Promise<Incident[]> {
  return db
    .select()
    .from(incidents)
    .where(and(isNull(incidents.closedAt), orderId === undefined ? undefined : eq(incidents.orderId, orderId)))
    .orderBy(asc(incidents.openedAt))
    .limit(200)
}

/** Proposes to move or cancel an order out of an incident; a second person must approve. The same id again changes nothing. */
export async function propose(
  tx: Queryable,
  proposal: {
    id: string
    orderId: string
    incidentId: string
    command: 'move' | 'cancel'
    args: JsonObject
    by: string
  },
): Promise<void> {
  const { by, ...columns } = proposal
  await tx
    .insert(incidentProposals)
    .values({ ...columns, proposedBy: by })
    .onConflictDoNothing()
}

/** Proposals of an order that wait for approval, oldest first, at most 200; of all in reach without an order. */
export async function openProposals(db: Queryable, orderId?: string): Promise<IncidentProposal[]> {
  return db
    .select()
    .from(incidentProposals)
    .where(
      and(
        sql`${incidentProposals.approvedBy} is null`,
        orderId === undefined ? undefined : eq(incidentProposals.orderId, orderId),
      ),
    )
    .orderBy(asc(incidentProposals.at))
    .limit(200)
}
