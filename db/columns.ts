import { bigint, customType, timestamp } from 'drizzle-orm/pg-core'
import type { Rial } from '../domain/money.ts'

/** An instant: ISO text with milliseconds in TypeScript, timestamptz in the database. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'string' })

/** Whole Rials (M1). */
export const rialColumn = (name: string) => bigint(name, { mode: 'number' }).$type<Rial>()

/** Bytes of a file. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })
