import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Json, JsonObject } from '../../domain/json.ts'
import type { IncidentRecord, TransitionRecord } from '../../domain/transition.ts'
import { instant } from '../columns.ts'
import { orders } from './orders.ts'

/** The path an order has travelled: append-only, each row chained to the one before by its hash. */
export const transitions = pgTable(
  'transitions',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    seq: integer('seq').notNull(),
    at: instant('at').notNull(),
    event: jsonb('event').$type<TransitionRecord['event']>().notNull(),
    actor: jsonb('actor').$type<TransitionRecord['actor']>(),
    payload: jsonb('payload').$type<Json>(),
    fromStates: text('from_states').array().notNull(),
    toStates: text('to_states').array().notNull(),
    entered: text('entered').array().notNull(),
    leftStates: text('left_states').array().notNull(),
    trace: jsonb('trace').$type<Json>(),
    set: jsonb('set').$type<JsonObject>().notNull(),
    effects: text('effects').array().notNull(),
    definitionVersion: integer('definition_version').notNull(),
    prevHash: text('prev_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.orderId, t.seq] }), index('transitions_at').on(t.at)],
)

/** Incidents of an order, open and closed. */
export const incidents = pgTable(
  'incidents',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    incidentId: text('incident_id').notNull(),
    kind: text('kind').$type<IncidentRecord['kind']>().notNull(),
    place: text('place').notNull(),
    error: jsonb('error').$type<IncidentRecord['error']>().notNull(),
    openedAt: instant('opened_at').notNull(),
    closedAt: instant('closed_at'),
    /** Event that closed it. */
    resolution: text('resolution'),
  },
  (t) => [primaryKey({ columns: [t.orderId, t.incidentId] }), index('incidents_opened').on(t.openedAt)],
)

/** Repairs that a second person must approve before they are carried out. */
export const incidentProposals = pgTable(
  'incident_proposals',
  {
    id: text('id').primaryKey(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    incidentId: text('incident_id').notNull(),
    command: text('command').$type<'move' | 'cancel'>().notNull(),
    args: jsonb('args').$type<JsonObject>().notNull(),
    proposedBy: text('proposed_by').notNull(),
    approvedBy: text('approved_by'),
    at: instant('at').notNull().defaultNow(),
    approvedAt: instant('approved_at'),
  },
  (t) => [index('incident_proposals_incident').on(t.orderId, t.incidentId)],
)
