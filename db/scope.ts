import { or, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { Actor, Scope } from '../domain/transition.ts'
import type { Db, Queryable, Tx } from './client.ts'
import { orders } from './schema/orders.ts'
import { partners } from './schema/partners.ts'
import type { Reach } from './schema/users.ts'

/** One role of a user and how far it reaches. `partnerPath` is the path of `partnerId`. */
export interface Assignment {
  role: string
  reach: Reach
  partnerId: string | null
  partnerPath: string | null
  centreId: string | null
  cityId: string | null
}

/** Who asks, as the session knows him. */
export interface ActorScope {
  userId: string
  /** Set for a customer who looks after himself. */
  customerId: string | null
  assignments: Assignment[]
}

/**
 * Runs `fn` in a transaction that sees and changes only the rows in the actor's reach: row-level security in the database
 * decides, whatever the queries say. Anything that `fn` throws rolls all back and comes out unchanged.
 */
export async function withActor<T>(db: Db, actor: ActorScope, fn: (tx: Tx) => Promise<T>): Promise<T> {
  const reach = reachOf(actor)
  return db.transaction(async (tx) => {
    await tx.execute(sql`select
      set_config('samfony.all', ${reach.all ? 'on' : ''}, true),
      set_config('samfony.user_id', ${actor.userId}, true),
      set_config('samfony.customer_id', ${reach.customerId ?? ''}, true),
      set_config('samfony.technician_id', ${reach.technicianId ?? ''}, true),
      set_config('samfony.partners', ${textArray(reach.partners)}, true),
      set_config('samfony.subtrees', ${textArray(reach.subtrees)}, true),
      set_config('samfony.centres', ${textArray(reach.centres)}, true),
      set_config('samfony.cities', ${textArray(reach.cities)}, true),
      set_config('role', ${reach.all ? 'samfony_office' : 'samfony_api'}, true)`)
    return fn(tx)
  })
}

/** All that a user's assignments reach, put together. */
export interface CombinedReach {
  all: boolean
  customerId: string | null
  technicianId: string | null
  partners: string[]
  subtrees: string[]
  centres: string[]
  cities: string[]
}

/** Puts the assignments together. `own` with a partner is that partner; without, the user's own orders: as customer, as technician, and those without a customer that he started. */
export function reachOf({ userId, customerId, assignments }: ActorScope): CombinedReach {
  const own = assignments.filter(({ reach }) => reach === 'own')
  const himself = own.some(({ partnerId }) => partnerId === null)
  const of = (reach: Reach, field: 'partnerPath' | 'centreId' | 'cityId') =>
    assignments.filter((a) => a.reach === reach).flatMap((a) => a[field] ?? [])
  return {
    all: assignments.some(({ reach }) => reach === 'all'),
    customerId: himself ? customerId : null,
    technicianId: himself ? userId : null,
    partners: own.flatMap(({ partnerId }) => partnerId ?? []),
    subtrees: of('subtree', 'partnerPath'),
    centres: of('centre', 'centreId'),
    cities: of('city', 'cityId'),
  }
}

/**
 * The roles of an actor with the scopes that cover this very order: what a transition is checked against (AU7, MT1). Roles
 * that do not reach it are left out. Whoever reaches everything is in every area, but is not therefore the owner of an order.
 */
export function rolesCovering(
  actor: ActorScope,
  order: {
    customerId: string | null
    partnerId: string | null
    partnerPath: string | null
    centreId: string | null
    cityId: string | null
    technicianId: string | null
    startedBy?: string | null
  },
): Actor['roles'] {
  const scopes = new Map<string, Set<Scope>>()
  for (const assignment of actor.assignments) {
    for (const scope of scopesOf(actor, assignment, order)) {
      scopes.set(assignment.role, (scopes.get(assignment.role) ?? new Set()).add(scope))
    }
  }
  return Array.from(scopes, ([role, set]) => ({ role, scopes: Array.from(set) }))
}

function scopesOf(actor: ActorScope, at: Assignment, order: Parameters<typeof rolesCovering>[1]): Scope[] {
  switch (at.reach) {
    case 'all':
      return ['any', 'subtree', 'centre', 'city', ...himself(actor, order)]
    case 'own':
      if (at.partnerId !== null) return at.partnerId === order.partnerId ? ['own'] : []
      return himself(actor, order)
    case 'subtree':
      if (at.partnerPath === null || order.partnerPath === null) return []
      if (order.partnerPath === at.partnerPath) return ['own', 'subtree']
      return order.partnerPath.startsWith(`${at.partnerPath}.`) ? ['subtree'] : []
    case 'centre':
      return at.centreId !== null && at.centreId === order.centreId ? ['centre'] : []
    case 'city':
      return at.cityId !== null && at.cityId === order.cityId ? ['city'] : []
    default:
      return at.reach satisfies never
  }
}

/** An order is a person's own as its customer or as its technician; one for no customer, as a leave request, as the one who started it. */
function himself(actor: ActorScope, order: Parameters<typeof rolesCovering>[1]): Scope[] {
  const his =
    order.customerId === null
      ? order.startedBy === actor.userId
      : actor.customerId !== null && actor.customerId === order.customerId
  return his || actor.userId === order.technicianId ? ['own'] : []
}

/** The reach as a condition on `orders`, each arm fit for its own index; undefined when everything is in reach. */
export function ordersInReach(actor: ActorScope | 'all'): SQL | undefined {
  if (actor === 'all') return undefined
  const reach = reachOf(actor)
  if (reach.all) return undefined
  return (
    or(
      ...placesInReach(reach, { partnerId: orders.partnerId, centreId: orders.centreId, cityId: orders.cityId }),
      reach.customerId === null ? undefined : sql`${orders.customerId} = ${reach.customerId}`,
      reach.technicianId === null ? undefined : sql`${orders.technicianId} = ${reach.technicianId}`,
      reach.technicianId === null
        ? undefined
        : sql`(${orders.customerId} is null and ${orders.startedBy} = ${reach.technicianId})`,
    ) ?? sql`false`
  )
}

/** The arms of a reach that are places: partners, centres, cities. */
export function placesInReach(
  reach: CombinedReach,
  columns: Record<'partnerId' | 'centreId' | 'cityId', SQLWrapper>,
): (SQL | undefined)[] {
  const { subtrees, centres, cities } = reach
  return [
    reach.partners.length === 0 ? undefined : sql`${columns.partnerId} = any (${textArray(reach.partners)}::text[])`,
    subtrees.length === 0 ? undefined : sql`${columns.partnerId} = any (array(${partnersBelow(subtrees)}))`,
    centres.length === 0 ? undefined : sql`${columns.centreId} = any (${textArray(centres)}::text[])`,
    cities.length === 0 ? undefined : sql`${columns.cityId} = any (${textArray(cities)}::text[])`,
  ]
}

/** Ids of all partners at or below the paths, as a subquery. */
export function partnersBelow(paths: string[]): SQL {
  return sql`select ${partners.id} from ${partners}, unnest(${textArray(paths)}::text[]) as top
    where ${partners.path} = top or starts_with(${partners.path}, top || '.')`
}

/** A list of texts as the database writes an array, to be cast: a list as such would become a list of parameters. */
export function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}

/** The assignments of a user, with the paths of their partners. */
export async function assignmentsOf(db: Queryable, userId: string): Promise<Assignment[]> {
  return db.execute<Assignment & Record<string, unknown>>(sql`
    select a.role, a.reach, a.partner_id as "partnerId", p.path as "partnerPath", a.centre_id as "centreId", a.city_id as "cityId"
      from role_assignments a left join partners p on p.id = a.partner_id where a.user_id = ${userId} order by a.id`)
}
