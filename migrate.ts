import { loadConfig } from './config.ts'
import { migrate } from './db/migrate.ts'

// `node dist/migrate.js`: brings the database to the schema of this release, before its workers and API start.
await migrate(loadConfig().databaseUrl)
