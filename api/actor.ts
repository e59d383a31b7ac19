import type { Order } from '../db/orders.ts'
import { rolesCovering } from '../db/scope.ts'
import type { Person } from '../db/users.ts'
import type { Actor, Scope } from '../domain/transition.ts'

/** What decides whose an order is. */
export type OrderPlace = Pick<
  Order,
  'customerId' | 'partnerId' | 'partnerPath' | 'centreId' | 'cityId' | 'technicianId'
>

/**
 * A person as the workflow of one order sees him: each role that reaches the order, with the scopes that cover it (AU7, MT1).
 * Whoever reaches everything is in every area, but is not therefore the owner of an order.
 */
export function actorFor(person: Person, order: OrderPlace): Actor {
  return {
    id: person.id,
    name: person.name,
    roles: rolesCovering(person, order).map(({ role, scopes }) => ({
      role,
      scopes: scopes.includes('any')
        ? [...new Set<Scope>([...scopes, 'subtree', 'centre', 'city', ...owned(person, order)])]
        : scopes,
    })),
  }
}

function owned(person: Person, order: OrderPlace): Scope[] {
  const his = order.technicianId === person.id || (person.customerId !== null && order.customerId === person.customerId)
  return his ? ['own'] : []
}
