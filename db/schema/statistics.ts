import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  serial,
  smallint,
  text,
  timestamp,
} from 'drizzle-orm/pg-core'
import { instant } from '../columns.ts'

/** Ids that rows of statistics name by a number: states, events, people, places. There are millions of those rows. */
export const words = pgTable('statistic_words', {
  id: serial('id').primaryKey(),
  word: text('word').notNull().unique(),
})

/** One row for each order that has moved: what is known of its whole life, and how far its log was counted. */
export const journeys = pgTable(
  'journeys',
  {
    id: serial('id').primaryKey(),
    orderId: text('order_id').notNull().unique('journeys_order'),
    /** Last transition counted. */
    seq: integer('seq').notNull(),
    definition: integer('definition').notNull(),
    version: integer('version').notNull(),
    partner: integer('partner'),
    centre: integer('centre'),
    city: integer('city'),
    customerId: text('customer_id'),
    technicianId: text('technician_id'),
    startedAt: instant('started_at').notNull(),
    /** When the order had its outcome; null before. */
    endedAt: instant('ended_at'),
    outcome: integer('outcome'),
    /** 1 success, 2 failure, 3 cancelled; null before the end. */
    ended: smallint('ended'),
    /** Milliseconds from start to outcome, and their class. */
    lasted: bigint('lasted', { mode: 'number' }),
    bucket: smallint('bucket'),
    /** A deadline passed at least once. */
    late: boolean('late').notNull(),
    /** How often a state was entered again. */
    again: integer('again').notNull(),
    /** States in the order in which they were entered, the first 64. */
    path: integer('path').array().notNull(),
  },
  (t) => [
    index('journeys_started').on(t.definition, t.startedAt),
    index('journeys_ended').on(t.definition, t.endedAt),
    index('journeys_partner').on(t.partner),
    index('journeys_customer').on(t.customerId),
    index('journeys_technician').on(t.technicianId).where(sql`${t.technicianId} is not null`),
  ],
)

/** One stay of an order in a state where it rested, open until it leaves. */
export const visits = pgTable(
  'visits',
  {
    journey: integer('journey').notNull(),
    state: integer('state').notNull(),
    /** Transition that entered the state. */
    seq: integer('seq').notNull(),
    definition: integer('definition').notNull(),
    version: integer('version').notNull(),
    partner: integer('partner'),
    centre: integer('centre'),
    city: integer('city'),
    /** Event that ended the stay, who made it, and the state that followed. */
    event: integer('event'),
    operator: integer('operator'),
    next: integer('next'),
    /** The how-manieth stay of this order in this state. */
    nth: smallint('nth').notNull(),
    bucket: smallint('bucket'),
    /** Of a stay that ended with the order: how (as in journeys); 0 of any other. */
    ended: smallint('ended').notNull(),
    late: boolean('late').notNull(),
    enteredAt: instant('entered_at').notNull(),
    leftAt: instant('left_at'),
    lasted: bigint('lasted', { mode: 'number' }),
  },
  (t) => [
    primaryKey({ columns: [t.journey, t.state, t.seq] }),
    index('visits_left').on(t.definition, t.leftAt),
    index('visits_partner').on(t.partner, t.leftAt),
    index('visits_centre').on(t.centre, t.leftAt),
    index('visits_city').on(t.city, t.leftAt),
    index('visits_operator').on(t.operator, t.leftAt).where(sql`${t.operator} is not null`),
    index('visits_open').on(t.definition, t.state).where(sql`${t.leftAt} is null`),
  ],
)

/**
 * Finished stays of the whole company, added up by Tehran day and by Jalali month. `kind` s: `a` = state, with the class of its
 * duration; e: `a` = state, `b` = event, `c` = next state; o: `a` = state, `b` = operator.
 */
export const visitCounts = pgTable(
  'visit_counts',
  {
    kind: text('kind').$type<'s' | 'e' | 'o'>().notNull(),
    level: text('level').$type<'day' | 'month'>().notNull(),
    start: date('start').notNull(),
    definition: integer('definition').notNull(),
    version: integer('version').notNull(),
    a: integer('a').notNull(),
    b: integer('b').notNull(),
    c: integer('c').notNull(),
    bucket: smallint('bucket').notNull(),
    n: integer('n').notNull(),
    lasted: bigint('lasted', { mode: 'number' }).notNull(),
    late: integer('late').notNull(),
    again: integer('again').notNull(),
    /** Ended with an order that came to nothing. */
    lost: integer('lost').notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.definition, t.level, t.start, t.version, t.a, t.b, t.c, t.bucket] })],
)

/** How far the log was counted: one row. */
export const statisticsProgress = pgTable('statistics_progress', {
  one: boolean('one').primaryKey().default(true),
  countedTo: timestamp('counted_to', { withTimezone: true, mode: 'string' }).notNull(),
  sweptAt: timestamp('swept_at', { withTimezone: true, mode: 'string' }).notNull(),
})
