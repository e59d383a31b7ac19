import type { Db } from '../db/client.ts'
import { kindOfDefinition, resolveVersion } from '../db/definitions.ts'
import { createOrder } from '../db/orders.ts'
import type { OrderKind } from '../db/schema/orders.ts'
import type { Subscription } from '../db/subscriptions.ts'
import { DomainError } from '../domain/errors.ts'
import type { JsonObject } from '../domain/json.ts'

/** An order that nobody asked for: a renewal or a collection of a subscription. */
export interface DueOrder {
  definitionId: string
  orderId: string
  /** What makes the workflow's id, after its kind. */
  workflowKey: string
  subscription: Subscription
  context: JsonObject
  engineVersion: number
  atMs: number
}

/** Opens it, and answers whether this call did: row, number and start in one transaction. Ends in DomainError `NoSuchDefinition`. */
export async function openOrder(db: Db, due: DueOrder): Promise<boolean> {
  const { definitionId, subscription } = due
  const version = await resolveVersion(db, definitionId, {
    partnerId: subscription.partnerId,
    // By the subscription, so that it keeps to one version from cycle to cycle while a roll-out runs.
    key: subscription.id,
  })
  if (version === null)
    throw new DomainError('NoSuchDefinition', {
      en: `${definitionId} was never published`,
      fa: `تعریف ${definitionId} منتشر نشده است`,
    })
  const kind = await kindOfDefinition(db, definitionId, version)
  const { customerId, partnerId, productId, phone } = subscription
  const context = {
    orderId: due.orderId,
    subscriptionId: subscription.id,
    customerId,
    resellerId: partnerId ?? '',
    productId,
    username: subscription.username ?? '',
    portId: subscription.portId ?? '',
    expiresAt: subscription.expiresAt,
    ...due.context,
  }
  const { created } = await db.transaction((tx) =>
    createOrder(tx, {
      id: due.orderId,
      kind: kind as OrderKind,
      workflowId: `${kind}:${due.workflowKey}`,
      definitionId,
      definitionVersion: version,
      engineVersion: due.engineVersion,
      at: new Date(due.atMs).toISOString(),
      customerId,
      partnerId,
      productId,
      phone,
      subscriptionId: subscription.id,
      start: { businessKey: due.workflowKey, input: context },
    }),
  )
  return created
}
