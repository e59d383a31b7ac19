import { eq } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { JsonObject } from '../domain/json.ts'
import type { Queryable } from './client.ts'
import { orders } from './schema/orders.ts'
import { outbox } from './schema/outbox.ts'

/** What the workflow of an order is started with, as its outbox entry says, and the run that waits for its end; null when the order was not started that way. */
export async function startContextOf(
  db: Queryable,
  orderId: string,
): Promise<{
  engineVersion: number
  input: JsonObject
  parent: { workflowId: string; invocation: string } | null
} | null> {
  const parent = alias(orders, 'parent')
  const [row] = await db
    .select({
      payload: outbox.payload,
      engineVersion: orders.engineVersion,
      parentWorkflowId: parent.workflowId,
      invocation: orders.parentInvocation,
    })
    .from(outbox)
    .innerJoin(orders, eq(orders.id, outbox.orderId))
    .leftJoin(parent, eq(parent.id, orders.parentOrderId))
    .where(eq(outbox.key, `start:${orderId}`))
  const input = row?.payload['input']
  if (row === undefined || typeof input !== 'object' || input === null || Array.isArray(input)) return null
  const { engineVersion, parentWorkflowId: workflowId, invocation } = row
  return {
    engineVersion,
    input,
    parent: workflowId === null || invocation === null ? null : { workflowId, invocation },
  }
}
