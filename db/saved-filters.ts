import { and, asc, count, eq } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { Tx } from './client.ts'
import { savedFilters } from './schema/saved-filters.ts'

export type SavedFilter = typeof savedFilters.$inferSelect

const mostOfOne = 50

/** The caller's filters and those shared with him, by name, at most 200 (call inside `withActor`: the database decides whose they are). */
export async function listFilters(tx: Tx): Promise<SavedFilter[]> {
  return tx.select().from(savedFilters).orderBy(asc(savedFilters.name), asc(savedFilters.id)).limit(200)
}

/** Keeps a filter; the same id again changes nothing. Ends in DomainError `TooManyFilters` beyond 50 of one owner. */
export async function addFilter(tx: Tx, filter: Omit<SavedFilter, 'createdAt' | 'updatedAt'>): Promise<void> {
  const [held] = await tx.select({ n: count() }).from(savedFilters).where(eq(savedFilters.ownerId, filter.ownerId))
  if ((held?.n ?? 0) >= mostOfOne)
    throw new DomainError('TooManyFilters', {
      fa: `هر کاربر حداکثر ${mostOfOne} صافی نگه می‌دارد`,
      en: `a user keeps at most ${mostOfOne} filters`,
    })
  await tx.insert(savedFilters).values(filter).onConflictDoNothing({ target: savedFilters.id })
}

/** Changes a filter of the owner; answers whether there was one. */
export async function changeFilter(
  tx: Tx,
  of: Pick<SavedFilter, 'id' | 'ownerId'>,
  change: Partial<Pick<SavedFilter, 'name' | 'shared' | 'query'>> & { updatedAt: string },
): Promise<boolean> {
  const changed = await tx.update(savedFilters).set(change).where(own(of)).returning({ id: savedFilters.id })
  return changed.length > 0
}

/** Drops a filter of the owner; answers whether there was one. */
export async function dropFilter(tx: Tx, of: Pick<SavedFilter, 'id' | 'ownerId'>): Promise<boolean> {
  const dropped = await tx.delete(savedFilters).where(own(of)).returning({ id: savedFilters.id })
  return dropped.length > 0
}

const own = ({ id, ownerId }: Pick<SavedFilter, 'id' | 'ownerId'>) =>
  and(eq(savedFilters.id, id), eq(savedFilters.ownerId, ownerId))
