import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres, { type Sql } from 'postgres'

/** The pool. `$client` is the driver, for prepared statements and `listen`. */
export type Db = PostgresJsDatabase & { $client: Sql }

/** An open transaction. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]

/** What a query runs on: by itself, or inside a transaction. */
export type Queryable = Db | Tx

/**
 * Opens a pool of at most `max` connections (default 10); they are made when first needed, and again after a loss: a query that
 * was under way fails with the driver's error, the process goes on. `close` waits for running queries, 5 seconds at most.
 */
export function createDb(url: string, options: { max?: number } = {}): Db & { close: () => Promise<void> } {
  const client = postgres(url, {
    max: options.max ?? 10,
    onnotice: () => undefined,
    backoff: (retries) => Math.min(2 ** retries * 0.05, 2),
    connection: { TimeZone: 'UTC', application_name: 'samfony' },
    types: {
      // Counts and sums of any size; amounts are checked by their columns' types (M1).
      bigint: { to: 20, from: [20, 1700], serialize: String, parse: safeNumber },
    },
  })
  const db = drizzle(client)
  client.options.parsers[timestamptz] = (value: string) => new Date(value).toISOString()
  return Object.assign(db, { close: () => client.end({ timeout: 5 }) })
}

const timestamptz = 1184

function safeNumber(text: string): number | string {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : text
}
