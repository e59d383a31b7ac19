import type { Queryable } from '../db/client.ts'
import { type Order, orderById } from '../db/orders.ts'
import { notFound } from './problem.ts'

/** The order; Problem 404 when there is none, or none in reach. */
export async function mustFind(db: Queryable, orderId: string): Promise<Order> {
  const order = await orderById(db, orderId)
  if (order === null) throw notFound()
  return order
}
