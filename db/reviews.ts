import { and, desc, eq } from 'drizzle-orm'
import { DomainError } from '../domain/errors.ts'
import type { Queryable, Tx } from './client.ts'
import { definitionOf } from './definitions.ts'
import { definitionAuthors, definitionReviews } from './schema/reviews.ts'

export type Review = typeof definitionReviews.$inferSelect

/**
 * Writes what a second person says of a draft. `hash` is that of the text he read. Ends in DomainError `NoSuchDefinition`,
 * `AlreadyPublished`, `DraftChanged` (edited since he read it) or `SamePerson` (he wrote on it himself); the database
 * refuses the last one, too.
 */
export async function review(
  tx: Tx,
  what: {
    id: string
    version: number
    hash: string
    verdict: Review['verdict']
    note?: string | undefined
    by: string
    at: string
  },
): Promise<void> {
  const { id: definitionId, version, hash, verdict, note, by: reviewer, at } = what
  const stored = await definitionOf(tx, definitionId, version, 'for update')
  if (stored.status !== 'draft')
    throw new DomainError('AlreadyPublished', {
      fa: 'این نسخه پیش‌تر منتشر شده است',
      en: 'this version is published already',
    })
  if (stored.hash !== hash)
    throw new DomainError('DraftChanged', {
      fa: 'پیش‌نویس پس از خواندن شما تغییر کرده است',
      en: 'the draft was changed after it was read',
    })
  if ((await authorsOf(tx, definitionId, version)).includes(reviewer))
    throw new DomainError('SamePerson', {
      fa: 'نویسندهٔ پیش‌نویس نمی‌تواند بازبین آن باشد',
      en: 'who wrote on a draft cannot review it',
    })
  await tx.insert(definitionReviews).values({ definitionId, version, hash, verdict, note: note ?? null, reviewer, at })
}

/** Who wrote on a version, in the order in which they first did; at most 200. */
export async function authorsOf(db: Queryable, definitionId: string, version: number): Promise<string[]> {
  const rows = await db
    .select({ author: definitionAuthors.author })
    .from(definitionAuthors)
    .where(and(eq(definitionAuthors.definitionId, definitionId), eq(definitionAuthors.version, version)))
    .orderBy(definitionAuthors.at, definitionAuthors.author)
    .limit(200)
  return rows.map(({ author }) => author)
}

/** Reviews of a version, newest first, at most 200. Only those of the present hash say anything about the present text. */
export async function reviewsOf(db: Queryable, definitionId: string, version: number): Promise<Review[]> {
  return db
    .select()
    .from(definitionReviews)
    .where(and(eq(definitionReviews.definitionId, definitionId), eq(definitionReviews.version, version)))
    .orderBy(desc(definitionReviews.id))
    .limit(200)
}
