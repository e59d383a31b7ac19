import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import type { Queryable } from '../../db/client.ts'
import { contactFor } from '../../db/customers.ts'
import { invoiceById, listInvoices } from '../../db/invoices.ts'
import { enqueue } from '../../db/outbox.ts'
import { attemptById, attemptsOf, markSent, openAttempt } from '../../db/payments.ts'
import { mustFind } from '../found-order.ts'
import { badInput, conflict, notFound, unavailable } from '../problem.ts'
import { Reply, type Route, route } from '../route.ts'
import { byId, id, instant, rial } from '../schemas.ts'

export const attemptShape = z.object({
  id: z.int(),
  orderId: z.string().nullable(),
  invoiceId: z.string().nullable(),
  gateway: z.string(),
  amountRial: rial,
  status: z.string(),
  bankRef: z.string().nullable(),
  createdAt: instant,
  verifiedAt: instant.nullable(),
  settledAt: instant.nullable(),
})

/** Paying online: an attempt with our own amount, and the way to the bank. */
export const paymentRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/payment-gateways',
    summary: 'Gateways in the order in which they are offered',
    auth: 'payments.read',
    output: z.object({ gateways: z.array(z.string()) }),
    handler: async ({ deps }) => ({ gateways: Object.keys(deps.payments) }),
  }),
  route({
    method: 'get',
    path: '/v1/orders/:id/payments',
    summary: 'Attempts to pay an order',
    auth: 'payments.read',
    input: { params: byId },
    output: z.object({ payments: z.array(attemptShape) }),
    async handler({ params, inReach }) {
      return inReach(async (tx) => {
        await mustFind(tx, params.id)
        return { payments: await attemptsOf(tx, params.id) }
      })
    },
  }),
  route({
    method: 'get',
    path: '/v1/payments/:id',
    summary: 'One attempt to pay',
    auth: 'payments.read',
    input: {
      params: z.strictObject({
        id: z.coerce
          .number()
          .int()
          .positive()
          .max(2 ** 53 - 1),
      }),
    },
    output: attemptShape,
    async handler({ params, inReach }) {
      const attempt = await inReach((tx) => attemptById(tx, params.id))
      if (attempt === null) throw notFound()
      return attempt
    },
  }),
  route({
    method: 'post',
    path: '/v1/orders/:id/payments',
    summary: 'Pay the open document of an order at a gateway; the answer says where to send the payer',
    auth: 'payments.create',
    input: { params: byId, body: z.strictObject({ gateway: z.string().max(50), invoiceId: id.optional() }) },
    output: z.object({
      attemptId: z.int(),
      amountRial: rial,
      redirect: z.object({
        method: z.enum(['GET', 'POST']),
        url: z.string(),
        fields: z.record(z.string(), z.string()),
      }),
    }),
    status: 201,
    async handler({ deps, who, params, body, key, now, ip, log, inReach }) {
      const gateway = Object.hasOwn(deps.payments, body.gateway) ? deps.payments[body.gateway] : undefined
      if (gateway === undefined)
        throw badInput([{ place: '$.body.gateway', fa: 'چنین درگاهی نیست', en: 'there is no such gateway' }])
      const { attempt, order, mobile } = await inReach(async (tx) => {
        const found = await mustFind(tx, params.id)
        const invoice = await payable(tx, params.id, body.invoiceId)
        const opened = await openAttempt(tx, {
          key: `api:${who.id}:${key}`,
          pathToken: randomBytes(24).toString('base64url'),
          gateway: body.gateway,
          amountRial: invoice.totalRial,
          orderId: found.id,
          invoiceId: invoice.id,
          customerId: found.customerId,
        })
        const contact =
          found.customerId === null ? null : await contactFor(tx, found.customerId, 'mobile', found.productId)
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'payment.open',
          entity: 'payment',
          entityId: String(opened.id),
          detail: { orderId: found.id, invoiceId: invoice.id, gateway: body.gateway, amountRial: invoice.totalRial },
          ip,
        })
        return { attempt: opened, order: found, mobile: contact?.value }
      })
      const asked = await gateway
        .request({
          attemptId: BigInt(attempt.id),
          amountRial: BigInt(attempt.amountRial),
          callbackUrl: new URL(`/v1/callbacks/${body.gateway}/${attempt.pathToken}`, deps.config.publicUrl).href,
          description: `سفارش ${order.number}`,
          ...(mobile !== undefined && { mobile }),
        })
        .catch((error: unknown) => {
          log.warn({ err: error, attemptId: attempt.id }, 'gateway gave no token')
          throw unavailable({
            fa: 'درگاه پرداخت پاسخ نداد؛ مبلغی کم نشده است',
            en: 'The gateway gave no answer; nothing was charged',
          })
        })
      await deps.db.transaction(async (tx) => {
        await markSent(tx, attempt.id, asked.token)
        await enqueue(tx, order.id, [{ kind: 'payment', key: `payment:${attempt.id}`, attemptId: String(attempt.id) }])
      })
      return new Reply(
        201,
        { attemptId: attempt.id, amountRial: attempt.amountRial, redirect: asked.redirect },
        { Location: `/v1/payments/${attempt.id}` },
      )
    },
  }),
]

/** The document to be paid: the one named, else the newest open one of the order. The amount is ours, never the caller's (M10). */
async function payable(tx: Queryable, orderId: string, invoiceId: string | undefined) {
  if (invoiceId !== undefined) {
    const invoice = await invoiceById(tx, invoiceId)
    if (invoice === null || invoice.orderId !== orderId)
      throw badInput([
        { place: '$.body.invoiceId', fa: 'چنین سندی برای این سفارش نیست', en: 'this order has no such document' },
      ])
    if (invoice.status !== 'open' || invoice.kind === 'credit-note') throw nothingToPay()
    return invoice
  }
  const open = await listInvoices(tx, { orderId, status: 'open', limit: 20 })
  const found = open.find(({ kind }) => kind !== 'credit-note')
  if (found === undefined) throw nothingToPay()
  return found
}

const nothingToPay = () =>
  conflict('NothingToPay', { fa: 'سند بازی برای پرداخت نیست', en: 'There is no open document to pay' })
