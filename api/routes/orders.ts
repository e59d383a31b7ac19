import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import { productById } from '../../db/catalogue.ts'
import { contactsOf, customerById } from '../../db/customers.ts'
import { documentsOf } from '../../db/documents.ts'
import { openIncidents } from '../../db/incidents.ts'
import { listInvoices } from '../../db/invoices.ts'
import { messagesOf } from '../../db/messages.ts'
import { logLines } from '../../db/order-log.ts'
import { childrenOf, createOrder, listOrders, type Order, orderById } from '../../db/orders.ts'
import { attemptsOf } from '../../db/payments.ts'
import { transitionsOf, verifyChain } from '../../db/transitions.ts'
import type { Instance } from '../../definitions/interpreter/instance.ts'
import type { JsonObject } from '../../domain/json.ts'
import { kinds } from '../../workflows/messages.ts'
import type { DefinitionStore, LoadedDefinition } from '../definition-store.ts'
import { mustFind } from '../found-order.ts'
import { orderFilters, orderFiltersOf } from '../order-filters.ts'
import { orderFrom } from '../order-input.ts'
import { orderAt } from '../order-past.ts'
import { mayCall } from '../permissions.ts'
import { Reply, type Route, route } from '../route.ts'
import { byId, id, instant, instantInput, json, jsonObject, limit, text } from '../schemas.ts'
import { waitsOf } from '../waits.ts'
import { contact, customer } from './customers.ts'
import { documentShape } from './documents.ts'
import { invoiceShape } from './invoices.ts'
import { attemptShape } from './payments.ts'

export const state = z.object({ id: z.string(), label: text, stage: z.string().nullable(), kind: z.string() })

export const orderRow = z.object({
  id: z.string(),
  number: z.string(),
  kind: z.enum(kinds),
  definitionId: z.string(),
  definitionVersion: z.int(),
  customerId: z.string().nullable(),
  customerName: z.string().nullable(),
  partnerId: z.string().nullable(),
  centreId: z.string().nullable(),
  cityId: z.string().nullable(),
  productId: z.string().nullable(),
  subscriptionId: z.string().nullable(),
  technicianId: z.string().nullable(),
  phone: z.string().nullable(),
  parentOrderId: z.string().nullable(),
  seq: z.int(),
  states: z.array(z.string()),
  status: z.string(),
  outcome: z.string().nullable(),
  outcomeKind: z.string().nullable(),
  stage: z.string().nullable(),
  tmfState: z.string().nullable(),
  owners: z.array(z.string()),
  dueAt: instant.nullable(),
  incidentCount: z.int(),
  createdAt: instant,
  updatedAt: instant,
  endedAt: instant.nullable(),
})

const wait = z.object({
  kind: z.string(),
  text,
  state: z.string(),
  dueAt: instant.nullable(),
  attempt: z.int().nullable(),
  owners: z.array(z.string()),
})

export const incidentShape = z.object({
  orderId: z.string(),
  incidentId: z.string(),
  kind: z.string(),
  place: z.string(),
  error: z.object({ type: z.string(), message: z.string() }),
  openedAt: instant,
})

const messageShape = z.object({
  id: z.int(),
  channel: z.string(),
  template: z.string(),
  locale: z.string(),
  recipient: z.string(),
  subject: z.string().nullable(),
  body: z.string(),
  state: z.string(),
  createdAt: instant,
  sentAt: instant.nullable(),
  deliveredAt: instant.nullable(),
  error: z.string().nullable(),
})

/** Orders of every kind: list, look at, start, and the path they travelled. */
export function orderRoutes(store: DefinitionStore): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/orders',
      summary: 'Orders in reach, newest first unless `sort` says otherwise',
      auth: 'orders.read',
      input: {
        query: orderFilters.extend({
          sort: z.enum(['newest', 'oldest', 'due']).default('newest'),
          cursor: z.string().max(300).optional(),
          limit,
        }),
      },
      output: z.object({ orders: z.array(orderRow), next: z.string().nullable() }),
      async handler({ query, who, inReach }) {
        const { sort, cursor, limit, ...wanted } = query
        const page = { scope: who, sort, limit, ...(cursor !== undefined && { cursor }) }
        const { rows, next } = await inReach((tx) => listOrders(tx, { ...orderFiltersOf(wanted, who), ...page }))
        return { orders: rows, next }
      },
    }),
    route({
      method: 'post',
      path: '/v1/orders',
      summary:
        'Start an order of any kind; its workflow starts at once. `customerId` may be left out for a definition whose subject is `process`',
      auth: 'orders.create',
      input: {
        body: z.strictObject({
          definition: id,
          customerId: id.optional(),
          productId: id.optional(),
          phone: z.string().trim().max(20).optional(),
          centreId: id.optional(),
          context: jsonObject.default({}),
        }),
      },
      output: z.object({
        id: z.string(),
        number: z.string(),
        definitionId: z.string(),
        definitionVersion: z.int(),
        link: z.string(),
      }),
      status: 201,
      async handler({ who, body, newId, now, ip, inReach }) {
        const made = { id: newId('o'), by: who, at: now.toISOString() }
        const order = await inReach(async (tx) => {
          const before = await orderById(tx, made.id)
          if (before !== null) return before
          const wish = { ...body, context: body.context as JsonObject }
          const created = await createOrder(tx, await orderFrom(tx, store, wish, made))
          await audit(tx, {
            at: made.at,
            actor: who.id,
            action: 'order.create',
            entity: 'order',
            entityId: made.id,
            detail: { definition: body.definition },
            ip,
          })
          return created.order
        })
        const { number, definitionId, definitionVersion } = order
        const link = `/v1/orders/${order.id}`
        return new Reply(201, { id: order.id, number, definitionId, definitionVersion, link }, { Location: link })
      },
    }),
    route({
      method: 'get',
      path: '/v1/orders/:id',
      summary:
        'Everything about one order; with `at`, as it was then by its log: documents, invoices, payments and children are those that existed, as they are now',
      auth: 'orders.read',
      input: { params: byId, query: z.strictObject({ at: instantInput.optional() }) },
      output: orderRow.extend({
        /** Of a look into the past; null of the present. */
        asOf: z.object({ at: instant, seq: z.int(), exact: z.boolean(), differing: z.array(z.int()) }).nullable(),
        states: z.array(state),
        label: text,
        outcomeLabel: text.nullable(),
        customer: customer.extend({ contacts: z.array(contact) }).nullable(),
        product: z.object({ id: z.string(), labelFa: z.string(), labelEn: z.string() }).nullable(),
        parent: z.object({ id: z.string(), number: z.string() }).nullable(),
        children: z.array(orderRow),
        context: jsonObject,
        waits: z.array(wait),
        deadlines: z.array(z.object({ state: z.string(), id: z.string(), dueAt: instant, late: z.boolean() })),
        incidents: z.array(incidentShape),
        documents: z.array(documentShape),
        invoices: z.array(invoiceShape),
        payments: z.array(attemptShape),
      }),
      async handler({ params, query, who, now, inReach }) {
        const held = who.assignments.map(({ role }) => role)
        return inReach(async (tx) => {
          const present = await mustFind(tx, params.id)
          const then = query.at === undefined || Date.parse(query.at) >= now.getTime() ? null : query.at
          const past = then === null ? null : await orderAt(tx, store, present, then)
          const order = past?.order ?? present
          const until = Date.parse(then ?? '9999-01-01T00:00:00Z')
          const existed = (at: string) => Date.parse(at) <= until
          const loaded = await store.load(tx, order.definitionId, order.definitionVersion)
          const person = order.customerId === null ? null : await customerById(tx, order.customerId)
          const product = order.productId === null ? null : await productById(tx, order.productId)
          const parent = order.parentOrderId === null ? null : await orderById(tx, order.parentOrderId)
          const money = mayCall('invoices.read', held)
          const instance = instanceOf(order)
          return {
            ...order,
            asOf: past?.asOf ?? null,
            customerName: person?.name ?? null,
            label: loaded.definition.label,
            outcomeLabel: order.outcome === null ? null : (loaded.definition.outcomes[order.outcome]?.label ?? null),
            states: labelled(loaded, order.states),
            customer: person === null ? null : { ...person, contacts: await contactsOf(tx, person.id) },
            product,
            parent,
            children: (await childrenOf(tx, order.id)).filter(({ createdAt }) => existed(createdAt)),
            context: instance?.context ?? {},
            waits: instance === null ? [notStarted] : waitsOf(loaded.chart, loaded.definition, instance),
            deadlines: deadlinesOf(instance, then === null ? now : new Date(until)),
            incidents: past === null ? await openIncidents(tx, order.id) : incidentsThen(order.id, instance),
            documents: (await documentsOf(tx, { orderId: order.id })).filter(({ at }) => existed(at)),
            invoices: (money ? await listInvoices(tx, { orderId: order.id, limit: 200 }) : []).filter(({ issuedAt }) =>
              existed(issuedAt),
            ),
            payments: (money ? await attemptsOf(tx, order.id) : []).filter(({ createdAt }) => existed(createdAt)),
          }
        })
      },
    }),
    route({
      method: 'get',
      path: '/v1/orders/:id/path',
      summary: 'The path that an order has travelled: who, when, from where to where, with what data, how long (WF12)',
      auth: 'orders.read',
      input: { params: byId, query: z.strictObject({ after: z.coerce.number().int().min(0).default(0), limit }) },
      output: z.object({
        steps: z.array(
          z.object({
            seq: z.int(),
            at: instant,
            event: z.object({ type: z.string(), name: z.string(), label: text.nullable() }),
            actor: z.object({ id: z.string(), name: z.string().nullable(), role: z.string().nullable() }).nullable(),
            payload: json,
            from: z.array(state),
            to: z.array(state),
            set: jsonObject,
            effects: z.array(z.string()),
            trace: json,
            definitionVersion: z.int(),
            /** Milliseconds until the next step, or until now. */
            lastedMs: z.int(),
            hash: z.string(),
          }),
        ),
        next: z.int().nullable(),
      }),
      async handler({ params, query, now, inReach }) {
        return inReach(async (tx) => {
          const order = await mustFind(tx, params.id)
          const { rows, next } = await transitionsOf(tx, params.id, { cursor: query.after, limit: query.limit })
          const loaded = await store.load(tx, order.definitionId, order.definitionVersion)
          const end = order.endedAt ?? now.toISOString()
          const steps = rows.map((row, i) => ({
            ...row,
            event: { ...row.event, label: loaded.definition.events[row.event.name]?.label ?? null },
            actor:
              row.actor === null
                ? null
                : { id: row.actor.id, name: row.actor.name ?? null, role: row.actor.role ?? null },
            payload: loaded.definition.events[row.event.name]?.sensitive === true ? null : row.payload,
            from: labelled(loaded, row.fromStates),
            to: labelled(loaded, row.toStates),
            lastedMs: Math.max(0, Date.parse(rows[i + 1]?.at ?? end) - Date.parse(row.at)),
          }))
          return { steps, next }
        })
      },
    }),
    route({
      method: 'get',
      path: '/v1/orders/:id/path/verification',
      summary: 'Recompute the hash chain of an order’s path (WF27)',
      auth: 'orders.read',
      input: { params: byId },
      output: z.object({ whole: z.boolean(), fault: z.object({ seq: z.int(), fault: z.string() }).nullable() }),
      async handler({ params, inReach }) {
        return inReach(async (tx) => {
          await mustFind(tx, params.id)
          const fault = await verifyChain(tx, params.id)
          return { whole: fault === null, fault }
        })
      },
    }),
    route({
      method: 'get',
      path: '/v1/orders/:id/log',
      summary: 'The whole log of an order for an authority, as lines of JSON with the hashes of its chain; audited',
      auth: 'audit.read',
      input: { params: byId },
      output: { raw: 'application/x-ndjson' },
      async handler({ params, who, now, ip, res, inReach }) {
        const by = { at: now.toISOString(), actor: who.id }
        const { lines } = await inReach(async (tx) => {
          await mustFind(tx, params.id)
          const log = await logLines(tx, params.id, by)
          const detail = { sha256: log.sha256 }
          await audit(tx, { ...by, action: 'order.log.export', entity: 'order', entityId: params.id, detail, ip })
          return log
        })
        res.setHeader('Content-Type', 'application/x-ndjson; charset=utf-8')
        res.setHeader(
          'Content-Disposition',
          `attachment; filename="order-${params.id.replace(/[^\w.-]+/g, '_')}.jsonl"`,
        )
        res.setHeader('Cache-Control', 'private, no-store')
        res.end(lines.map((line) => `${line}\n`).join(''))
      },
    }),
    route({
      method: 'get',
      path: '/v1/orders/:id/messages',
      summary: 'Messages that went out for an order',
      auth: 'messages.read',
      input: { params: byId },
      output: z.object({ messages: z.array(messageShape) }),
      async handler({ params, inReach }) {
        return inReach(async (tx) => {
          await mustFind(tx, params.id)
          return { messages: await messagesOf(tx, params.id) }
        })
      },
    }),
  ]
}

/** The interpreter's instance of an order; null before its first step. The workflow wrote it, so its form is known. */
export const instanceOf = (order: Order): Instance | null => order.instance as unknown as Instance | null

/** States with their labels; an id that the version does not know shows itself. */
export function labelled({ states }: LoadedDefinition, ids: readonly string[]): z.input<typeof state>[] {
  return ids.map((id) => states.get(id) ?? { id, label: { fa: id, en: id }, stage: null, kind: 'atomic' })
}

const incidentsThen = (orderId: string, instance: Instance | null): z.input<typeof incidentShape>[] =>
  (instance?.incidents ?? []).map(({ id, kind, place, error, openedAt }) => ({
    orderId,
    incidentId: id,
    kind,
    place,
    error,
    openedAt,
  }))

function deadlinesOf(instance: Instance | null, now: Date) {
  return (instance?.clocks ?? []).flatMap(({ state, id, deadlineMs }) =>
    deadlineMs === null
      ? []
      : [{ state, id, dueAt: new Date(deadlineMs).toISOString(), late: deadlineMs < now.getTime() }],
  )
}

const notStarted = {
  kind: 'call',
  text: { fa: 'در حال آغاز فرایند', en: 'the process is starting' },
  state: '',
  dueAt: null,
  attempt: null,
  owners: [],
}
