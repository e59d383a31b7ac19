import { z } from 'zod'
import { customerById } from '../../db/customers.ts'
import { invoiceById } from '../../db/invoices.ts'
import { reachesPartner } from '../../db/partner-reach.ts'
import { decisionOf } from '../../db/price-decisions.ts'
import type { JsonObject } from '../../domain/json.ts'
import { badInput, notFound } from '../problem.ts'
import { type Route, route } from '../route.ts'
import { byId, id, json, jsonObject, rial, text } from '../schemas.ts'

const explained = z.object({
  set: z.string(),
  version: z.int(),
  rule: z.string(),
  effect: z.string(),
  matched: z.boolean(),
  outcome: z.string(),
  supersededBy: z.string().nullable(),
  amountRial: rial,
  arithmetic: z.string(),
  why: z.array(
    z.object({ dimension: z.string(), operator: z.string(), value: json, actual: json, holds: z.boolean() }),
  ),
})
const quotedLine = z.object({
  productId: z.string(),
  description: text,
  quantity: z.int(),
  charge: z.string(),
  unitRial: rial,
  bundleId: z.string().nullable(),
  addedBy: z.string().nullable(),
  amounts: z.object({
    listRial: rial,
    discountRial: rial,
    netRial: rial,
    taxes: z.array(
      z.object({
        code: z.string(),
        numerator: z.int(),
        denominator: z.int(),
        compound: z.boolean(),
        baseRial: rial,
        amountRial: rial,
      }),
    ),
    taxRial: rial,
    totalRial: rial,
  }),
  explanation: z.array(explained),
})
const decision = z.object({
  lines: z.array(quotedLine),
  netRial: rial,
  taxRial: rial,
  totalRial: rial,
  rejections: z.array(z.object({ rule: z.string(), reason: text })),
  rules: z.array(z.object({ set: z.string(), version: z.int() })),
})

/** Prices before anybody pays, and how a price came about (BR10, OC7). */
export const quoteRoutes: Route[] = [
  route({
    method: 'post',
    path: '/v1/quotes',
    summary: 'What items cost now by catalogue and rules, with every rule considered; writes nothing',
    auth: 'quotes.make',
    idempotent: false,
    input: {
      body: z.strictObject({
        items: z
          .array(
            z.strictObject({
              productId: id,
              quantity: z.int().min(1).max(1_000_000).default(1),
              fromProductId: id.nullable().default(null),
            }),
          )
          .min(1)
          .max(50),
        kind: z.enum(['new', 'change', 'renewal']).default('new'),
        customerId: id.nullable().default(null),
        partnerId: id.nullable().default(null),
        cityId: id.nullable().default(null),
        centreId: id.nullable().default(null),
        data: jsonObject.default({}),
      }),
    },
    output: decision.extend({
      faults: z.array(
        z.object({
          code: z.string(),
          place: z.string(),
          productId: z.string(),
          otherId: z.string().nullable(),
          fa: z.string(),
          en: z.string(),
        }),
      ),
    }),
    async handler({ deps, who, body, now, inReach }) {
      const { customerId, data } = body
      const customer = customerId === null ? null : await inReach((tx) => customerById(tx, customerId))
      if (customerId !== null && customer === null)
        throw badInput([{ place: '$.body.customerId', fa: 'چنین مشترکی نیست', en: 'there is no such customer' }])
      const partnerId = body.partnerId ?? customer?.partnerId ?? who.partnerId ?? null
      if (body.partnerId !== null && body.partnerId !== customer?.partnerId) {
        const reached = await inReach((tx) => reachesPartner(tx, body.partnerId ?? ''))
        if (!reached)
          throw badInput([{ place: '$.body.partnerId', fa: 'چنین نماینده‌ای نیست', en: 'there is no such partner' }])
      }
      const quote = await deps.pricing.quote(deps.db, {
        ...body,
        partnerId,
        data: data as JsonObject,
        atMs: now.getTime(),
      })
      // How the company's rules are made is not a customer's business; what he pays is.
      const told = who.customerId === null
      return { ...quote, lines: quote.lines.map((line) => (told ? line : { ...line, explanation: [] })) }
    },
  }),
  route({
    method: 'get',
    path: '/v1/invoices/:id/explanation',
    summary: 'How the prices of a document came about: each rule considered, on which facts, with the arithmetic',
    auth: 'rules.explain',
    input: { params: byId },
    output: decision,
    async handler({ params, inReach }) {
      const found = await inReach(async (tx) => {
        const document = await invoiceById(tx, params.id)
        return document === null ? null : decisionOf(tx, document.proformaId ?? document.id)
      })
      if (found === null) throw notFound()
      return decision.parse(found.decision)
    },
  }),
]
