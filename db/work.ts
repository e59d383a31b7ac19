import { and, asc, count, or, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from './client.ts'
import { isLate, listed, type OrderRow } from './orders.ts'
import { orders } from './schema/orders.ts'
import { type ActorScope, ordersInReach, textArray } from './scope.ts'

/** Where a page of work ended; the next one begins after it. */
export interface WorkEnd {
  dueAt: string | null
  createdAt: string
  id: string
}

/**
 * Orders that wait for the actor: one of his roles is on their work list, and that very role reaches them. Most urgent first:
 * by due instant, those without one last, then oldest first. At most `limit` (50, 200 at most) after `after`.
 */
export async function workList(
  db: Queryable,
  query: { scope: ActorScope; definition?: string; late?: boolean; after?: WorkEnd; limit?: number },
): Promise<OrderRow[]> {
  const due = sql`coalesce(${orders.dueAt}, 'infinity')`
  const after =
    query.after === undefined
      ? undefined
      : sql`(${due}, ${orders.createdAt}, ${orders.id}) > (${query.after.dueAt ?? 'infinity'}::timestamptz, ${query.after.createdAt}::timestamptz, ${query.after.id})`
  return db
    .select(listed)
    .from(orders)
    .where(and(waiting(query), after))
    .orderBy(asc(due), asc(orders.createdAt), asc(orders.id))
    .limit(Math.min(query.limit ?? 50, 200))
}

/** How much waits for the actor, and how much of it is late; each counts at most 10,000. */
export async function workCounts(
  db: Queryable,
  query: { scope: ActorScope; definition?: string },
): Promise<{ waiting: number; late: number }> {
  const found = db
    .select({ late: sql<boolean>`${isLate}`.as('late') })
    .from(orders)
    .where(waiting(query))
    .limit(10_000)
    .as('found')
  const [row] = await db
    .select({ waiting: count(), late: sql<number>`count(*) filter (where ${found.late})` })
    .from(found)
  return row ?? { waiting: 0, late: 0 }
}

function waiting(query: { scope: ActorScope; definition?: string; late?: boolean }): SQL | undefined {
  return and(
    sql`${orders.status} <> 'ended'`,
    byRole(query.scope),
    query.definition === undefined ? undefined : sql`${orders.definitionId} = ${query.definition}`,
    query.late === true ? isLate : undefined,
  )
}

/** Each role within its own reach: who is technician in one city and sales in another has no visits in the second. */
function byRole(actor: ActorScope): SQL {
  const roles = [...new Set(actor.assignments.map(({ role }) => role))]
  const arms = roles.map((role) => {
    const assignments = actor.assignments.filter((assignment) => assignment.role === role)
    return and(sql`${orders.owners} && ${textArray([role])}::text[]`, ordersInReach({ ...actor, assignments }))
  })
  return or(...arms) ?? sql`false`
}
