import { drive } from './driver.ts'
import type { OrderEnd, OrderInput } from './messages.ts'

/** Port, ranging, visit, AAA account: the child of an order. */
export async function installation(input: OrderInput): Promise<OrderEnd> {
  return drive(input)
}
