import { bigint, index, integer, pgTable, text } from 'drizzle-orm/pg-core'

/** Counters of tries that all API processes share; the columns are those that rate-limiter-flexible writes (`expire` in epoch milliseconds). */
export const rateLimits = pgTable(
  'rate_limits',
  {
    key: text('key').primaryKey(),
    points: integer('points').notNull().default(0),
    expire: bigint('expire', { mode: 'number' }),
  },
  (t) => [index('rate_limits_expire').on(t.expire)],
)
