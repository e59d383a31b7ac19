import { drive } from './driver.ts'
import type { OrderEnd, OrderInput } from './messages.ts'

/** One cycle of one subscription; the next cycle is another run. */
export async function renewal(input: OrderInput): Promise<OrderEnd> {
  return drive(input)
}
