import { and, eq } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import { listCalendars } from './calendars.ts'
import type { Queryable } from './client.ts'
import { definitions } from './schema/definitions.ts'

/**
 * The compiled graph of a version as an order runs by it now: published once, but working calendars as they stand today, since a
 * holiday that was proclaimed yesterday holds for the orders of tomorrow too. Ends in DomainError `NoSuchDefinition`, also for a
 * draft.
 */
export async function graphOf(db: Queryable, id: string, version: number): Promise<Json> {
  const [row] = await db
    .select({ graph: definitions.graph })
    .from(definitions)
    .where(and(eq(definitions.id, id), eq(definitions.version, version)))
  const graph = row?.graph as JsonObject | null | undefined
  if (graph === null || graph === undefined)
    throw new DomainError('NoSuchDefinition', {
      fa: `تعریف ${id} نسخهٔ ${version} منتشر نشده است`,
      en: `version ${version} of definition ${id} is not published`,
    })
  const frozen = (graph['calendars'] ?? {}) as Record<string, JsonObject & { id: string }>
  if (Object.keys(frozen).length === 0) return graph
  const now = new Map((await listCalendars(db)).map((calendar) => [calendar.id, calendar as unknown as JsonObject]))
  const calendars = Object.entries(frozen).map(([alias, known]) => [alias, now.get(known.id) ?? known])
  return { ...graph, calendars: Object.fromEntries(calendars) as JsonObject }
}
