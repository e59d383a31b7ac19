import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import { openIncidents, openProposals, propose } from '../../db/incidents.ts'
import { approveProposal, incidentById, proposalById } from '../../db/proposal-approval.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { Repair } from '../../workflows/messages.ts'
import { actorFor } from '../actor.ts'
import type { DefinitionStore } from '../definition-store.ts'
import type { Engine } from '../engine.ts'
import { mustFind } from '../found-order.ts'
import { badInput, conflict, notFound } from '../problem.ts'
import { type Context, Reply, type Route, route } from '../route.ts'
import { id, instant, jsonObject } from '../schemas.ts'
import { incidentShape } from './orders.ts'
import { outcomeShape, told } from './transitions.ts'

const proposal = z.object({
  id: z.string(),
  orderId: z.string(),
  incidentId: z.string(),
  command: z.enum(['move', 'cancel']),
  args: jsonObject,
  proposedBy: z.string(),
  at: instant,
})

const oneIncident = z.strictObject({ order: id, id })

/** Orders that wait for a person after an error (WF8, WF21): one person may retry or answer, two must agree to move or cancel. */
export function incidentRoutes(store: DefinitionStore, engine: Engine): Route[] {
  /** Sends a repair to the workflow and writes who did it. */
  async function repair(
    context: Context,
    orderId: string,
    incidentId: string,
    command: (actor: Repair['actor']) => Repair,
    updateId: string,
  ) {
    const { who, now, ip, inReach, key } = context
    const { order, loaded } = await inReach(async (tx) => {
      const found = await mustFind(tx, orderId)
      return { order: found, loaded: await store.load(tx, found.definitionId, found.definitionVersion) }
    })
    const wish = command(actorFor(who, order))
    const outcome = await engine.repair(order, wish, updateId)
    const { actor: _actor, ...detail } = wish
    await inReach((tx) =>
      audit(tx, {
        at: now.toISOString(),
        actor: who.id,
        action: `incident.${wish.command}`,
        entity: 'order',
        entityId: order.id,
        detail: { ...detail, incidentId },
        ip,
      }),
    )
    return told(order.id, loaded, key, outcome)
  }

  return [
    route({
      method: 'get',
      path: '/v1/incidents',
      summary: 'Open incidents in reach, oldest first, and proposals that wait for a second person',
      auth: 'incidents.read',
      input: { query: z.strictObject({ order: id.optional() }) },
      output: z.object({ incidents: z.array(incidentShape), proposals: z.array(proposal) }),
      async handler({ query, inReach }) {
        return inReach(async (tx) => ({
          incidents: await openIncidents(tx, query.order),
          proposals: await openProposals(tx, query.order),
        }))
      },
    }),
    route({
      method: 'post',
      path: '/v1/incidents/:order/:id/retry',
      summary: 'Try again what failed',
      auth: 'incidents.repair',
      input: { params: oneIncident },
      output: outcomeShape,
      async handler(context) {
        const { params, who, key, inReach } = context
        await inReach((tx) => mustBeOpen(tx, params))
        return repair(
          context,
          params.order,
          params.id,
          (actor) => ({ command: 'retry', incident: params.id, actor }),
          `${who.id}:${key}`,
        )
      },
    }),
    route({
      method: 'post',
      path: '/v1/incidents/:order/:id/resolve',
      summary: 'Give by hand the result that the call should have had',
      auth: 'incidents.repair',
      input: { params: oneIncident, body: z.strictObject({ output: jsonObject }) },
      output: outcomeShape,
      async handler(context) {
        const { params, body, who, key, inReach } = context
        await inReach((tx) => mustBeOpen(tx, params))
        const output = body.output as JsonObject
        return repair(
          context,
          params.order,
          params.id,
          (actor) => ({ command: 'resolve', incident: params.id, output, actor }),
          `${who.id}:${key}`,
        )
      },
    }),
    route({
      method: 'post',
      path: '/v1/incidents/:order/:id/proposals',
      summary: 'Propose to move the order to a state, or to cancel it; another person must approve',
      auth: 'incidents.propose',
      input: {
        params: oneIncident,
        body: z.discriminatedUnion('command', [
          z.strictObject({ command: z.literal('move'), target: id, reason: z.string().trim().min(3).max(500) }),
          z.strictObject({ command: z.literal('cancel'), reason: z.string().trim().min(3).max(500) }),
        ]),
      },
      output: z.object({ id: z.string() }),
      status: 201,
      async handler({ params, body, who, newId, now, ip, inReach }) {
        const made = newId('ip')
        await inReach(async (tx) => {
          const order = await mustBeOpen(tx, params)
          const { states } = await store.load(tx, order.definitionId, order.definitionVersion)
          if (body.command === 'move' && !states.has(body.target))
            throw badInput([{ place: '$.body.target', fa: 'چنین وضعیتی نیست', en: 'there is no such state' }])
          const { command, ...args } = body
          await propose(tx, { id: made, orderId: params.order, incidentId: params.id, command, args, by: who.id })
          await audit(tx, {
            at: now.toISOString(),
            actor: who.id,
            action: 'incident.propose',
            entity: 'order',
            entityId: params.order,
            detail: { proposal: made, incidentId: params.id, ...body },
            ip,
          })
        })
        return new Reply(201, { id: made })
      },
    }),
    route({
      method: 'post',
      path: '/v1/incidents/:order/:id/proposals/:proposal/approve',
      summary: 'Approve another person’s proposal; it is carried out at once',
      auth: 'incidents.approve',
      input: { params: z.strictObject({ order: id, id, proposal: id }) },
      output: outcomeShape,
      async handler(context) {
        const { params, who, now, inReach } = context
        const agreed = await inReach(async (tx) => {
          const found = await proposalById(tx, params.proposal)
          if (found === null || found.orderId !== params.order || found.incidentId !== params.id) throw notFound()
          if (found.proposedBy === who.id)
            throw conflict('SamePerson', {
              fa: 'پیشنهاد را شخص دیگری باید تأیید کند',
              en: 'Another person must approve a proposal',
            })
          // The same person may say it again: the engine may have been away the first time.
          if (found.approvedBy !== who.id && !(await approveProposal(tx, found.id, who.id, now.toISOString())))
            throw conflict('Approved', {
              fa: 'این پیشنهاد پیش‌تر تأیید شده است',
              en: 'This proposal was approved already',
            })
          return found
        })
        const target = typeof agreed.args['target'] === 'string' ? agreed.args['target'] : ''
        const command = (actor: Repair['actor']): Repair =>
          agreed.command === 'cancel' ? { command: 'cancel', actor } : { command: 'move', target, actor }
        return repair(context, params.order, params.id, command, `proposal:${agreed.id}`)
      },
    }),
  ]
}

async function mustBeOpen(tx: Parameters<typeof incidentById>[0], params: { order: string; id: string }) {
  const order = await mustFind(tx, params.order)
  const incident = await incidentById(tx, params.order, params.id)
  if (incident === null) throw notFound()
  if (incident.closedAt !== null)
    throw conflict('IncidentClosed', { fa: 'این رخداد بسته شده است', en: 'This incident is closed' })
  return order
}
