import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'

/**
 * Brings a database to the newest schema. Processes that start together wait for each other, and those that come later find
 * nothing to do. Needs the right to create roles, unless `samfony_api` and `samfony_office` exist and are granted to the user.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => undefined })
  try {
    await client`select pg_advisory_lock(${migrationLock})`
    await runMigrations(drizzle(client), { migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)) })
  } finally {
    await client.end({ timeout: 5 }) // ends the session, and with it the lock
  }
}

const migrationLock = 7_265_301
