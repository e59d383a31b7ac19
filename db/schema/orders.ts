import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { Json } from '../../domain/json.ts'
import type { OrderStatus, OutcomeKind } from '../../domain/transition.ts'
import { instant } from '../columns.ts'
import { products } from './catalogue.ts'
import { customers } from './customers.ts'
import { definitions } from './definitions.ts'
import { partners } from './partners.ts'
import { centres, cities } from './places.ts'
import { users } from './users.ts'

export type OrderKind = 'order' | 'installation' | 'renewal' | 'collection' | 'ticket' | 'process'

/** Every case of every kind, as its workflow last reported it: what lists, counts and searches read. */
export const orders = pgTable(
  'orders',
  {
    id: text('id').primaryKey(),
    number: text('number').notNull().unique('orders_number'),
    kind: text('kind').$type<OrderKind>().notNull(),
    workflowId: text('workflow_id').notNull().unique('orders_workflow'),
    definitionId: text('definition_id').notNull(),
    definitionVersion: integer('definition_version').notNull(),
    engineVersion: integer('engine_version').notNull(),
    customerId: text('customer_id').references(() => customers.id),
    partnerId: text('partner_id').references(() => partners.id),
    /** The partner's path, kept right by `movePartner`. */
    partnerPath: text('partner_path'),
    centreId: text('centre_id').references(() => centres.id),
    cityId: text('city_id').references(() => cities.id),
    productId: text('product_id').references(() => products.id),
    subscriptionId: text('subscription_id'),
    technicianId: text('technician_id').references(() => users.id),
    /** Fixed line or mobile that the service is for, `+98…`. */
    phone: text('phone'),
    parentOrderId: text('parent_order_id').references((): AnyPgColumn => orders.id),
    parentInvocation: text('parent_invocation'),
    /** Sequence number of the last transition; 0 before the first. */
    seq: integer('seq').notNull().default(0),
    /** Active leaf states. */
    states: text('states').array().notNull().default([]),
    status: text('status').$type<OrderStatus>().notNull().default('running'),
    outcome: text('outcome'),
    outcomeKind: text('outcome_kind').$type<OutcomeKind>(),
    stage: text('stage'),
    tmfState: text('tmf_state'),
    owners: text('owners').array().notNull().default([]),
    dueAt: instant('due_at'),
    incidentCount: integer('incident_count').notNull().default(0),
    instance: jsonb('instance').$type<Json>(),
    /** Hash of the last transition, empty before the first. */
    chainHash: text('chain_hash').notNull().default(''),
    startedBy: text('started_by'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    foreignKey({
      columns: [t.definitionId, t.definitionVersion],
      foreignColumns: [definitions.id, definitions.version],
    }),
    // Ascending, and read backwards: an index made with DESC puts nulls last, and no ORDER BY … DESC of ours asks for that.
    index('orders_created').on(t.createdAt, t.id),
    index('orders_definition').on(t.definitionId, t.createdAt, t.id),
    index('orders_partner').on(t.partnerId, t.createdAt, t.id),
    index('orders_customer').on(t.customerId),
    index('orders_centre').on(t.centreId),
    index('orders_city').on(t.cityId),
    index('orders_product').on(t.productId),
    index('orders_subscription').on(t.subscriptionId).where(sql`${t.subscriptionId} is not null`),
    index('orders_technician').on(t.technicianId).where(sql`${t.technicianId} is not null`),
    index('orders_own_process').on(t.startedBy).where(sql`${t.customerId} is null`),
    index('orders_phone').on(t.phone).where(sql`${t.phone} is not null`),
    index('orders_parent').on(t.parentOrderId).where(sql`${t.parentOrderId} is not null`),
    uniqueIndex('orders_invocation').on(t.parentInvocation).where(sql`${t.parentInvocation} is not null`),
    index('orders_states').using('gin', t.states),
    index('orders_due')
      .on(t.definitionId, t.dueAt, t.states, t.partnerId, t.centreId, t.cityId)
      .where(sql`${t.status} <> 'ended' and ${t.dueAt} is not null`),
    index('orders_version_open').on(t.definitionId, t.definitionVersion).where(sql`${t.status} <> 'ended'`),
    index('orders_held').on(t.createdAt).where(sql`${t.incidentCount} > 0`),
    check('orders_kind', sql`${t.kind} in ('order', 'installation', 'renewal', 'collection', 'ticket', 'process')`),
    check('orders_status', sql`${t.status} in ('running', 'held', 'compensating', 'ended')`),
    check('orders_outcome_kind', sql`${t.outcomeKind} in ('success', 'failure', 'cancelled')`),
  ],
)

/**
 * Folded words by which an order is found, apart from `orders`: its index is dear to keep and would be rewritten with every
 * transition. No role of the API reads it; `search_orders` answers ids only, and the policies of `orders` decide about those.
 */
export const orderSearch = pgTable('order_search', {
  orderId: text('order_id')
    .primaryKey()
    .references(() => orders.id),
  search: text('search').notNull(),
})

/** How many orders stand in each state, counted up and down with every transition; '' where an order has no partner, centre or city. */
export const tally = pgTable(
  'tally',
  {
    definitionId: text('definition_id').notNull(),
    state: text('state').notNull(),
    partnerId: text('partner_id').notNull(),
    centreId: text('centre_id').notNull(),
    cityId: text('city_id').notNull(),
    n: integer('n').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.definitionId, t.state, t.partnerId, t.centreId, t.cityId] }),
    index('tally_partner').on(t.partnerId),
  ],
)
