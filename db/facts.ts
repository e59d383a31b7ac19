import { and, eq } from 'drizzle-orm'
import type { Queryable } from './client.ts'
import { factQueries, foreignSources } from './schema/facts.ts'

export type FactQueryRow = NonNullable<Awaited<ReturnType<typeof factQuery>>>

/** A configured query with its source; null when there is none. */
export async function factQuery(db: Queryable, source: string, query: string) {
  const [row] = await db
    .select({
      source: factQueries.source,
      kind: foreignSources.kind,
      config: foreignSources.config,
      template: factQueries.template,
      params: factQueries.params,
      rowLimit: factQueries.rowLimit,
      timeoutMs: factQueries.timeoutMs,
    })
    .from(factQueries)
    .innerJoin(foreignSources, eq(foreignSources.id, factQueries.source))
    .where(and(eq(factQueries.source, source), eq(factQueries.query, query)))
  return row ?? null
}
