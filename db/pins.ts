import { asc, eq } from 'drizzle-orm'
import type { Queryable } from './client.ts'
import { pins } from './schema/definitions.ts'

/** Pins of a definition, oldest first, at most 1000. */
export async function pinsOf(db: Queryable, definitionId: string): Promise<(typeof pins.$inferSelect)[]> {
  return db.select().from(pins).where(eq(pins.definitionId, definitionId)).orderBy(asc(pins.id)).limit(1000)
}
