import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import { listProducts, productById } from '../../db/catalogue.ts'
import { currencyOf } from '../../db/exchange-rates.ts'
import {
  addPrice,
  addVersion,
  changeProduct,
  createProduct,
  listCategories,
  type Price,
  pricesOf,
  relationsOf,
  saveCategory,
  setRelations,
} from '../../db/product-prices.ts'
import type { JsonObject } from '../../domain/json.ts'
import { rial as toRial } from '../../domain/money.ts'
import { notFound } from '../problem.ts'
import { Reply, type Route, route } from '../route.ts'
import { byId, flag, id, instant, instantInput, jsonObject, rial, textInput } from '../schemas.ts'

const product = z.object({
  id: z.string(),
  code: z.string(),
  kind: z.string(),
  labelFa: z.string(),
  labelEn: z.string(),
  orderDefinition: z.string(),
  categoryId: z.string().nullable(),
  delivery: z.string(),
  version: z.int(),
  characteristics: jsonObject,
  active: z.boolean(),
  saleFrom: instant.nullable(),
  saleUntil: instant.nullable(),
})
const tier = z.strictObject({ from: z.int().min(2), amount: z.int().min(0) })
const price = z.object({
  version: z.int(),
  charge: z.string(),
  validFrom: z.string(),
  validUntil: z.string().nullable(),
  currency: z.string(),
  /** In the minor unit of the currency; for a price in Rial also as `amountRial`. */
  amount: rial,
  amountRial: rial.nullable(),
  tiers: z.object({ mode: z.string(), steps: z.array(z.object({ from: z.int(), amount: rial })) }).nullable(),
  taxIncluded: z.boolean(),
  taxes: z.array(z.string()),
})
const relation = z.strictObject({
  kind: z.enum(['requires', 'excludes', 'suggests', 'includes']),
  otherId: id,
  quantity: z.int().min(1).max(1000).default(1),
})
const category = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  labelFa: z.string(),
  labelEn: z.string(),
  position: z.int(),
})
const day = z.iso.date()
const asShown = (row: Price) => ({ ...row, amountRial: row.currency === 'IRR' ? row.amount : null })

/** Products and their dated prices (M13). */
export const catalogueRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/products',
    summary: 'Products on sale now, or all of them; of a kind or a category when given',
    auth: 'catalogue.read',
    input: {
      query: z.strictObject({
        kind: z.string().max(50).optional(),
        category: id.optional(),
        all: flag.default(false),
      }),
    },
    output: z.object({ products: z.array(product) }),
    async handler({ query, now, inReach }) {
      const { kind, category, all } = query
      const products = await inReach((tx) =>
        listProducts(tx, {
          ...(!all && { onSaleAt: now.toISOString() }),
          ...(kind !== undefined && { kind }),
          ...(category !== undefined && { category }),
        }),
      )
      return { products }
    },
  }),
  route({
    method: 'get',
    path: '/v1/product-categories',
    summary: 'The tree of the sales catalogue',
    auth: 'catalogue.read',
    output: z.object({ categories: z.array(category) }),
    handler: async ({ inReach }) => ({ categories: await inReach(listCategories) }),
  }),
  route({
    method: 'put',
    path: '/v1/product-categories/:id',
    summary: 'Add a category, or change one',
    auth: 'catalogue.write',
    input: {
      params: byId,
      body: z.strictObject({ label: textInput, parentId: id.nullable().default(null), position: z.int().default(0) }),
    },
    output: category,
    async handler({ deps, who, params, body, now, ip }) {
      const { label, ...columns } = body
      const saved = { ...columns, id: params.id, labelFa: label.fa, labelEn: label.en }
      await deps.db.transaction(async (tx) => {
        await saveCategory(tx, saved)
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'category.save',
          entity: 'product-category',
          entityId: params.id,
          detail: saved,
          ip,
        })
      })
      return saved
    },
  }),
  route({
    method: 'get',
    path: '/v1/products/:id',
    summary: 'One product with its prices, newest first, and how it hangs together with others',
    auth: 'catalogue.read',
    input: { params: byId },
    output: product.extend({ prices: z.array(price), relations: z.array(relation) }),
    async handler({ params, inReach }) {
      return inReach(async (tx) => {
        const found = await productById(tx, params.id)
        if (found === null) throw notFound()
        const prices = (await pricesOf(tx, params.id)).map(asShown)
        const relations = await relationsOf(tx, params.id)
        return { ...found, prices, relations }
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
        categoryId: id.optional(),
        delivery: z.enum(['definition', 'pool', 'download', 'shipping']).default('definition'),
        income: z
          .string()
          .regex(/^\d{4}$/)
          .default('4100'),
        saleFrom: instantInput.optional(),
        saleUntil: instantInput.optional(),
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
    method: 'patch',
    path: '/v1/products/:id',
    summary: 'Set the category of a product, and when it is sold',
    auth: 'catalogue.write',
    input: {
      params: byId,
      body: z.strictObject({
        categoryId: id.nullable().optional(),
        active: z.boolean().optional(),
        saleFrom: instantInput.nullable().optional(),
        saleUntil: instantInput.nullable().optional(),
      }),
    },
    output: product,
    async handler({ deps, who, params, body, now, ip }) {
      return deps.db.transaction(async (tx) => {
        if ((await productById(tx, params.id)) === null) throw notFound()
        const change = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as JsonObject
        await changeProduct(tx, params.id, change)
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'product.change',
          entity: 'product',
          entityId: params.id,
          detail: change,
          ip,
        })
        const changed = await productById(tx, params.id)
        if (changed === null) throw notFound()
        return changed
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/products/:id/versions',
    summary: 'New characteristics as the next version; subscribers keep the one that they bought',
    auth: 'catalogue.write',
    input: { params: byId, body: z.strictObject({ characteristics: jsonObject }) },
    output: z.object({ version: z.int() }),
    status: 201,
    async handler({ deps, who, params, body, now, ip }) {
      return deps.db.transaction(async (tx) => {
        if ((await productById(tx, params.id)) === null) throw notFound()
        const version = await addVersion(tx, params.id, body.characteristics as JsonObject)
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'product.version',
          entity: 'product',
          entityId: params.id,
          detail: { version, characteristics: body.characteristics as JsonObject },
          ip,
        })
        return { version }
      })
    },
  }),
  route({
    method: 'put',
    path: '/v1/products/:id/relations',
    summary: 'Set what a product needs, shuts out, suggests, or holds as a bundle',
    auth: 'catalogue.write',
    input: { params: byId, body: z.strictObject({ relations: z.array(relation).max(100) }) },
    output: z.object({ relations: z.array(relation) }),
    async handler({ deps, who, params, body, now, ip }) {
      await deps.db.transaction(async (tx) => {
        if ((await productById(tx, params.id)) === null) throw notFound()
        await setRelations(tx, params.id, body.relations)
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'product.relations',
          entity: 'product',
          entityId: params.id,
          detail: body,
          ip,
        })
      })
      return body
    },
  }),
  route({
    method: 'post',
    path: '/v1/products/:id/prices',
    summary: 'Set a price of a product from a day on (Tehran), in Rial or in the minor unit of another currency',
    auth: 'catalogue.write',
    input: {
      params: byId,
      body: z.strictObject({
        validFrom: day,
        validUntil: day.optional(),
        charge: z.enum(['one-off', 'recurring']).default('recurring'),
        version: z.int().min(1).optional(),
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/)
          .default('IRR'),
        amount: z.int().min(0),
        tiers: z
          .strictObject({ mode: z.enum(['graduated', 'volume']), steps: z.array(tier).min(1).max(50) })
          .optional(),
        taxIncluded: z.boolean().default(false),
        taxes: z.array(id).max(5).default([]),
      }),
    },
    output: z.object({ prices: z.array(price) }),
    status: 201,
    async handler({ deps, who, params, body, now, ip }) {
      return deps.db.transaction(async (tx) => {
        const product = await productById(tx, params.id)
        if (product === null) throw notFound()
        await currencyOf(tx, body.currency)
        const { tiers, validUntil, version = product.version, ...columns } = body
        const priced = {
          ...columns,
          version,
          validUntil: validUntil ?? null,
          amount: toRial(body.amount),
          tiers:
            tiers === undefined
              ? null
              : { ...tiers, steps: tiers.steps.map(({ from, amount }) => ({ from, amount: toRial(amount) })) },
        }
        await addPrice(tx, { ...priced, productId: params.id })
        const prices = (await pricesOf(tx, params.id)).map(asShown)
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'price.set',
          entity: 'product',
          entityId: params.id,
          detail: priced,
          ip,
        })
        return { prices }
      })
    },
  }),
]
