import { drive } from './driver.ts'
import type { OrderEnd, OrderInput } from './messages.ts'

/** Any other kind that a company adds. */
export async function process(input: OrderInput): Promise<OrderEnd> {
  return drive(input)
}
