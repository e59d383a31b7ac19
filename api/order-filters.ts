import { z } from 'zod'
import type { OrderFilters } from '../db/orders.ts'
import type { Person } from '../db/users.ts'
import { kinds } from '../workflows/messages.ts'
import { flag, id, instantInput, searchWords } from './schemas.ts'

/** What narrows a list of orders, as it stands in an address: for the list, its export and its saved filters. */
export const orderFilters = z.strictObject({
  kind: z.enum(kinds).optional(),
  definition: id.optional(),
  state: id.optional(),
  status: z.enum(['running', 'held', 'compensating', 'ended']).optional(),
  late: flag.optional(),
  held: flag.optional(),
  /** `me` = orders that wait for one of the caller's roles. */
  owner: id.optional(),
  q: searchWords.optional(),
  agent: id.optional(),
  city: id.optional(),
  centre: id.optional(),
  product: id.optional(),
  customer: id.optional(),
  technician: id.optional(),
  subscription: id.optional(),
  phone: z.string().max(20).optional(),
  from: instantInput.optional(),
  to: instantInput.optional(),
})

/** The filters as the query takes them; `me` is whoever asks. */
export function orderFiltersOf(
  { q, owner, ...rest }: z.output<typeof orderFilters>,
  who: Pick<Person, 'assignments'>,
): OrderFilters {
  const owners = owner === undefined ? undefined : owner === 'me' ? who.assignments.map(({ role }) => role) : [owner]
  return Object.fromEntries(Object.entries({ ...rest, search: q, owners }).filter(([, value]) => value !== undefined))
}
