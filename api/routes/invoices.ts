import { z } from 'zod'
import type { Queryable } from '../../db/client.ts'
import { contactsOf, customerById } from '../../db/customers.ts'
import { invoiceById, listInvoices } from '../../db/invoices.ts'
import { orderById } from '../../db/orders.ts'
import { listSubscriptions, subscriptionById } from '../../db/subscriptions.ts'
import type { PrintedInvoice } from '../../templates/invoice-pdf.ts'
import { cursorOf, parseCursor } from '../cursor.ts'
import { notFound } from '../problem.ts'
import { type Route, route } from '../route.ts'
import { byId, id, instant, json, limit, rial, text } from '../schemas.ts'

export const invoiceShape = z.object({
  id: z.string(),
  kind: z.string(),
  number: z.string(),
  orderId: z.string().nullable(),
  customerId: z.string().nullable(),
  netRial: rial,
  taxRial: rial,
  totalRial: rial,
  status: z.string(),
  issuedAt: instant,
  dueOn: z.string().nullable(),
  paidAt: instant.nullable(),
})

const line = z.object({
  line: z.int(),
  productId: z.string().nullable(),
  description: text,
  quantity: z.int(),
  unitRial: rial,
  listRial: rial,
  discountRial: rial,
  netRial: rial,
  taxes: json,
  taxRial: rial,
  totalRial: rial,
  periodStart: z.string().nullable(),
  periodEnd: z.string().nullable(),
})

const subscription = z.object({
  id: z.string(),
  orderId: z.string(),
  customerId: z.string(),
  productId: z.string(),
  username: z.string().nullable(),
  phone: z.string().nullable(),
  startsAt: instant,
  expiresAt: instant,
  status: z.string(),
})

/** Documents of account and running services. */
export const invoiceRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/invoices',
    summary: 'Proformas, invoices and credit notes in reach, newest first',
    auth: 'invoices.read',
    input: {
      query: z.strictObject({
        order: id.optional(),
        customer: id.optional(),
        subscription: id.optional(),
        kind: z.enum(['proforma', 'invoice', 'credit-note']).optional(),
        status: z.enum(['open', 'paid', 'void']).optional(),
        cursor: z.string().max(300).optional(),
        limit,
      }),
    },
    output: z.object({ invoices: z.array(invoiceShape), next: z.string().nullable() }),
    async handler({ query, inReach }) {
      const end = query.cursor === undefined ? undefined : parseCursor(query.cursor)
      const invoices = await inReach((tx) =>
        listInvoices(tx, {
          limit: query.limit,
          ...(query.order !== undefined && { orderId: query.order }),
          ...(query.customer !== undefined && { customerId: query.customer }),
          ...(query.subscription !== undefined && { subscriptionId: query.subscription }),
          ...(query.kind !== undefined && { kind: query.kind }),
          ...(query.status !== undefined && { status: query.status }),
          ...(end !== undefined && { before: { issuedAt: end.at, id: end.id } }),
        }),
      )
      const last = invoices.at(-1)
      const next =
        invoices.length === query.limit && last !== undefined ? cursorOf({ at: last.issuedAt, id: last.id }) : null
      return { invoices, next }
    },
  }),
  route({
    method: 'get',
    path: '/v1/invoices/:id',
    summary: 'One document with its lines and taxes',
    auth: 'invoices.read',
    input: { params: byId },
    output: invoiceShape.extend({ lines: z.array(line) }),
    async handler({ params, inReach }) {
      const found = await inReach((tx) => invoiceById(tx, params.id))
      if (found === null) throw notFound()
      return found
    },
  }),
  route({
    method: 'get',
    path: '/v1/invoices/:id/pdf',
    summary: 'One document as a printed page, in Persian or English',
    auth: 'invoices.read',
    input: { params: byId, query: z.strictObject({ locale: z.enum(['fa', 'en']).default('fa') }) },
    output: { raw: 'application/pdf' },
    async handler({ deps, params, query, res, inReach }) {
      const printed = await inReach((tx) => printedInvoice(tx, params.id))
      if (printed === null) throw notFound()
      const pdf = deps.printer.print(printed, query.locale)
      res.setHeader('Cache-Control', 'no-store')
      res.setHeader('Content-Type', 'application/pdf')
      res.setHeader('Content-Disposition', `inline; filename="${printed.number.replace(/[^\w-]/g, '-')}.pdf"`)
      res.end(pdf)
    },
  }),
  route({
    method: 'get',
    path: '/v1/subscriptions',
    summary: 'Running services in reach, newest first, at most 200',
    auth: 'subscriptions.read',
    input: {
      query: z.strictObject({
        customer: id.optional(),
        phone: z.string().max(20).optional(),
        status: z.enum(['active', 'suspended', 'expired', 'collecting', 'collected', 'cancelled']).optional(),
      }),
    },
    output: z.object({ subscriptions: z.array(subscription) }),
    async handler({ query, inReach }) {
      const subscriptions = await inReach((tx) =>
        listSubscriptions(tx, {
          ...(query.customer !== undefined && { customerId: query.customer }),
          ...(query.phone !== undefined && { phone: query.phone }),
          ...(query.status !== undefined && { status: query.status }),
        }),
      )
      return { subscriptions }
    },
  }),
  route({
    method: 'get',
    path: '/v1/subscriptions/:id',
    summary: 'One running service',
    auth: 'subscriptions.read',
    input: { params: byId },
    output: subscription,
    async handler({ params, inReach }) {
      const found = await inReach((tx) => subscriptionById(tx, params.id))
      if (found === null) throw notFound()
      return found
    },
  }),
]

/** A document with what is printed of its customer and order; null when it is not in reach. */
async function printedInvoice(tx: Queryable, id: string): Promise<PrintedInvoice | null> {
  const invoice = await invoiceById(tx, id)
  if (invoice === null) return null
  const { customerId, orderId } = invoice
  const customer = customerId === null ? null : await customerById(tx, customerId)
  const reached = customer === null ? [] : (await contactsOf(tx, customer.id)).filter(({ kind }) => kind !== 'email')
  const order = orderId === null ? null : await orderById(tx, orderId)
  return {
    ...invoice,
    orderNumber: order?.number ?? null,
    buyer: {
      name: customer?.name ?? '—',
      nationalId: customer?.nationalId ?? null,
      reached: reached.slice(0, 3).map(({ value }) => value),
    },
    instalments: [],
  }
}
