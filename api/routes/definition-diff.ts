import { z } from 'zod'
import { parseDefinition } from '../../definitions/check/index.ts'
import { diffDefinitions } from '../../definitions/diff/diff.ts'
import { cataloguesOf } from '../catalogues.ts'
import { mustFindVersion } from '../found-definition.ts'
import { type Route, route } from '../route.ts'
import { id, json, text } from '../schemas.ts'

const version = z.coerce.number().int().min(1).max(1_000_000)
const road = z.array(z.object({ stimulus: z.string(), to: z.array(z.string()) }))

/** What a second person reads before a version is published (WF18). */
export const definitionDiffRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/definitions/:id/versions/:version/diff',
    summary: 'What a version changes against another: in sentences, and as roads gained and lost',
    auth: 'definitions.read',
    input: { params: z.strictObject({ id, version }), query: z.strictObject({ from: version }) },
    output: z.object({
      from: z.int(),
      to: z.int(),
      changes: z.array(
        z.object({
          kind: z.enum(['added', 'removed', 'changed']),
          what: z.string(),
          path: z.string(),
          part: z.string().optional(),
          before: json.optional(),
          after: json.optional(),
          message: text,
        }),
      ),
      /** `cut`: the search for roads was given up, there may be more. */
      behaviour: z.object({ gained: z.array(road), lost: z.array(road), cut: z.boolean() }),
    }),
    async handler({ deps, params, query, inReach }) {
      const [from, to] = await inReach(async (tx) => [
        await mustFindVersion(tx, params.id, query.from),
        await mustFindVersion(tx, params.id, params.version),
      ])
      const catalogues = await cataloguesOf(deps.db, deps.files)
      const diff = diffDefinitions(parseDefinition(from.text), parseDefinition(to.text), catalogues)
      return { from: from.version, to: to.version, ...diff }
    },
  }),
]
