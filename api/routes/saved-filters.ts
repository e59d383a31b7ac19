import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import { countCustomers } from '../../db/customers.ts'
import { countOrders } from '../../db/orders.ts'
import { addFilter, changeFilter, dropFilter, listFilters, type SavedFilter } from '../../db/saved-filters.ts'
import type { Person } from '../../db/users.ts'
import { orderFilters, orderFiltersOf } from '../order-filters.ts'
import { badInputOf, notFound } from '../problem.ts'
import { Reply, type Route, route } from '../route.ts'
import { byId, done, flag, id, name } from '../schemas.ts'
import { customerFilters } from './customers.ts'

const list = z.enum(['orders', 'customers'])
const query = z.record(z.string().max(40), z.string().max(300)).refine((given) => Object.keys(given).length <= 30)
const mostCounted = 10_000

/** Filters that people keep, for themselves or for all users of their partner, each with the number of rows it finds for them. */
export const savedFilterRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/saved-filters',
    summary: 'The caller’s filters and those shared with him; `counts=true` counts what each finds in his reach',
    auth: 'filters.write',
    input: { query: z.strictObject({ list: list.optional(), counts: flag.default(false) }) },
    output: z.object({
      filters: z.array(
        z.object({
          id: z.string(),
          list,
          name: z.string(),
          query: z.record(z.string(), z.string()),
          shared: z.boolean(),
          own: z.boolean(),
          /** At most 10,000; null when not asked for, and of a filter that the list no longer takes. */
          count: z.int().nullable(),
        }),
      ),
    }),
    async handler({ query: wanted, who, inReach }) {
      return inReach(async (tx) => {
        const filters = (await listFilters(tx)).filter(({ list }) => wanted.list === undefined || wanted.list === list)
        const shown = []
        for (const filter of filters)
          shown.push({
            ...filter,
            own: filter.ownerId === who.id,
            count: wanted.counts ? await countOf(tx, filter, who) : null,
          })
        return { filters: shown }
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/saved-filters',
    summary: 'Keep a filter',
    auth: 'filters.write',
    input: { body: z.strictObject({ list, name, query, shared: z.boolean().default(false) }) },
    output: z.object({ id: z.string() }),
    status: 201,
    async handler({ body, who, newId, inReach }) {
      refuseUnknown(body)
      const made = newId('f')
      await inReach((tx) => addFilter(tx, { ...body, id: made, ownerId: who.id, partnerId: who.partnerId }))
      return new Reply(201, { id: made }, { Location: '/v1/saved-filters' })
    },
  }),
  route({
    method: 'patch',
    path: '/v1/saved-filters/:id',
    summary: 'Change a filter of one’s own',
    auth: 'filters.write',
    input: {
      params: byId,
      body: z.strictObject({
        name: name.optional(),
        shared: z.boolean().optional(),
        filter: z.strictObject({ list, query }).optional(),
      }),
    },
    output: done,
    async handler({ params, body, who, now, inReach }) {
      if (body.filter !== undefined) refuseUnknown(body.filter)
      const change = {
        ...(body.name !== undefined && { name: body.name }),
        ...(body.shared !== undefined && { shared: body.shared }),
        ...(body.filter !== undefined && { query: body.filter.query }),
        updatedAt: now.toISOString(),
      }
      if (!(await inReach((tx) => changeFilter(tx, { id: params.id, ownerId: who.id }, change)))) throw notFound()
      return { done: true as const }
    },
  }),
  route({
    method: 'delete',
    path: '/v1/saved-filters/:id',
    summary: 'Drop a filter of one’s own',
    auth: 'filters.write',
    input: { params: z.strictObject({ id }) },
    output: done,
    async handler({ params, who, inReach }) {
      if (!(await inReach((tx) => dropFilter(tx, { id: params.id, ownerId: who.id })))) throw notFound()
      return { done: true as const }
    },
  }),
]

const schemaOf = { orders: orderFilters, customers: customerFilters }

function refuseUnknown({ list, query }: Pick<SavedFilter, 'list' | 'query'>): void {
  const result = schemaOf[list].safeParse(query)
  if (!result.success) throw badInputOf(result.error, '$.body.query')
}

async function countOf(tx: Tx, { list, query }: SavedFilter, who: Person): Promise<number | null> {
  if (list === 'orders') {
    const filters = orderFilters.safeParse(query)
    if (!filters.success) return null
    return countOrders(tx, { ...orderFiltersOf(filters.data, who), scope: who, most: mostCounted })
  }
  const filters = customerFilters.safeParse(query)
  if (!filters.success) return null
  const { q, agent } = filters.data
  return countCustomers(tx, {
    ...(q !== undefined && { search: q }),
    ...(agent !== undefined && { agent }),
    most: mostCounted,
  })
}
