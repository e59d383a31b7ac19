import { z } from 'zod'
import { explain } from '../../definitions/explain/explain.ts'
import { actorFor } from '../actor.ts'
import type { DefinitionStore } from '../definition-store.ts'
import { mustFind } from '../found-order.ts'
import { type Route, route } from '../route.ts'
import { byId, instant, json, text } from '../schemas.ts'
import { withFacts } from '../with-facts.ts'
import { instanceOf } from './orders.ts'

const leaf = z.object({
  fact: z.string(),
  path: z.string().optional(),
  operator: z.string(),
  expected: json,
  actual: json.optional(),
  result: z.enum(['true', 'false', 'unknown', 'error']),
  negated: z.boolean().optional(),
  words: text,
})

const transition = z.object({
  event: z.string(),
  label: text,
  state: z.string(),
  position: z.int(),
  target: z.string().nullable(),
  offered: z.boolean(),
  why: z.enum(['offered', 'notAllowed', 'guardFalse', 'guardUnreadable', 'afterAnother', 'busy']),
  guard: z.object({ truth: z.string(), words: text.nullable(), leaves: z.array(leaf) }),
  permission: z.object({ allowed: z.boolean(), byRole: z.string().nullable(), allow: z.array(z.string()) }),
  form: z.object({ name: z.string(), required: z.array(z.string()) }).nullable(),
})

/** Why an order stands where it stands (WF25). */
export function explanationRoutes(store: DefinitionStore): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/orders/:id/explanation',
      summary:
        'Why each transition is offered to the caller or not, for whom the order waits, and what comes by itself',
      auth: 'orders.read',
      input: { params: byId },
      output: z.object({
        seq: z.int(),
        outcome: z.string().nullable(),
        states: z.array(z.object({ id: z.string(), label: text })),
        transitions: z.array(transition),
        waits: z.array(
          z.object({ kind: z.string(), state: z.string(), for: text, until: instant.nullable(), message: text }),
        ),
        coming: z.array(
          z.object({
            at: instant,
            kind: z.enum(['timer', 'sla']),
            state: z.string(),
            id: z.string(),
            targets: z.array(z.string()),
            message: text,
          }),
        ),
      }),
      async handler({ deps, params, who, now, log, inReach }) {
        const { order, loaded } = await inReach(async (tx) => {
          const found = await mustFind(tx, params.id)
          return { order: found, loaded: await store.load(tx, found.definitionId, found.definitionVersion) }
        })
        const instance = instanceOf(order)
        if (instance === null)
          return { seq: order.seq, outcome: null, states: [], transitions: [], waits: [notStarted], coming: [] }
        const { explanation } = await withFacts(
          deps,
          (facts) => explain(loaded, instance, actorFor(who, order), facts, now.getTime()),
          (error) => log.warn({ err: error, orderId: order.id }, 'facts for an explanation not loaded'),
        )
        return { seq: order.seq, ...explanation }
      },
    }),
  ]
}

const notStarted = {
  kind: 'time',
  state: '',
  for: { fa: 'آغاز فرایند', en: 'the start of the process' },
  until: null,
  message: { fa: 'فرایند هنوز آغاز نشده است', en: 'the process has not started yet' },
}
