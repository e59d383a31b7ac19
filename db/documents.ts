import { createHash } from 'node:crypto'
import { desc, eq } from 'drizzle-orm'
import type { Queryable } from './client.ts'
import { documents } from './schema/documents.ts'

export type StoredDocument = typeof documents.$inferSelect
export type DocumentRow = Omit<StoredDocument, 'content'>

/** Keeps a file; its size and SHA-256 are computed here. The same id again changes nothing. */
export async function saveDocument(
  tx: Queryable,
  file: Pick<StoredDocument, 'id' | 'orderId' | 'customerId' | 'name' | 'mediaType' | 'content' | 'uploadedBy'>,
): Promise<void> {
  const sha256 = createHash('sha256').update(file.content).digest('hex')
  await tx
    .insert(documents)
    .values({ ...file, bytes: file.content.byteLength, sha256 })
    .onConflictDoNothing({ target: documents.id })
}

/** One file with its content; null when there is none, or none in reach. */
export async function documentById(db: Queryable, id: string): Promise<StoredDocument | null> {
  const [document] = await db.select().from(documents).where(eq(documents.id, id))
  return document ?? null
}

/** Files of an order or of a customer, newest first, without content, at most 200. */
export async function documentsOf(
  db: Queryable,
  of: { orderId: string } | { customerId: string },
): Promise<DocumentRow[]> {
  return db
    .select(listed)
    .from(documents)
    .where('orderId' in of ? eq(documents.orderId, of.orderId) : eq(documents.customerId, of.customerId))
    .orderBy(desc(documents.at))
    .limit(200)
}

const listed = {
  id: documents.id,
  orderId: documents.orderId,
  customerId: documents.customerId,
  name: documents.name,
  mediaType: documents.mediaType,
  bytes: documents.bytes,
  sha256: documents.sha256,
  uploadedBy: documents.uploadedBy,
  at: documents.at,
}
