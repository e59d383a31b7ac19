import { sql } from 'drizzle-orm'
import { bigserial, boolean, check, index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { instant } from '../columns.ts'
import { customers } from './customers.ts'
import { partners } from './partners.ts'
import { centres, cities } from './places.ts'

export type Reach = 'own' | 'subtree' | 'centre' | 'city' | 'all'

export const users = pgTable(
  'users',
  {
    id: text('id').primaryKey(),
    username: text('username').notNull().unique('users_username'),
    passwordHash: text('password_hash').notNull(),
    name: text('name').notNull(),
    locale: text('locale').$type<'fa' | 'en'>().notNull().default('fa'),
    partnerId: text('partner_id').references(() => partners.id),
    /** Set for a customer who looks after himself. */
    customerId: text('customer_id').references(() => customers.id),
    /** `+98…`: where a one-time code goes when he signs in by it; null = by password only. Set by an administrator. */
    mobile: text('mobile').unique('users_mobile'),
    active: boolean('active').notNull().default(true),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [index('users_partner').on(t.partnerId), index('users_customer').on(t.customerId)],
)

/** A role of a user and how far it reaches. `own` without a partner is the user's own orders: as customer or as technician. */
export const roleAssignments = pgTable(
  'role_assignments',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    role: text('role').notNull(),
    reach: text('reach').$type<Reach>().notNull(),
    partnerId: text('partner_id').references(() => partners.id),
    centreId: text('centre_id').references(() => centres.id),
    cityId: text('city_id').references(() => cities.id),
  },
  (t) => [
    unique('role_assignments_once').on(t.userId, t.role, t.reach, t.partnerId, t.centreId, t.cityId).nullsNotDistinct(),
    index('role_assignments_partner').on(t.partnerId),
    index('role_assignments_centre').on(t.centreId),
    index('role_assignments_city').on(t.cityId),
    check(
      'role_assignments_reach',
      sql`case ${t.reach} when 'own' then true when 'all' then true when 'subtree' then ${t.partnerId} is not null
        when 'centre' then ${t.centreId} is not null when 'city' then ${t.cityId} is not null else false end`,
    ),
  ],
)

/** Logins; only the hash of the token is kept. */
export const sessions = pgTable(
  'sessions',
  {
    tokenHash: text('token_hash').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    ip: text('ip'),
    userAgent: text('user_agent'),
  },
  (t) => [index('sessions_user').on(t.userId), index('sessions_expiry').on(t.expiresAt)],
)

export const apiKeys = pgTable(
  'api_keys',
  {
    hash: text('hash').primaryKey(),
    /** First characters, so that a person recognises his key. */
    prefix: text('prefix').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    label: text('label').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
  },
  (t) => [index('api_keys_user').on(t.userId)],
)

/**
 * The newest one-time code of each number that asked for one; also of numbers that nobody has, so that asking takes the same
 * work. Only a keyed hash of the code is kept.
 */
export const loginCodes = pgTable(
  'login_codes',
  {
    mobile: text('mobile').primaryKey(),
    /** Names this code in the outbox. */
    id: text('id').notNull(),
    userId: text('user_id').references(() => users.id),
    codeHash: text('code_hash').notNull(),
    tries: integer('tries').notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (t) => [index('login_codes_expiry').on(t.expiresAt)],
)
