import { and, or, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from './client.ts'
import { agentAndBelow, conditions, isLate, type OrderFilters } from './orders.ts'
import { orders, tally } from './schema/orders.ts'
import { type ActorScope, type CombinedReach, ordersInReach, placesInReach, reachOf } from './scope.ts'

/** How many orders stand in a state, and how many of them are past their due instant. */
export interface StateCount {
  definitionId: string
  state: string
  count: number
  late: number
}

export type MapFilters = Pick<
  OrderFilters,
  'kind' | 'status' | 'search' | 'agent' | 'city' | 'centre' | 'product' | 'customer' | 'technician' | 'from' | 'to'
>

/**
 * The map of states in reach. Filters by agent, city and centre read the standing counts, whose cost does not grow with the
 * orders; any other filter, and the reach of a customer or a technician, counts the orders themselves.
 */
export async function stateMap(
  db: Queryable,
  query: { scope: ActorScope | 'all'; definition?: string; filters?: MapFilters },
): Promise<StateCount[]> {
  const { agent, city, centre, ...others } = query.filters ?? {}
  const reach = query.scope === 'all' ? null : reachOf(query.scope)
  const personal = reach !== null && !reach.all && (reach.customerId !== null || reach.technicianId !== null)
  const filters = { ...query.filters, ...(query.definition === undefined ? {} : { definition: query.definition }) }
  const late = db.execute<Row>(sql`
    select definition_id, state, count(*) as n from ${orders}, unnest(${orders.states}) as state
     where ${and(isLate, ordersInReach(query.scope), ...conditions(filters))} group by 1, 2`)
  const all = db.execute<Row>(
    personal || Object.values(others).some((value) => value !== undefined)
      ? sql`select definition_id, state, count(*) as n from ${orders}, unnest(${orders.states}) as state
             where ${and(sql`true`, ordersInReach(query.scope), ...conditions(filters))} group by 1, 2`
      : sql`select definition_id, state, sum(n) as n from ${tally}
             where ${and(sql`true`, talliesInReach(reach), ...tallyConditions(query.definition, { agent, city, centre }))}
             group by 1, 2 having sum(n) > 0`,
  )
  return merge(...(await Promise.all([all, late])))
}

type Row = { definition_id: string; state: string; n: number }

function merge(all: Row[], late: Row[]): StateCount[] {
  const key = ({ definition_id, state }: Row) => JSON.stringify([definition_id, state])
  const lateOf = new Map(late.map((row) => [key(row), row.n]))
  return all
    .map((row) => ({
      definitionId: row.definition_id,
      state: row.state,
      count: row.n,
      late: lateOf.get(key(row)) ?? 0,
    }))
    .sort((a, b) => compare(a.definitionId, b.definitionId) || compare(a.state, b.state))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function talliesInReach(reach: CombinedReach | null): SQL | undefined {
  if (reach === null || reach.all) return undefined
  return (
    or(
      ...placesInReach(reach, {
        partnerId: tally.partnerId,
        centreId: tally.centreId,
        cityId: tally.cityId,
      }),
    ) ?? sql`false`
  )
}

function tallyConditions(
  definition: string | undefined,
  { agent, city, centre }: Record<'agent' | 'city' | 'centre', string | undefined>,
): (SQL | undefined)[] {
  return [
    definition === undefined ? undefined : sql`${tally.definitionId} = ${definition}`,
    agent === undefined ? undefined : sql`${tally.partnerId} = any (array(${agentAndBelow(agent)}))`,
    city === undefined ? undefined : sql`${tally.cityId} = ${city}`,
    centre === undefined ? undefined : sql`${tally.centreId} = ${centre}`,
  ]
}
