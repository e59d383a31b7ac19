import { drive } from './driver.ts'
import type { OrderEnd, OrderInput } from './messages.ts'

/** A fault or a question, until the customer agrees that it is solved. */
export async function ticket(input: OrderInput): Promise<OrderEnd> {
  return drive(input)
}
