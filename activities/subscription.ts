import { productById } from '../db/catalogue.ts'
import type { Db } from '../db/client.ts'
import { orderById } from '../db/orders.ts'
import {
  changeSubscription,
  createSubscription,
  dueForRenewal,
  type Subscription,
  subscriptionById,
} from '../db/subscriptions.ts'
import { DomainError } from '../domain/errors.ts'
import { dayMs } from '../domain/jalali.ts'
import type { JsonObject } from '../domain/json.ts'
import { planOf } from '../domain/plan.ts'
import type { AaaGateway } from '../gateways/aaa/port.ts'
import { type Call, optionalTextOf, textOf } from './call.ts'
import { failing } from './failure.ts'
import { openOrder } from './open-order.ts'
import { tehranDay } from './proforma-lines.ts'

export interface SubscriptionDeps {
  db: Db
  aaa: AaaGateway
  engineVersion: number
  now: () => number
}

/** How long before its end the renewal of a cycle is opened. */
const renewalLeadDays = 7

/** The running service of a customer, and the sweep that opens its renewals: one run a cycle (OC6). */
export function createSubscriptionActivities({ db, aaa, engineVersion, now }: SubscriptionDeps) {
  async function found(call: Call): Promise<Subscription> {
    const subscription = await subscriptionById(db, textOf(call, 'subscriptionId'))
    if (subscription === null)
      throw new DomainError('NoSuchSubscription', { en: 'there is no such subscription', fa: 'اشتراک یافت نشد' })
    return subscription
  }

  /** The AAA decides when a service ends: what it says is what we keep. */
  async function endAtAaa(username: string | null, fallbackMs: number): Promise<string> {
    const account = username === null ? null : await aaa.getUser(username)
    return account?.expiresAt ?? new Date(fallbackMs).toISOString()
  }

  const set = async (call: Call, status: Subscription['status']): Promise<null> => {
    await changeSubscription(db, (await found(call)).id, { status })
    return null
  }

  return failing({
    async 'subscription.open'(call: Call): Promise<JsonObject> {
      const order = await orderById(db, call.orderId)
      if (order?.customerId == null || order.productId === null)
        throw new DomainError('IncompleteOrder', {
          en: 'the order has no customer or product',
          fa: 'سفارش مشترک یا محصول ندارد',
        })
      const username = textOf(call, 'username')
      const days = planOf((await productById(db, order.productId))?.characteristics ?? {}).days
      const subscription = await createSubscription(db, {
        id: `sub-${order.id}`,
        orderId: order.id,
        customerId: order.customerId,
        partnerId: order.partnerId,
        productId: order.productId,
        username,
        portId: optionalTextOf(call, 'portId') ?? null,
        phone: order.phone,
        startsAt: new Date(now()).toISOString(),
        expiresAt: await endAtAaa(username, now() + days * dayMs),
      })
      return { subscriptionId: subscription.id, expiresAt: subscription.expiresAt }
    },

    async 'subscription.extend'(call: Call): Promise<JsonObject> {
      const subscription = await found(call)
      const expiresAt = await endAtAaa(subscription.username, Date.parse(subscription.expiresAt))
      await changeSubscription(db, subscription.id, { expiresAt, status: 'active', ...productOf(call) })
      return { expiresAt }
    },

    async 'subscription.changeProduct'(call: Call): Promise<null> {
      await changeSubscription(db, (await found(call)).id, productOf(call))
      return null
    },

    'subscription.suspend': (call: Call) => set(call, 'suspended'),
    'subscription.resume': (call: Call) => set(call, 'active'),
    'subscription.end': (call: Call) => set(call, 'expired'),

    async 'subscription.openRenewals'({ limit }: { limit: number }): Promise<{ opened: number }> {
      const due = await dueForRenewal(db, { before: new Date(now() + renewalLeadDays * dayMs).toISOString(), limit })
      let opened = 0
      for (const subscription of due) {
        const periodStart = tehranDay(Date.parse(subscription.expiresAt))
        const workflowKey = `${subscription.id}:${periodStart}`
        const created = await openOrder(db, {
          definitionId: 'prepaid-renewal',
          orderId: `renewal-${subscription.id}-${periodStart}`,
          workflowKey,
          subscription,
          engineVersion,
          atMs: now(),
          context: { periodStart },
        })
        if (created) opened += 1
      }
      return { opened }
    },
  })
}

function productOf(call: Call): { productId?: string } {
  const productId = optionalTextOf(call, 'productId')
  return productId === undefined ? {} : { productId }
}
