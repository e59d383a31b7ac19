import { randomBytes } from 'node:crypto'
import { productById } from '../db/catalogue.ts'
import type { Db } from '../db/client.ts'
import { customerById } from '../db/customers.ts'
import { orderById } from '../db/orders.ts'
import { nationalPhone } from '../domain/identity.ts'
import type { JsonObject } from '../domain/json.ts'
import { type Plan, planOf } from '../domain/plan.ts'
import type { AaaGateway } from '../gateways/aaa/port.ts'
import { type Call, integerOf, optionalTextOf, textOf } from './call.ts'
import { failing } from './failure.ts'

/** Accounts of subscribers (AA1-AA11). Passwords are made here and go straight to the AAA: none is ever in a workflow. */
export function createAaaActivities({ aaa, db, now }: { aaa: AaaGateway; db: Db; now: () => number }) {
  const planOfProduct = async (call: Call): Promise<Plan> =>
    planOf((await productById(db, textOf(call, 'productId')))?.characteristics ?? {})

  return failing(
    {
      async 'aaa.createAccount'(call: Call): Promise<JsonObject> {
        const order = await orderById(db, call.orderId)
        const customer = await customerById(db, textOf(call, 'customerId'))
        const plan = await planOfProduct(call)
        const username = `${plan.technology}${order?.phone == null ? call.orderId : nationalPhone(order.phone)}`
        const account = await aaa.createUser(
          {
            username,
            password: randomBytes(9).toString('base64url'),
            group: plan.group,
            expiresAt: new Date(now() + plan.days * 86_400_000).toISOString(),
            bytes: plan.bytes,
            ...(customer === null ? {} : { name: customer.name }),
          },
          call.key,
        )
        return { username: account.username, expiresAt: account.expiresAt ?? null }
      },

      async 'aaa.deleteAccount'(call: Call): Promise<null> {
        await aaa.deleteUser(textOf(call, 'username'), { reason: call.key }, call.key)
        return null
      },

      /** A new period from the end of the present one, or from now when that is over (early renewal extends). */
      async 'aaa.renew'(call: Call): Promise<JsonObject> {
        const username = textOf(call, 'username')
        const plan = await planOfProduct(call)
        const until = optionalTextOf(call, 'until') ?? (await endOfNextPeriod(username, plan))
        const account = await aaa.renew(
          username,
          { group: plan.group, expiresAt: until, bytes: plan.bytes, resetUsage: true },
          call.key,
        )
        return { expiresAt: account.expiresAt ?? until }
      },

      async 'aaa.disable'(call: Call): Promise<null> {
        await aaa.setStatus(textOf(call, 'username'), { status: 'disabled', reason: textOf(call, 'reason') }, call.key)
        return null
      },

      async 'aaa.enable'(call: Call): Promise<null> {
        await aaa.setStatus(textOf(call, 'username'), { status: 'active', reason: 'enabled' }, call.key)
        return null
      },

      async 'aaa.changeProduct'(call: Call): Promise<null> {
        const { group } = await planOfProduct(call)
        await aaa.changeGroup(textOf(call, 'username'), { group }, call.key)
        return null
      },

      async 'aaa.temporaryConnect'(call: Call): Promise<null> {
        await aaa.temporaryConnect(
          textOf(call, 'username'),
          { hours: integerOf(call, 'hours'), reason: call.key },
          call.key,
        )
        return null
      },

      async 'aaa.reserveRenewal'(call: Call): Promise<null> {
        const { group } = await planOfProduct(call)
        await aaa.reserveRenewal(textOf(call, 'username'), { group, startsAt: 'on-expiry' }, call.key)
        return null
      },

      async 'aaa.disconnect'(call: Call): Promise<JsonObject> {
        return aaa.disconnect(textOf(call, 'username'), { reason: call.key })
      },
    },
    { DUPLICATE: 'DuplicateUsername', VALIDATION: 'BadInput' },
  )

  async function endOfNextPeriod(username: string, plan: Plan): Promise<string> {
    const account = await aaa.getUser(username)
    const from = Math.max(now(), account?.expiresAt === undefined ? 0 : Date.parse(account.expiresAt))
    return new Date(from + plan.days * 86_400_000).toISOString()
  }
}
