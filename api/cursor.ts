import { badInput } from './problem.ts'

/** Where a page ended: the next one goes on before it. */
export interface PageEnd {
  at: string
  id: string
}

/** A page's end as a word that a client hands back unread. */
export function cursorOf({ at, id }: PageEnd): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url')
}

/** Throws Problem 422 for a word that is not one of ours. */
export function parseCursor(cursor: string): PageEnd {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const [at, id]: unknown[] = Array.isArray(parsed) ? parsed : []
    if (typeof at === 'string' && typeof id === 'string' && !Number.isNaN(Date.parse(at))) return { at, id }
  } catch {
    // The same answer as for any other text that is not ours.
  }
  throw badInput([
    { place: '$.query.cursor', fa: 'نشانی صفحه درست نیست', en: 'the cursor is not one that a page gave' },
  ])
}
