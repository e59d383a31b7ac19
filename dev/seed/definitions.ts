import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { and, eq } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { publish, saveDraft } from '../../db/definitions.ts'
import { review } from '../../db/reviews.ts'
import { definitions as definitionsTable } from '../../db/schema/definitions.ts'
import { canonicalText } from '../../definitions/canonical.ts'
import { calendars } from '../../definitions/catalogue/calendars.ts'
import { acknowledgementsOf } from '../../definitions/check/acknowledged.ts'
import { parseDefinition } from '../../definitions/check/index.ts'
import { compile } from '../../definitions/compile.ts'
import type { Json } from '../../domain/json.ts'

const folder = new URL('../../definitions/seeds/', import.meta.url)

/** Publishes the shipped definitions that the database does not have in this very text; what is there stays as it is. */
export async function seedDefinitions(db: Db, at: string): Promise<void> {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const text = readFileSync(new URL(file, folder), 'utf8')
    const definition = parseDefinition(text)
    const hash = createHash('sha256')
      .update(canonicalText(definition as unknown as Json))
      .digest('hex')
    await db.transaction(async (tx) => {
      const found = await tx.$count(
        definitionsTable,
        and(eq(definitionsTable.id, definition.id), eq(definitionsTable.hash, hash)),
      )
      if (found > 0) return
      const named = definition.meta?.['kind']
      const kind = typeof named === 'string' ? named : definition.subject
      const { id, label } = definition
      const version = await saveDraft(tx, { id, hash, text, kind, label, by: 'seed' })
      const graph = compile({ ...definition, version }, { calendars }, hash) as unknown as Json
      // Shipped texts were reviewed where they were made.
      await review(tx, { id, version, hash, verdict: 'approved', by: 'release', at })
      const acknowledged = acknowledgementsOf(definition).map((one) => ({ ...one, by: null })) as unknown as Json
      await publish(tx, { id, version, hash, graph, acknowledged, by: 'release', at, makeCurrent: true })
    })
  }
}
