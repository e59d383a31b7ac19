import type { FactRequest } from '../definitions/interpreter/instance.ts'
import { DomainError } from '../domain/errors.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import { failing } from './failure.ts'

/** Answers one query of a source. `params` are the values that the definition's expressions gave. */
export type FactQuery = (params: JsonObject) => Promise<Json>

/** Our own sources by name, then query; `foreign` answers for those that a manager configured. */
export interface FactSources {
  own: Record<string, Record<string, FactQuery>>
  foreign: (source: string, query: string, params: JsonObject) => Promise<Json>
}

/**
 * Fetches facts for guards (WF9), each by the key under which the interpreter asks for it. Ends in DomainError
 * `UnknownFact` when a source of ours has no such query; a source that is away ends in Unavailable.
 */
export async function loadFacts({ own, foreign }: FactSources, requests: FactRequest[]): Promise<Record<string, Json>> {
  const loaded = requests.map(async ({ key, source, query, params }): Promise<[string, Json]> => {
    const queries = Object.hasOwn(own, source) ? own[source] : undefined
    if (queries === undefined) return [key, await foreign(source, query, params)]
    const ask = Object.hasOwn(queries, query) ? queries[query] : undefined
    if (ask === undefined)
      throw new DomainError(
        'UnknownFact',
        { en: `${source} has no query ${query}`, fa: `پرسش ${query} در منبع ${source} نیست` },
        `${source}.${query}`,
      )
    return [key, await ask(params)]
  })
  return Object.fromEntries(await Promise.all(loaded))
}

export function createFactActivities({ sources }: { sources: FactSources }) {
  return failing({
    loadFacts: ({ requests }: { orderId: string; requests: FactRequest[] }): Promise<Record<string, Json>> =>
      loadFacts(sources, requests),
  })
}
