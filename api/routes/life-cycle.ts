import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import { listDefinitions } from '../../db/definitions.ts'
import { authorsOf, review, reviewsOf } from '../../db/reviews.ts'
import {
  changeShare,
  endRollout,
  figuresOf,
  type Rollout,
  rolloutById,
  rolloutsOf,
  startRollout,
} from '../../db/rollouts.ts'
import type { Json } from '../../domain/json.ts'
import { defaultLimits } from '../../domain/rollout.ts'
import { mustFindVersion } from '../found-definition.ts'
import { notFound } from '../problem.ts'
import { type Context, Reply, type Route, route } from '../route.ts'
import { byId, done, id, instant, text } from '../schemas.ts'
import { oneVersion, version } from './definitions.ts'

const figures = z.object({
  version: z.int(),
  orders: z.int(),
  ended: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  troubled: z.int(),
  slow: z.int(),
  medianMs: z.number().nullable(),
})
const points = z.int().min(0).max(100)
const limits = z.strictObject({
  minOrders: z.int().min(5).max(100_000).default(defaultLimits.minOrders),
  failedPoints: points.default(defaultLimits.failedPoints),
  troubledPoints: points.default(defaultLimits.troubledPoints),
  slowPoints: points.default(defaultLimits.slowPoints),
})
const share = z.int().min(1).max(100)
const rollout = z.object({
  id: z.string(),
  definitionId: z.string(),
  version: z.int(),
  baseVersion: z.int(),
  share: z.int().nullable(),
  cityId: z.string().nullable(),
  partnerId: z.string().nullable(),
  limits: z.object({ minOrders: z.int(), failedPoints: z.int(), troubledPoints: z.int(), slowPoints: z.int() }),
  status: z.enum(['running', 'returned', 'stopped', 'completed']),
  startedBy: z.string(),
  startedAt: instant,
  endedBy: z.string().nullable(),
  endedAt: instant.nullable(),
  reasons: z.array(text).nullable(),
  /** The two versions beside each other; of one that ended, as they stood then. */
  figures: z.object({ fresh: figures, base: figures }),
})
const oneRollout = z.strictObject({ id, rollout: id })

/** The road of a version: review by a second person, roll-out to a part of the new orders, and back (WF6, WF18). */
export const lifeCycleRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/definitions/:id/versions/:version/reviews',
    summary: 'Who wrote on a version, and what reviewers said of its texts',
    auth: 'definitions.review',
    input: { params: oneVersion },
    output: z.object({
      hash: z.string(),
      approved: z.boolean(),
      authors: z.array(z.string()),
      reviews: z.array(
        z.object({
          hash: z.string(),
          verdict: z.enum(['approved', 'rejected']),
          note: z.string().nullable(),
          reviewer: z.string(),
          at: instant,
        }),
      ),
    }),
    async handler({ params, inReach }) {
      return inReach(async (tx) => {
        const { hash } = await mustFindVersion(tx, params.id, params.version)
        const reviews = await reviewsOf(tx, params.id, params.version)
        const last = reviews.find((each) => each.hash === hash)
        const authors = await authorsOf(tx, params.id, params.version)
        return { hash, approved: last?.verdict === 'approved', authors, reviews }
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/definitions/:id/versions/:version/reviews',
    summary: 'Approve or reject the text of a draft that others wrote; an edit makes a new review necessary',
    auth: 'definitions.review',
    input: {
      params: oneVersion,
      body: z.strictObject({
        hash: z.string().length(64),
        verdict: z.enum(['approved', 'rejected']),
        note: z.string().trim().min(1).max(2000).optional(),
      }),
    },
    output: done,
    async handler(context) {
      const { params, body, who, now } = context
      await changing(context, `review.${body.verdict}`, params.id, { ...params, hash: body.hash }, async (tx) => {
        await mustFindVersion(tx, params.id, params.version)
        await review(tx, { ...params, ...body, by: who.id, at: now.toISOString() })
      })
      return { done: true as const }
    },
  }),
  route({
    method: 'get',
    path: '/v1/definitions/:id/rollouts',
    summary: 'Roll-outs of a definition, newest first, each with the figures of both versions',
    auth: 'definitions.review',
    input: { params: byId },
    output: z.object({ rollouts: z.array(rollout) }),
    async handler({ deps, params, now }) {
      if ((await listDefinitions(deps.db, params.id)).length === 0) throw notFound()
      const all = await rolloutsOf(deps.db, params.id)
      return { rollouts: await Promise.all(all.map((each) => shown(deps, each, now))) }
    },
  }),
  route({
    method: 'post',
    path: '/v1/definitions/:id/rollouts',
    summary:
      'Give a published version to a share of the new orders, to a city or to an agent; it returns by itself when it is worse',
    auth: 'definitions.rollout',
    input: {
      params: byId,
      body: z.strictObject({
        version,
        audience: z.union([
          z.strictObject({ share }),
          z.strictObject({ cityId: id }),
          z.strictObject({ partnerId: id }),
        ]),
        limits: limits.default(defaultLimits),
      }),
    },
    output: rollout,
    status: 201,
    async handler(context) {
      const { deps, params, body, who, now, newId } = context
      const made = { id: newId('ro'), definitionId: params.id, ...body, by: who.id, at: now.toISOString() }
      const detail = { rollout: made.id, version: body.version, ...body.audience }
      const started = await changing(context, 'rollout.start', params.id, detail, async (tx) => {
        await mustFindVersion(tx, params.id, body.version)
        return startRollout(tx, made)
      })
      const link = `/v1/definitions/${params.id}/rollouts/${made.id}`
      return new Reply(201, await shown(deps, started, now), { Location: link })
    },
  }),
  route({
    method: 'get',
    path: '/v1/definitions/:id/rollouts/:rollout',
    summary: 'One roll-out with the figures of both versions',
    auth: 'definitions.review',
    input: { params: oneRollout },
    output: rollout,
    async handler({ deps, params, now }) {
      const one = await rolloutById(deps.db, params.id, params.rollout)
      if (one === null) throw notFound()
      return shown(deps, one, now)
    },
  }),
  route({
    method: 'put',
    path: '/v1/definitions/:id/rollouts/:rollout/share',
    summary: 'Widen or narrow the share; orders that it took in before stay with their version',
    auth: 'definitions.rollout',
    input: { params: oneRollout, body: z.strictObject({ share }) },
    output: done,
    async handler(context) {
      const { params, body } = context
      await changing(context, 'rollout.share', params.id, { rollout: params.rollout, ...body }, (tx) =>
        changeShare(tx, params.id, params.rollout, body.share),
      )
      return { done: true as const }
    },
  }),
  route({
    method: 'post',
    path: '/v1/definitions/:id/rollouts/:rollout/end',
    summary: 'End a roll-out: `completed` makes its version the current one, `stopped` returns to the old one',
    auth: 'definitions.rollout',
    input: { params: oneRollout, body: z.strictObject({ as: z.enum(['completed', 'stopped']) }) },
    output: rollout,
    async handler(context) {
      const { deps, params, body, who, now } = context
      const detail = { rollout: params.rollout, as: body.as }
      const ended = await changing(context, 'rollout.end', params.id, detail, (tx) =>
        endRollout(tx, {
          definitionId: params.id,
          id: params.rollout,
          status: body.as,
          by: who.id,
          at: now.toISOString(),
        }),
      )
      return shown(deps, ended, now)
    },
  }),
]

/** A change of a definition's life and its line in the audit log, in one transaction. */
export async function changing<T>(
  { deps, who, now, ip }: Pick<Context, 'deps' | 'who' | 'now' | 'ip'>,
  act: string,
  definitionId: string,
  detail: Json,
  change: (tx: Parameters<Parameters<Context['deps']['db']['transaction']>[0]>[0]) => Promise<T>,
): Promise<T> {
  return deps.db.transaction(async (tx) => {
    const changed = await change(tx)
    await audit(tx, {
      at: now.toISOString(),
      actor: who.id,
      action: `definition.${act}`,
      entity: 'definition',
      entityId: definitionId,
      detail,
      ip,
    })
    return changed
  })
}

async function shown({ db }: Context['deps'], one: Rollout, now: Date): Promise<z.input<typeof rollout>> {
  const reasons = one.reasons as z.input<typeof text>[] | null
  return { ...one, reasons, figures: one.figures ?? (await figuresOf(db, one, now.toISOString())) }
}
