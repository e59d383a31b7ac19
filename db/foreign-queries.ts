import type { JsonObject } from '../domain/json.ts'
import type { Queryable } from './client.ts'
import { factQueries } from './schema/facts.ts'

/** The questions that this company may put to sources of its own (WF9), by source and name, as a check of definitions wants them. At most 1000. */
export async function foreignQueries(
  db: Queryable,
): Promise<
  Record<string, Record<string, { label: { fa: string; en: string }; params: string[]; answer: JsonObject }>>
> {
  const rows = await db
    .select({ source: factQueries.source, query: factQueries.query, params: factQueries.params })
    .from(factQueries)
    .limit(1000)
  const found: Awaited<ReturnType<typeof foreignQueries>> = {}
  for (const { source, query, params } of rows) {
    found[source] ??= {}
    found[source][query] = { label: { fa: query, en: query }, params, answer: {} }
  }
  return found
}
