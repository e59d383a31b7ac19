import type { OrderStatus } from '../domain/transition.ts'
import type { Db } from './client.ts'
import type { OrderKind } from './schema/orders.ts'

/** What live screens learn of a transition: ids and states only, with all that tells who may know of it. */
export interface OrderChange {
  orderId: string
  seq: number
  kind: OrderKind
  definitionId: string
  from: string[]
  states: string[]
  status: OrderStatus
  outcome: string | null
  customerId: string | null
  partnerId: string | null
  partnerPath: string | null
  centreId: string | null
  cityId: string | null
  technicianId: string | null
}

/**
 * Calls `changed` after each committed transition, from one connection of its own that comes back after a loss; what happened
 * meanwhile is not told, `back` is called instead, and on the first connection too. Answers how to stop.
 */
export async function onOrderChange(
  db: Db,
  changed: (change: OrderChange) => void,
  back?: () => void,
): Promise<() => Promise<void>> {
  const listening = await db.$client.listen('orders', (text) => changed(JSON.parse(text) as OrderChange), back)
  return () => listening.unlisten()
}

/** Calls `due` whenever entries that are due now were committed to the outbox, and after the connection was lost. Answers how to stop. */
export async function onOutbox(db: Db, due: () => void): Promise<() => Promise<void>> {
  const listening = await db.$client.listen('outbox', due, due)
  return () => listening.unlisten()
}
