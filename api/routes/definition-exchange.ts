import { z } from 'zod'
import { check, parseDefinition } from '../../definitions/check/index.ts'
import {
  exportDefinition,
  importDefinition,
  importFormats,
  mediaTypes,
  textFormats,
} from '../../definitions/exchange/formats.ts'
import { tableColumns, transitionRows } from '../../definitions/exchange/transition-table.ts'
import { cataloguesOf } from '../catalogues.ts'
import { createTableSender } from '../export/table.ts'
import { mustFindVersion } from '../found-definition.ts'
import { type Route, route } from '../route.ts'
import { finding, oneVersion } from './definitions.ts'

const columns = Object.entries(tableColumns).map(([key, label]) => ({ key, label }))

/** Definitions in the formats of others (WF18): out whole, in as far as they mean something here. */
export function definitionExchangeRoutes(): Route[] {
  const send = createTableSender()
  return [
    route({
      method: 'get',
      path: '/v1/definitions/:id/versions/:version/export',
      summary: 'A version as canonical JSON, XState JSON, SCXML, Mermaid, SVG, or its transitions as CSV or XLSX',
      auth: 'definitions.read',
      input: {
        params: oneVersion,
        query: z.strictObject({
          format: z.enum([...textFormats, 'csv', 'xlsx']),
          lang: z.enum(['fa', 'en']).default('fa'),
        }),
      },
      output: { raw: 'application/octet-stream' },
      async handler({ params, query: { format, lang }, res, inReach }) {
        const stored = await inReach((tx) => mustFindVersion(tx, params.id, params.version))
        const definition = parseDefinition(stored.text)
        const name = `${params.id}-${params.version}`
        if (format === 'csv' || format === 'xlsx') {
          const rows = async function* () {
            yield transitionRows(definition, lang)
          }
          await send(res, { name, title: definition.label, format, locale: lang, columns }, rows())
          return
        }
        const endings = { json: 'json', xstate: 'xstate.json', scxml: 'scxml', mermaid: 'mmd', svg: 'svg' }
        const text = await exportDefinition(definition, format, lang)
        res.setHeader('Content-Type', mediaTypes[format])
        res.setHeader('Content-Disposition', `attachment; filename="${name}.${endings[format]}"`)
        res.setHeader('Cache-Control', 'private, no-store')
        res.send(text)
      },
    }),
    route({
      method: 'post',
      path: '/v1/definitions/import',
      summary: 'A text of another format as a definition, with what the lint says of it; nothing is stored',
      auth: 'definitions.write',
      idempotent: false,
      accepts: { kind: 'json', limitBytes: 1_200 * 1024 },
      input: {
        body: z.strictObject({
          format: z.enum(importFormats),
          text: z
            .string()
            .min(2)
            .max(512 * 1024),
        }),
      },
      output: z.object({ text: z.string(), findings: z.array(finding) }),
      async handler({ deps, body }) {
        const definition = importDefinition(body.text, body.format)
        const text = await exportDefinition(definition, 'json', 'en')
        return { text, findings: check(text, await cataloguesOf(deps.db, deps.files)) }
      },
    }),
  ]
}
