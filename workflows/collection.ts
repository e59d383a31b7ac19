import { drive } from './driver.ts'
import type { OrderEnd, OrderInput } from './messages.ts'

/** The pursuit of one unpaid invoice. */
export async function collection(input: OrderInput): Promise<OrderEnd> {
  return drive(input)
}
