import { and, asc, count, desc, eq, type SQL, sql } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import { foldText, searchText } from '../domain/identity.ts'
import type { JsonObject } from '../domain/json.ts'
import type { OrderStatus } from '../domain/transition.ts'
import type { Queryable, Tx } from './client.ts'
import { nextNumber } from './number-series.ts'
import { enqueue } from './outbox.ts'
import { customers } from './schema/customers.ts'
import { type OrderKind, orderSearch, orders } from './schema/orders.ts'
import { partners } from './schema/partners.ts'
import { type ActorScope, ordersInReach } from './scope.ts'

export type Order = typeof orders.$inferSelect

/** What an order is made from. `at` is an ISO instant; `words` are further texts to find it by. */
export interface NewOrder {
  id: string
  kind: OrderKind
  workflowId: string
  definitionId: string
  definitionVersion: number
  engineVersion: number
  at: string
  customerId?: string | null
  partnerId?: string | null
  centreId?: string | null
  cityId?: string | null
  productId?: string | null
  subscriptionId?: string | null
  technicianId?: string | null
  phone?: string | null
  parentOrderId?: string | null
  parentInvocation?: string | null
  startedBy?: string | null
  words?: string[]
  /** The workflow's input: given, the outbox entry that starts it is written too. */
  start?: { businessKey: string; input: JsonObject } | null
}

/**
 * Writes the row of a new order, its number (series of the Jalali year) and the outbox entry `start:<id>` that starts its
 * workflow, all in the caller's transaction. A workflow id that has an order already answers that one with `created: false`.
 */
export async function createOrder(tx: Tx, input: NewOrder): Promise<{ order: Order; created: boolean }> {
  const existing = await orderByWorkflow(tx, input.workflowId)
  if (existing !== null) return { order: existing, created: false }
  const { at, words, start, ...columns } = input
  const { number } = await nextNumber(tx, { kind: 'order', at })
  const [order] = await tx
    .insert(orders)
    .values({ ...columns, number, partnerPath: await pathOf(tx, input.partnerId), createdAt: at, updatedAt: at })
    .onConflictDoNothing({ target: orders.workflowId })
    .returning()
  if (order === undefined) {
    const won = await orderByWorkflow(tx, input.workflowId)
    if (won === null) throw new Error(`workflow id ${input.workflowId} belongs to an order out of reach`)
    return { order: won, created: false }
  }
  await tx.insert(orderSearch).values({
    orderId: order.id,
    search: searchText([
      number,
      ...phoneWords(order.phone),
      await customerWords(tx, order.customerId),
      ...(words ?? []),
    ]),
  })
  if (start !== undefined && start !== null) {
    const { definitionId: process, definitionVersion: version } = input
    await enqueue(tx, order.id, [{ kind: 'start', key: `start:${order.id}`, process, version, ...start }])
  }
  return { order, created: true }
}

/** One order; null when there is none, or none in reach. */
export async function orderById(db: Queryable, id: string): Promise<Order | null> {
  const [order] = await db.select().from(orders).where(eq(orders.id, id))
  return order ?? null
}

/** The order of a workflow; null when there is none, or none in reach. */
export async function orderByWorkflow(db: Queryable, workflowId: string): Promise<Order | null> {
  const [order] = await db.select().from(orders).where(eq(orders.workflowId, workflowId))
  return order ?? null
}

/** Orders started by an order, oldest first, at most 200. */
export async function childrenOf(db: Queryable, orderId: string): Promise<OrderRow[]> {
  return db
    .select(listed)
    .from(orders)
    .where(eq(orders.parentOrderId, orderId))
    .orderBy(asc(orders.createdAt), asc(orders.id))
    .limit(200)
}

/** Narrows a list or a map. `agent` is a partner with all below; `from` and `to` are ISO instants of creation, half-open. */
export interface OrderFilters {
  kind?: OrderKind
  definition?: string
  state?: string
  status?: OrderStatus
  late?: boolean
  held?: boolean
  /** Orders on the work list of one of these roles. */
  owners?: string[]
  search?: string
  agent?: string
  city?: string
  centre?: string
  product?: string
  customer?: string
  technician?: string
  subscription?: string
  phone?: string
  from?: string
  to?: string
}

/** Order of a list: by creation, or by due instant with those without one last. */
export type OrderSort = 'newest' | 'oldest' | 'due'

/**
 * Orders in reach, newest first unless `sort` says otherwise, at most `limit` (50, 200 at most); `next` is the cursor of the page
 * after in the same order, null on the last. Inside `withActor` the database keeps to the actor's reach in any case. Ends in
 * DomainError `BadCursor`.
 */
export async function listOrders(
  db: Queryable,
  query: OrderFilters & { scope: ActorScope | 'all'; sort?: OrderSort; cursor?: string; limit?: number },
): Promise<{ rows: OrderRow[]; next: string | null }> {
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 200)
  const { by, keyOf, beyond } = sorts[query.sort ?? 'newest']
  const rows = await db
    .select(listed)
    .from(orders)
    .where(and(ordersInReach(query.scope), ...conditions(query), beyond(query.cursor)))
    .orderBy(...by)
    .limit(limit + 1)
  const last = rows[limit - 1]
  const more = rows.length > limit && last !== undefined
  return { rows: rows.slice(0, limit), next: more ? cursorOf(keyOf(last), last.id) : null }
}

/** How many orders in reach the filters leave, at most `most`: what a badge shows, and what an export asks first. */
export async function countOrders(
  db: Queryable,
  query: OrderFilters & { scope: ActorScope | 'all'; most: number },
): Promise<number> {
  const found = db
    .select({ one: sql`1` })
    .from(orders)
    .where(and(ordersInReach(query.scope), ...conditions(query)))
    .limit(query.most)
    .as('found')
  const [row] = await db.select({ n: count() }).from(found)
  return row?.n ?? 0
}

/** Columns of a list: all but the instance and the chain. */
export const listed = {
  id: orders.id,
  number: orders.number,
  kind: orders.kind,
  workflowId: orders.workflowId,
  definitionId: orders.definitionId,
  definitionVersion: orders.definitionVersion,
  customerId: orders.customerId,
  customerName: sql<
    string | null
  >`(select ${customers.name} from ${customers} where ${customers.id} = ${orders.customerId})`,
  partnerId: orders.partnerId,
  partnerPath: orders.partnerPath,
  centreId: orders.centreId,
  cityId: orders.cityId,
  productId: orders.productId,
  subscriptionId: orders.subscriptionId,
  technicianId: orders.technicianId,
  phone: orders.phone,
  parentOrderId: orders.parentOrderId,
  parentInvocation: orders.parentInvocation,
  seq: orders.seq,
  states: orders.states,
  status: orders.status,
  outcome: orders.outcome,
  outcomeKind: orders.outcomeKind,
  stage: orders.stage,
  tmfState: orders.tmfState,
  owners: orders.owners,
  dueAt: orders.dueAt,
  incidentCount: orders.incidentCount,
  startedBy: orders.startedBy,
  createdAt: orders.createdAt,
  updatedAt: orders.updatedAt,
  endedAt: orders.endedAt,
}

/** An order as a list shows it. */
export type OrderRow = Omit<Order, 'instance' | 'chainHash' | 'engineVersion'> & { customerName: string | null }

/** The filters as conditions on `orders`. */
export function conditions(filters: OrderFilters): (SQL | undefined)[] {
  const when = <T>(value: T | undefined, condition: (value: T) => SQL) =>
    value === undefined ? undefined : condition(value)
  return [
    when(filters.kind, (kind) => eq(orders.kind, kind)),
    when(filters.definition, (definition) => eq(orders.definitionId, definition)),
    when(filters.state, (state) => sql`${orders.states} @> array[${state}]`),
    when(filters.status, (status) => eq(orders.status, status)),
    filters.late === true ? isLate : undefined,
    filters.held === true ? sql`${orders.incidentCount} > 0` : undefined,
    when(
      filters.owners,
      (owners) =>
        sql`${orders.owners} && array[${sql.join(
          owners.map((o) => sql`${o}`),
          sql`, `,
        )}]::text[]`,
    ),
    when(
      filters.search === undefined ? undefined : foldText(filters.search) || undefined,
      (words) =>
        // As an array of ids: under row-level security the planner would not let the search go first otherwise.
        sql`${orders.id} = any (array(select search_orders(${words})))`,
    ),
    when(filters.agent, (agent) => sql`${orders.partnerId} = any (array(${agentAndBelow(agent)}))`),
    when(filters.city, (city) => eq(orders.cityId, city)),
    when(filters.centre, (centre) => eq(orders.centreId, centre)),
    when(filters.product, (product) => eq(orders.productId, product)),
    when(filters.customer, (customer) => eq(orders.customerId, customer)),
    when(filters.technician, (technician) => eq(orders.technicianId, technician)),
    when(filters.subscription, (subscription) => eq(orders.subscriptionId, subscription)),
    when(filters.phone, (phone) => eq(orders.phone, phone)),
    when(filters.from, (from) => sql`${orders.createdAt} >= ${from}::timestamptz`),
    when(filters.to, (to) => sql`${orders.createdAt} < ${to}::timestamptz`),
  ]
}

/** Past its due instant and not ended: the condition of the partial index `orders_due`. */
export const isLate = sql`(${orders.status} <> 'ended' and ${orders.dueAt} is not null and ${orders.dueAt} < now())`

/** Ids of a partner and all below, as a subquery. */
export function agentAndBelow(partnerId: string): SQL {
  return sql`select below.id from partners as top join partners as below
    on below.path = top.path or starts_with(below.path, top.path || '.') where top.id = ${partnerId}`
}

const cursorOf = (key: string, id: string) => Buffer.from(JSON.stringify([key, id])).toString('base64url')

const due = sql`coalesce(${orders.dueAt}, 'infinity')`

/** What a list is ordered by, what its cursor holds, and the rows beyond a cursor. */
const sorts: Record<
  OrderSort,
  { by: SQL[]; keyOf: (row: OrderRow) => string; beyond: (cursor: string | undefined) => SQL | undefined }
> = {
  newest: {
    by: [desc(orders.createdAt), desc(orders.id)],
    keyOf: ({ createdAt }) => createdAt,
    beyond: (cursor) =>
      after(cursor, (at, id) => sql`(${orders.createdAt}, ${orders.id}) < (${at}::timestamptz, ${id})`),
  },
  oldest: {
    by: [asc(orders.createdAt), asc(orders.id)],
    keyOf: ({ createdAt }) => createdAt,
    beyond: (cursor) =>
      after(cursor, (at, id) => sql`(${orders.createdAt}, ${orders.id}) > (${at}::timestamptz, ${id})`),
  },
  due: {
    by: [asc(due), asc(orders.id)],
    keyOf: ({ dueAt }) => dueAt ?? 'infinity',
    beyond: (cursor) => after(cursor, (at, id) => sql`(${due}, ${orders.id}) > (${at}::timestamptz, ${id})`),
  },
}

function after(cursor: string | undefined, compare: (at: string, id: string) => SQL): SQL | undefined {
  if (cursor === undefined) return undefined
  return compare(...parseCursor(cursor))
}

function parseCursor(cursor: string): [string, string] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(parsed)) {
      const [at, id]: unknown[] = parsed
      const known = typeof at === 'string' && (at === 'infinity' || !Number.isNaN(Date.parse(at)))
      if (known && typeof id === 'string') return [at, id]
    }
  } catch {
    // Not ours: the same answer as for any other text.
  }
  throw new DomainError(
    'BadCursor',
    { fa: 'نشانی صفحه درست نیست', en: 'the cursor is not one that a page gave' },
    'cursor',
  )
}

async function pathOf(tx: Tx, partnerId: string | null | undefined): Promise<string | null> {
  if (partnerId === null || partnerId === undefined) return null
  const [partner] = await tx.select({ path: partners.path }).from(partners).where(eq(partners.id, partnerId))
  return partner?.path ?? null
}

async function customerWords(tx: Tx, customerId: string | null): Promise<string | null> {
  if (customerId === null) return null
  const [customer] = await tx.select({ search: customers.search }).from(customers).where(eq(customers.id, customerId))
  return customer?.search ?? null
}

/** A number is looked for as it is written at home, too: `+98912…` and `0912…`. */
export function phoneWords(phone: string | null): string[] {
  return phone === null ? [] : [phone, phone.replace(/^\+98/, '0')]
}

/** The child that an invocation of a parent opened; null when it is not open yet. */
export async function orderByInvocation(db: Queryable, invocation: string): Promise<Order | null> {
  const [order] = await db.select().from(orders).where(eq(orders.parentInvocation, invocation))
  return order ?? null
}
