import type { Queryable } from '../db/client.ts'
import { definitionOf, type StoredDefinition } from '../db/definitions.ts'
import { DomainError } from '../domain/errors.ts'
import { notFound } from './problem.ts'

/** One version of a definition. A version that is not there is a wrong address, not a wrong input: ends in Problem 404. */
export async function mustFindVersion(db: Queryable, id: string, version: number): Promise<StoredDefinition> {
  return definitionOf(db, id, version).catch((error: unknown) => {
    throw error instanceof DomainError && error.code === 'NoSuchDefinition' ? notFound() : error
  })
}
