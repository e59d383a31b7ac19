import { z } from 'zod'
import { listAudit, verifyAudit } from '../../db/audit.ts'
import { forbidden } from '../problem.ts'
import { type Context, type Route, route } from '../route.ts'
import { id, instant, instantInput, json, limit } from '../schemas.ts'

/** What operators did (WF14): append-only, chained by hashes. It speaks of everybody, so it is open to reach `all` only. */
export const auditRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/audit',
    summary: 'The audit log, newest first',
    auth: 'audit.read',
    input: {
      query: z.strictObject({
        entity: z.string().max(50).optional(),
        entityId: id.optional(),
        actor: id.optional(),
        from: instantInput.optional(),
        to: instantInput.optional(),
        before: z.coerce.number().int().positive().optional(),
        limit,
      }),
    },
    output: z.object({
      entries: z.array(
        z.object({
          id: z.int(),
          at: instant,
          actor: z.string(),
          action: z.string(),
          entity: z.string(),
          entityId: z.string(),
          detail: json,
          ip: z.string().nullable(),
          hash: z.string(),
        }),
      ),
      next: z.int().nullable(),
    }),
    async handler(context) {
      const { query, inReach } = context
      refuseNarrow(context)
      const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
      const entries = await inReach((tx) => listAudit(tx, given))
      return { entries, next: entries.length === query.limit ? (entries.at(-1)?.id ?? null) : null }
    },
  }),
  route({
    method: 'get',
    path: '/v1/audit/verification',
    summary: 'Recompute the hash chain of the whole log',
    auth: 'audit.read',
    output: z.object({ whole: z.boolean(), fault: z.object({ id: z.int(), fault: z.string() }).nullable() }),
    async handler(context) {
      refuseNarrow(context)
      const fault = await context.inReach(verifyAudit)
      return { whole: fault === null, fault }
    },
  }),
]

function refuseNarrow({ who }: Pick<Context, 'who'>): void {
  if (!who.assignments.some(({ reach }) => reach === 'all')) throw forbidden()
}
