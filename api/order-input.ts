import { productById } from '../db/catalogue.ts'
import type { Queryable } from '../db/client.ts'
import { customerById } from '../db/customers.ts'
import { resolveVersion } from '../db/definitions.ts'
import type { NewOrder } from '../db/orders.ts'
import { centreById, centreOfLine } from '../db/places.ts'
import type { Person } from '../db/users.ts'
import { resolve } from '../definitions/expression.ts'
import type { Graph } from '../definitions/graph.ts'
import { schemaFaults } from '../definitions/interpreter/payload.ts'
import { parsePhone } from '../domain/identity.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import { engineVersion, type Kind, kinds, workflowIdOf } from '../workflows/messages.ts'
import type { DefinitionStore } from './definition-store.ts'
import { badInput } from './problem.ts'

/** A wish for an order, as it came in. */
export interface OrderWish {
  definition: string
  customerId?: string | undefined
  productId?: string | undefined
  phone?: string | undefined
  centreId?: string | undefined
  context: JsonObject
}

/**
 * The row and the workflow input of a new order: the version of the place it comes from, the centre of its line, and a first
 * context that the definition's schema accepts. Only a definition whose subject is `process` may do without a customer. Reads in the caller's reach. Throws Problem 422 with the places of all that is wrong.
 */
export async function orderFrom(
  tx: Queryable,
  store: DefinitionStore,
  wish: OrderWish,
  made: { id: string; by: Person; at: string },
): Promise<NewOrder> {
  const customer = wish.customerId === undefined ? null : await customerById(tx, wish.customerId)
  if (wish.customerId !== undefined && customer === null) throw unknown('$.body.customerId', 'مشترک', 'customer')
  if (wish.productId !== undefined && (await productById(tx, wish.productId)) === null)
    throw unknown('$.body.productId', 'محصول', 'product')
  const phone = wish.phone === undefined ? null : phoneOf(wish.phone)
  const centre =
    wish.centreId !== undefined
      ? await centreById(tx, wish.centreId)
      : phone === null
        ? null
        : await centreOfLine(tx, phone)
  if (wish.centreId !== undefined && centre === null) throw unknown('$.body.centreId', 'مرکز', 'centre')

  const place = {
    partnerId: customer?.partnerId ?? made.by.partnerId,
    centreId: centre?.id ?? null,
    cityId: centre?.cityId ?? null,
  }
  const version = await resolveVersion(tx, wish.definition, { ...place, key: made.id })
  if (version === null) throw unknown('$.body.definition', 'فرایند منتشرشده', 'published process')
  const { chart, definition } = await store.load(tx, wish.definition, version)
  const kind = kindOf(definition.subject)
  if (customer === null && kind !== 'process')
    throw badInput([
      {
        place: '$.body.customerId',
        fa: `«${definition.label.fa}» مشترک می‌خواهد`,
        en: `“${definition.label.en}” is for a customer`,
      },
    ])
  const context = firstContext(chart.graph, made, wish, {
    orderId: made.id,
    customerId: customer?.id ?? null,
    partnerId: place.partnerId,
    resellerId: place.partnerId,
    centreId: place.centreId,
    cityId: place.cityId,
    productId: wish.productId ?? null,
    phone: phone === null ? null : phone.replace(/^\+98/, '0'),
    startedBy: made.by.id,
  })
  return {
    id: made.id,
    kind,
    workflowId: workflowIdOf(kind, made.id),
    definitionId: wish.definition,
    definitionVersion: version,
    engineVersion,
    at: made.at,
    customerId: customer?.id ?? null,
    ...place,
    productId: wish.productId ?? null,
    phone,
    startedBy: made.by.id,
    start: { businessKey: made.id, input: context },
  }
}

function kindOf(subject: string): Kind {
  return kinds.find((kind) => kind === subject) ?? 'process'
}

/** What we know of the order, as far as the definition has a name for it, below what was handed in. */
function firstContext(
  graph: Graph,
  made: { id: string; by: Person; at: string },
  wish: OrderWish,
  known: JsonObject,
): JsonObject {
  const { contextSchema: schema } = graph
  const properties = typeof schema === 'object' && isObject(schema['properties']) ? schema['properties'] : {}
  const ours = Object.fromEntries(
    Object.entries(known).filter(([name, value]) => value !== null && Object.hasOwn(properties, name)),
  )
  const fixed = Object.keys(wish.context).filter(
    (name) => Object.hasOwn(ours, name) && wish.context[name] !== ours[name],
  )
  if (fixed.length > 0)
    throw badInput(
      fixed.map((name) => ({
        place: `$.body.context.${name}`,
        fa: 'این مقدار را سامانه تعیین می‌کند',
        en: 'this value is set by the system',
      })),
    )
  const context = { ...wish.context, ...ours }
  const scope = {
    ctx: context,
    event: null,
    output: null,
    instance: {
      id: made.id,
      startedAt: made.at,
      now: made.at,
      actor: made.by.id,
      definition: graph.id,
      version: graph.version,
    },
  }
  const initial = Object.fromEntries(
    Object.entries(graph.contextInitial).map(([name, expr]) => [name, resolve(expr, scope)]),
  )
  const faults = schemaFaults(schema, { ...initial, ...context })
  if (faults.length > 0)
    throw badInput(faults.map(({ place, message }) => ({ place: place.replace('$', '$.body.context'), ...message })))
  return context
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function phoneOf(given: string): string {
  try {
    return parsePhone(given).number
  } catch {
    throw badInput([{ place: '$.body.phone', fa: 'شماره تلفن درست نیست', en: 'this is no Iranian telephone number' }])
  }
}

/** Also where the caller may not know that it exists. */
const unknown = (place: string, fa: string, en: string) =>
  badInput([{ place, fa: `${fa} با این شناسه یافت نشد`, en: `there is no such ${en}` }])
