import { createHash } from 'node:crypto'
import type { Client } from '@temporalio/client'
import type { Db } from '../db/client.ts'
import { kindOfDefinition, resolveVersion } from '../db/definitions.ts'
import { graphOf } from '../db/graphs.ts'
import { createOrder, type Order, orderById } from '../db/orders.ts'
import type { OrderKind } from '../db/schema/orders.ts'
import type { Graph } from '../definitions/graph.ts'
import { DomainError } from '../domain/errors.ts'
import type { JsonObject } from '../domain/json.ts'
import { engineVersion, startOptionsOf, workflowIdOf } from '../workflows/messages.ts'
import type { Carrier } from './relay.ts'
import { startedBefore } from './started-before.ts'

export interface StartDeps {
  db: Db
  client: Client
  queuePrefix: string
  now: () => number
}

/**
 * Starts the workflow of an order that has its row, or opens the order of a child first. A workflow that was started
 * before is success: ids are made from the business key, and the order's row outlives Temporal's retention.
 */
export function createStart(deps: StartDeps): Carrier<'start'> {
  return async (entry, { orderId }) => {
    const order = orderId === null ? null : await orderById(deps.db, orderId)
    if (order !== null && entry.key === `start:${order.id}`) await startWorkflow(deps, order, entry.input)
    else await openChild(deps, order, entry)
  }
}

async function startWorkflow({ db, client, queuePrefix }: StartDeps, order: Order, context: JsonObject): Promise<void> {
  const parent = order.parentOrderId === null ? null : await orderById(db, order.parentOrderId)
  const waiting =
    parent !== null && order.parentInvocation !== null
      ? { workflowId: parent.workflowId, invocation: order.parentInvocation }
      : null
  const graph = (await graphOf(db, order.definitionId, order.definitionVersion)) as unknown as Graph
  await startedBefore(() =>
    client.workflow.start(order.kind, startOptionsOf({ order, graph, context, queuePrefix, parent: waiting })),
  )
}

/** A child inherits whom it is for; its own outbox entry starts its workflow. */
async function openChild(
  { db, now }: StartDeps,
  parent: Order | null,
  entry: Parameters<Carrier<'start'>>[0],
): Promise<void> {
  const place = {
    partnerId: parent?.partnerId ?? null,
    centreId: parent?.centreId ?? null,
    cityId: parent?.cityId ?? null,
  }
  const id = createHash('sha256').update(entry.key).digest('hex').slice(0, 32)
  const version =
    typeof entry.version === 'number' ? entry.version : await resolveVersion(db, entry.process, { ...place, key: id })
  if (version === null)
    throw new DomainError('NoSuchDefinition', {
      en: `${entry.process} was never published`,
      fa: `تعریف ${entry.process} منتشر نشده است`,
    })
  const kind = (await kindOfDefinition(db, entry.process, version)) as OrderKind
  await db.transaction((tx) =>
    createOrder(tx, {
      ...place,
      id,
      kind,
      workflowId: workflowIdOf(kind, id),
      definitionId: entry.process,
      definitionVersion: version,
      engineVersion,
      at: new Date(now()).toISOString(),
      customerId: parent?.customerId ?? null,
      productId: parent?.productId ?? null,
      phone: parent?.phone ?? null,
      subscriptionId: parent?.subscriptionId ?? null,
      parentOrderId: parent?.id ?? null,
      parentInvocation: entry.invocation ?? null,
      start: { businessKey: entry.businessKey, input: { ...entry.input, orderId: id } },
    }),
  )
}
