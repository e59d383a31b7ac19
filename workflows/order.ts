import { drive } from './driver.ts'
import type { OrderEnd, OrderInput } from './messages.ts'

/** A sale, from the first wish to the active service. */
export async function order(input: OrderInput): Promise<OrderEnd> {
  return drive(input)
}
