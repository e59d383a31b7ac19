import type { Order } from '../db/orders.ts'
import { rolesCovering } from '../db/scope.ts'
import type { Person } from '../db/users.ts'
import type { Actor } from '../domain/transition.ts'

/** A person as the workflow of one order sees him. */
export function actorFor(person: Person, order: Pick<Order, OrderPlace>): Actor {
  return { id: person.id, name: person.name, roles: rolesCovering(person, order) }
}

/** What decides whose an order is. */
type OrderPlace = 'customerId' | 'partnerId' | 'partnerPath' | 'centreId' | 'cityId' | 'technicianId' | 'startedBy'
