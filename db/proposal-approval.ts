import { and, eq, isNull, ne } from 'drizzle-orm'
import type { Queryable } from './client.ts'
import type { Incident, IncidentProposal } from './incidents.ts'
import { incidentProposals, incidents } from './schema/transitions.ts'

/** One incident, open or closed; null when there is none, or none in reach. */
export async function incidentById(db: Queryable, orderId: string, incidentId: string): Promise<Incident | null> {
  const [incident] = await db
    .select()
    .from(incidents)
    .where(and(eq(incidents.orderId, orderId), eq(incidents.incidentId, incidentId)))
  return incident ?? null
}

/** One proposal; null when there is none, or none in reach. */
export async function proposalById(db: Queryable, id: string): Promise<IncidentProposal | null> {
  const [proposal] = await db.select().from(incidentProposals).where(eq(incidentProposals.id, id))
  return proposal ?? null
}

/** Approves a proposal of another person that nobody approved yet; false otherwise. Of two at once one gets true. */
export async function approveProposal(tx: Queryable, id: string, by: string, at: string): Promise<boolean> {
  const approved = await tx
    .update(incidentProposals)
    .set({ approvedBy: by, approvedAt: at })
    .where(
      and(eq(incidentProposals.id, id), isNull(incidentProposals.approvedBy), ne(incidentProposals.proposedBy, by)),
    )
    .returning({ id: incidentProposals.id })
  return approved.length > 0
}
