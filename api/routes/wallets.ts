import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import type { Queryable } from '../../db/client.ts'
import { holdsOf, placeHold, voidHold } from '../../db/holds.ts'
import { statementOf } from '../../db/ledger.ts'
import { setCreditLimit, type Wallet, walletsOf } from '../../db/wallets.ts'
import { rial as toRial } from '../../domain/money.ts'
import { notFound } from '../problem.ts'
import { type Route, route } from '../route.ts'
import { id, instant, instantInput, limit, name, rial } from '../schemas.ts'

const walletId = z.strictObject({ id: z.string().regex(/^\d{4}:[\w.:-]{1,100}$/) })
const currency = z.string().regex(/^[A-Z]{3}$/)
const walletShape = z.object({
  id: z.string(),
  currency: z.string(),
  customerId: z.string().nullable(),
  partnerId: z.string().nullable(),
  posted: rial,
  held: rial,
  creditLimit: rial,
  available: rial,
})
const holdShape = z.object({
  id: z.string(),
  accountId: z.string(),
  currency: z.string(),
  amount: rial,
  status: z.string(),
  reason: z.string(),
  orderId: z.string().nullable(),
  createdAt: instant,
  expiresAt: instant,
  endedAt: instant.nullable(),
})

/** Accounts of customers and partners: `2100:<customer>`, `2110:<partner>`, and what they owe, `1200:…`, `1210:…`. */
export const walletRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/wallets/:id',
    summary: 'Balances of a wallet: available = posted − held + credit limit, by currency',
    auth: 'wallets.read',
    input: { params: walletId },
    output: z.object({ balances: z.array(walletShape), holds: z.array(holdShape) }),
    handler: async ({ params, inReach }) =>
      inReach(async (tx) => ({
        balances: await mustFind(tx, params.id),
        holds: await holdsOf(tx, params.id, 'pending'),
      })),
  }),
  route({
    method: 'get',
    path: '/v1/wallets/:id/statement',
    summary: 'Lines of a wallet, newest first, each with the balance after it',
    auth: 'wallets.read',
    input: {
      params: walletId,
      query: z.strictObject({
        currency: currency.default('IRR'),
        before: z.coerce.number().int().positive().optional(),
        limit,
      }),
    },
    output: z.object({
      lines: z.array(
        z.object({
          id: z.int(),
          entryId: z.int(),
          at: instant,
          description: z.string(),
          orderId: z.string().nullable(),
          debit: rial,
          credit: rial,
          balanceAfter: rial,
        }),
      ),
      next: z.int().nullable(),
    }),
    async handler({ params, query, inReach }) {
      const { currency, before } = query
      const lines = await inReach(async (tx) => {
        await mustFind(tx, params.id)
        return statementOf(tx, params.id, { currency, limit: query.limit, ...(before !== undefined && { before }) })
      })
      return { lines, next: lines.length === query.limit ? (lines.at(-1)?.id ?? null) : null }
    },
  }),
  route({
    method: 'put',
    path: '/v1/wallets/:id/credit-limit',
    summary: 'Set how far a wallet may go below zero',
    auth: 'wallets.limit',
    input: {
      params: walletId,
      body: z.strictObject({ creditLimit: z.int().min(0), currency: currency.default('IRR') }),
    },
    output: z.object({ balances: z.array(walletShape) }),
    async handler({ deps, who, params, body, now, ip }) {
      return deps.db.transaction(async (tx) => {
        const { before } = await setCreditLimit(tx, params.id, toRial(body.creditLimit), body.currency)
        const balances = await walletsOf(tx, params.id)
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'wallet.limit',
          entity: 'wallet',
          entityId: params.id,
          detail: { ...body, before },
          ip,
        })
        return { balances }
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/wallets/:id/holds',
    summary: 'Set money of a wallet aside until an instant',
    auth: 'wallets.hold',
    input: {
      params: walletId,
      body: z.strictObject({ amount: z.int().min(1), reason: name, expiresAt: instantInput, orderId: id.optional() }),
    },
    output: holdShape,
    status: 201,
    async handler({ deps, who, params, body, key, newId, now, ip }) {
      return deps.db.transaction(async (tx) => {
        const { hold } = await placeHold(tx, {
          id: newId('hold'),
          key: `api:${who.id}:${key}`,
          account: params.id,
          amount: toRial(body.amount),
          reason: body.reason,
          at: now.toISOString(),
          expiresAt: new Date(body.expiresAt).toISOString(),
          orderId: body.orderId ?? null,
        })
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'wallet.hold',
          entity: 'wallet',
          entityId: params.id,
          detail: { holdId: hold.id, amount: hold.amount, reason: hold.reason },
          ip,
        })
        return hold
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/holds/:id/void',
    summary: 'Free held money',
    auth: 'wallets.hold',
    input: { params: z.strictObject({ id }) },
    output: holdShape,
    async handler({ deps, who, params, now, ip }) {
      return deps.db.transaction(async (tx) => {
        const hold = await voidHold(tx, params.id, now.toISOString())
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'wallet.free',
          entity: 'wallet',
          entityId: hold.accountId,
          detail: { holdId: hold.id },
          ip,
        })
        return hold
      })
    },
  }),
]

async function mustFind(tx: Queryable, account: string): Promise<Wallet[]> {
  const balances = await walletsOf(tx, account)
  if (balances.length === 0) throw notFound()
  return balances
}
