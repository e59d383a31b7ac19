import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import { listProducts, productById } from '../../db/catalogue.ts'
import { addPrice, createProduct, pricesOf } from '../../db/product-prices.ts'
import type { JsonObject } from '../../domain/json.ts'
import { rial as toRial } from '../../domain/money.ts'
import { notFound } from '../problem.ts'
import { Reply, type Route, route } from '../route.ts'
import { byId, id, jsonObject, rial, textInput } from '../schemas.ts'

const product = z.object({
  id: z.string(),
  code: z.string(),
  kind: z.string(),
  labelFa: z.string(),
  labelEn: z.string(),
  orderDefinition: z.string(),
  characteristics: jsonObject,
  active: z.boolean(),
})
const price = z.object({
  validFrom: z.string(),
  amountRial: rial,
  taxIncluded: z.boolean(),
  taxes: z.array(z.string()),
})
const day = z.iso.date()

/** Products and their dated prices (M13). */
export const catalogueRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/products',
    summary: 'Products on sale',
    auth: 'catalogue.read',
    input: { query: z.strictObject({ kind: z.string().max(50).optional() }) },
    output: z.object({ products: z.array(product) }),
    handler: async ({ query, inReach }) => ({ products: await inReach((tx) => listProducts(tx, query.kind)) }),
  }),
  route({
    method: 'get',
    path: '/v1/products/:id',
    summary: 'One product with its prices, newest first',
    auth: 'catalogue.read',
    input: { params: byId },
    output: product.extend({ prices: z.array(price) }),
    async handler({ params, inReach }) {
      return inReach(async (tx) => {
        const found = await productById(tx, params.id)
        if (found === null) throw notFound()
        return { ...found, prices: await pricesOf(tx, params.id) }
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/products',
    summary: 'Add a product',
    auth: 'catalogue.write',
    input: {
      body: z.strictObject({
        code: z.string().regex(/^[\w.-]{1,60}$/),
        kind: z.string().regex(/^[\w-]{1,50}$/),
        label: textInput,
        orderDefinition: id,
        characteristics: jsonObject.default({}),
      }),
    },
    output: z.object({ id: z.string() }),
    status: 201,
    async handler({ deps, who, body, newId, now, ip }) {
      const made = newId('pr')
      const { label, characteristics, ...columns } = body
      await deps.db.transaction(async (tx) => {
        const fresh = await createProduct(tx, {
          ...columns,
          id: made,
          labelFa: label.fa,
          labelEn: label.en,
          characteristics: characteristics as JsonObject,
        })
        if (fresh)
          await audit(tx, {
            at: now.toISOString(),
            actor: who.id,
            action: 'product.create',
            entity: 'product',
            entityId: made,
            detail: { code: body.code },
            ip,
          })
      })
      return new Reply(201, { id: made }, { Location: `/v1/products/${made}` })
    },
  }),
  route({
    method: 'post',
    path: '/v1/products/:id/prices',
    summary: 'Set the price of a product from a day on (Tehran)',
    auth: 'catalogue.write',
    input: {
      params: byId,
      body: z.strictObject({
        validFrom: day,
        amountRial: z.int().min(0),
        taxIncluded: z.boolean().default(false),
        taxes: z.array(id).max(5).default([]),
      }),
    },
    output: z.object({ prices: z.array(price) }),
    status: 201,
    async handler({ deps, who, params, body, now, ip }) {
      return deps.db.transaction(async (tx) => {
        if ((await productById(tx, params.id)) === null) throw notFound()
        await addPrice(tx, { ...body, productId: params.id, amountRial: toRial(body.amountRial) })
        const prices = await pricesOf(tx, params.id)
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'price.set',
          entity: 'product',
          entityId: params.id,
          detail: body,
          ip,
        })
        return { prices }
      })
    },
  }),
]
