import { z } from 'zod'
import { resolve } from '../../definitions/expression.ts'
import type { Instance } from '../../definitions/interpreter/instance.ts'
import { type Offer, offersOf } from '../../definitions/interpreter/offer.ts'
import type { Json, JsonObject } from '../../domain/json.ts'
import type { Actor } from '../../domain/transition.ts'
import { actorFor } from '../actor.ts'
import { type DefinitionStore, formOf, type LoadedDefinition } from '../definition-store.ts'
import type { Engine, Outcome } from '../engine.ts'
import { mustFind } from '../found-order.ts'
import { reasonTexts } from '../reason-text.ts'
import { Reply, type Route, route } from '../route.ts'
import { byId, id, json, jsonObject, text } from '../schemas.ts'
import { withFacts } from '../with-facts.ts'
import { instanceOf, labelled, state } from './orders.ts'

const answer = z.object({
  /** `done`, or `pending`: accepted, and not yet known to be done; ask `link`. */
  result: z.enum(['done', 'pending']),
  seq: z.int().nullable(),
  states: z.array(state),
  status: z.string().nullable(),
  outcome: z.string().nullable(),
  link: z.string(),
})

const eventName = z.string().regex(/^[A-Z][A-Z0-9_]{0,79}$/)

/** What may be done with an order now, and doing it. */
export function transitionRoutes(store: DefinitionStore, engine: Engine): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/orders/:id/transitions',
      summary: 'The buttons of an order for the caller: which are offered, and why the others are not (WF4, WF25)',
      auth: 'orders.read',
      input: { params: byId },
      output: z.object({
        seq: z.int(),
        transitions: z.array(
          z.object({
            event: z.string(),
            label: text,
            offered: z.boolean(),
            why: z.string(),
            whyTexts: z.array(text),
            reasons: json,
            allow: z.array(z.string()),
            confirm: text.nullable(),
            form: z
              .object({ schema: json, ui: json, steps: z.array(json), label: text.nullable(), prefill: jsonObject })
              .nullable(),
          }),
        ),
      }),
      async handler({ deps, params, who, now, log, inReach }) {
        const { order, loaded } = await inReach(async (tx) => {
          const found = await mustFind(tx, params.id)
          return { order: found, loaded: await store.load(tx, found.definitionId, found.definitionVersion) }
        })
        const instance = instanceOf(order)
        if (instance === null) return { seq: order.seq, transitions: [] }
        const actor = actorFor(who, order)
        const { offers } = await withFacts(
          deps,
          (facts) => offersOf(loaded.chart, instance, actor, facts, now.getTime()),
          (error) => log.warn({ err: error, orderId: order.id }, 'facts for offers not loaded'),
        )
        return { seq: order.seq, transitions: offers.map((offer) => shown(loaded, instance, offer, actor, now)) }
      },
    }),
    route({
      method: 'post',
      path: '/v1/orders/:id/transitions',
      summary: 'Press a button of an order',
      auth: 'orders.act',
      input: {
        params: byId,
        body: z.strictObject({
          event: eventName,
          payload: jsonObject.nullable().default(null),
          expectedSeq: z.int().min(0).optional(),
        }),
      },
      output: answer,
      async handler({ params, who, body, key, inReach }) {
        const { order, loaded } = await inReach(async (tx) => {
          const found = await mustFind(tx, params.id)
          return { order: found, loaded: await store.load(tx, found.definitionId, found.definitionVersion) }
        })
        const fire = {
          event: body.event,
          payload: body.payload as JsonObject | null,
          actor: actorFor(who, order),
          ...(body.expectedSeq !== undefined && { expectedSeq: body.expectedSeq }),
        }
        return told(order.id, loaded, key, await engine.fire(order, fire, `${who.id}:${key}`))
      },
    }),
    route({
      method: 'get',
      path: '/v1/orders/:id/transitions/:key',
      summary: 'What became of a transition whose answer was 202 or was lost',
      auth: 'orders.act',
      input: { params: z.strictObject({ id, key: z.string().regex(/^[\x21-\x7e]{8,200}$/) }) },
      output: answer,
      async handler({ params, who, inReach }) {
        const { order, loaded } = await inReach(async (tx) => {
          const found = await mustFind(tx, params.id)
          return { order: found, loaded: await store.load(tx, found.definitionId, found.definitionVersion) }
        })
        return told(order.id, loaded, params.key, await engine.outcome(order, `${who.id}:${params.key}`))
      },
    }),
  ]
}

/** An outcome as a client reads it: 200 with the new state, or 202 with the place to ask. */
export function told(
  orderId: string,
  loaded: LoadedDefinition,
  key: string,
  outcome: Outcome,
): Reply<z.input<typeof answer>> {
  const link = `/v1/orders/${orderId}/transitions/${encodeURIComponent(key)}`
  if (outcome.kind === 'pending')
    return new Reply(
      202,
      { result: 'pending', seq: null, states: [], status: null, outcome: null, link },
      { Location: link, 'Retry-After': '2' },
    )
  const { seq, states, status, outcome: end } = outcome.answer
  return new Reply(200, { result: 'done', seq, states: labelled(loaded, states), status, outcome: end, link })
}

export const outcomeShape = answer

function shown({ definition, buttons }: LoadedDefinition, instance: Instance, offer: Offer, actor: Actor, now: Date) {
  const event = definition.events[offer.event]
  const label = buttons.get(offer.event) ?? event?.label ?? { fa: offer.event, en: offer.event }
  const form = event === undefined ? null : formOf(definition, event)
  const prefill = event?.form === undefined ? undefined : definition.forms?.[event.form]?.prefill
  return {
    ...offer,
    label,
    whyTexts: reasonTexts(definition, offer),
    confirm: event?.confirm ?? null,
    form: form === null ? null : { ...form, prefill: prefilled(prefill, definition, instance, actor, now) },
  }
}

function prefilled(
  prefill: Record<string, Json> | undefined,
  definition: LoadedDefinition['definition'],
  instance: Instance,
  actor: Actor,
  now: Date,
): JsonObject {
  const scope = {
    ctx: instance.context,
    event: null,
    output: null,
    instance: {
      id: instance.orderId,
      startedAt: new Date(instance.startedAtMs).toISOString(),
      now: now.toISOString(),
      actor: actor.id,
      definition: definition.id,
      version: definition.version,
    },
  }
  return Object.fromEntries(Object.entries(prefill ?? {}).map(([name, expr]) => [name, resolve(expr, scope)]))
}
