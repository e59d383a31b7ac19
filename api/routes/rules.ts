import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import type { Queryable } from '../../db/client.ts'
import { reachesPartner } from '../../db/partner-reach.ts'
import {
  listDimensions,
  listRuleSets,
  publishRules,
  type RuleSetRow,
  ruleLimitsOf,
  ruleSetOf,
  saveDimension,
  saveRuleDraft,
  saveRuleLimits,
} from '../../db/rule-sets.ts'
import type { Json } from '../../domain/json.ts'
import { conflict, forbidden, notFound } from '../problem.ts'
import { Reply, type Route, route } from '../route.ts'
import { byId, id, instant, instantInput, json, jsonObject, rial, textInput } from '../schemas.ts'

const headShape = z.object({
  id: z.string(),
  version: z.int(),
  partnerId: z.string().nullable(),
  status: z.string(),
  note: z.string(),
  createdBy: z.string(),
  createdAt: instant,
  publishedBy: z.string().nullable(),
  publishedAt: instant.nullable(),
})
const finding = z.object({
  kind: z.string(),
  rule: z.string(),
  other: z.string().nullable(),
  fa: z.string(),
  en: z.string(),
})
const oneVersion = z.strictObject({ id, version: z.coerce.number().int().min(1).max(1_000_000) })
const end = z.object({ at: instant, id: z.string() })

/** Rules of prices: what is asked, drafts, findings, publishing, and what they would have made of past sales (BR1–BR10). */
export const ruleRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/rule-sets',
    summary: 'Versions of rule sets in reach, newest first',
    auth: 'rules.read',
    output: z.object({ ruleSets: z.array(headShape) }),
    handler: async ({ inReach }) => ({ ruleSets: await inReach((tx) => listRuleSets(tx)) }),
  }),
  route({
    method: 'get',
    path: '/v1/rule-sets/:id/versions/:version',
    summary: 'One version of a rule set with its rules',
    auth: 'rules.read',
    input: { params: oneVersion },
    output: headShape.extend({ rules: z.array(json) }),
    handler: async ({ params, inReach }) => inReach((tx) => mustFind(tx, params)),
  }),
  route({
    method: 'post',
    path: '/v1/rule-sets/:id/versions',
    summary:
      'Keep rules as the draft of a set; the answer tells what is hardly meant so. A partner’s own set names him',
    auth: 'rules.write',
    input: {
      params: byId,
      body: z.strictObject({
        rules: z.array(jsonObject).max(1000),
        partnerId: id.nullable().default(null),
        note: z.string().max(500).default(''),
      }),
    },
    output: z.object({ version: z.int(), findings: z.array(finding) }),
    status: 201,
    async handler({ deps, who, params, body, now, ip, inReach }) {
      const { partnerId, note } = body
      const rules = body.rules as Json[]
      await inReach((tx) => mustOwn(tx, who, partnerId))
      return deps.db.transaction(async (tx) => {
        const own = partnerId === null ? null : { partnerId, limits: await ruleLimitsOf(tx, partnerId) }
        const findings = await deps.pricing.examine(tx, rules, own, now.getTime())
        const at = now.toISOString()
        const version = await saveRuleDraft(tx, { id: params.id, partnerId, rules, note, by: who.id, at })
        await audit(tx, {
          at,
          actor: who.id,
          action: 'rules.draft',
          entity: 'rule-set',
          entityId: params.id,
          detail: { version, rules: rules.length },
          ip,
        })
        return new Reply(201, { version, findings }, { Location: `/v1/rule-sets/${params.id}/versions/${version}` })
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/rule-sets/:id/versions/:version/publish',
    summary: 'Let a draft count from now on; rules that never match, and those beyond a partner’s limits, are refused',
    auth: 'rules.write',
    input: { params: oneVersion },
    output: headShape,
    async handler({ deps, who, params, now, ip, inReach }) {
      await inReach(async (tx) => mustOwn(tx, who, (await mustFind(tx, params)).partnerId))
      return deps.db.transaction(async (tx) => {
        const { partnerId, rules } = await mustFind(tx, params)
        const own = partnerId === null ? null : { partnerId, limits: await ruleLimitsOf(tx, partnerId) }
        const never = (await deps.pricing.examine(tx, rules, own, now.getTime())).find(({ kind }) => kind === 'never')
        if (never !== undefined)
          throw conflict('NeverMatches', { fa: `«${never.rule}»: ${never.fa}`, en: `${never.rule}: ${never.en}` })
        const at = now.toISOString()
        await publishRules(tx, { ...params, by: who.id, at })
        await audit(tx, {
          at,
          actor: who.id,
          action: 'rules.publish',
          entity: 'rule-set',
          entityId: params.id,
          detail: { version: params.version },
          ip,
        })
        return mustFind(tx, params)
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/rule-sets/:id/versions/:version/what-if',
    summary:
      'What past sales of a time would have come to under this version, to the Rial; writes nothing, 500 sales a call',
    auth: 'rules.whatIf',
    idempotent: false,
    input: {
      params: oneVersion,
      body: z.strictObject({ from: instantInput, to: instantInput, after: end.optional() }),
    },
    output: z.object({
      sales: z.int(),
      beforeRial: rial,
      afterRial: rial,
      rejected: z.int(),
      changed: z.array(
        z.object({ invoiceId: z.string(), beforeRial: rial, afterRial: rial, rejections: z.array(z.string()) }),
      ),
      next: end.nullable(),
    }),
    async handler({ deps, params, body, inReach }) {
      const row = await inReach((tx) => mustFind(tx, params))
      const { after, ...times } = body
      return deps.pricing.whatIf(deps.db, row, after === undefined ? times : { ...times, after })
    },
  }),
  route({
    method: 'get',
    path: '/v1/rule-dimensions',
    summary: 'What rules may ask about: the company’s own dimensions beside the built-in ones',
    auth: 'rules.read',
    output: z.object({
      dimensions: z.array(
        z.object({ id: z.string(), path: z.string(), type: z.string(), labelFa: z.string(), labelEn: z.string() }),
      ),
    }),
    handler: async ({ inReach }) => ({ dimensions: await inReach(listDimensions) }),
  }),
  route({
    method: 'put',
    path: '/v1/rule-dimensions/:id',
    summary: 'Add a dimension: a name for a path of the facts, as `customer.attributes.tier` or `order.data.referrer`',
    auth: 'rules.dimensions',
    input: {
      params: z.strictObject({ id: z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/) }),
      body: z.strictObject({
        path: z
          .string()
          .regex(/^(customer\.attributes|order\.data|product\.characteristics|place|agent)(\.\w{1,60}){1,5}$/),
        type: z.enum(['text', 'number', 'list']),
        label: textInput,
      }),
    },
    output: z.object({ id: z.string() }),
    async handler({ deps, who, params, body, now, ip }) {
      const { label, path, type } = body
      await deps.db.transaction(async (tx) => {
        await saveDimension(tx, { id: params.id, path, type, labelFa: label.fa, labelEn: label.en })
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'dimension.save',
          entity: 'rule-dimension',
          entityId: params.id,
          detail: { path, type },
          ip,
        })
      })
      return { id: params.id }
    },
  }),
  route({
    method: 'put',
    path: '/v1/partners/:id/rule-limits',
    summary: 'Set how far a partner’s own rules may go, in hundredths of a percent; never further than those above him',
    auth: 'rules.limits',
    input: {
      params: byId,
      body: z.strictObject({
        effects: z.array(z.enum(['discount', 'addOn', 'commission', 'reject', 'terminal', 'upgrade'])).max(6),
        maxDiscountBp: z.int().min(0).max(10_000),
        maxCommissionBp: z.int().min(0).max(10_000),
      }),
    },
    output: z.object({ partnerId: z.string() }),
    async handler({ deps, who, params, body, now, ip }) {
      await deps.db.transaction(async (tx) => {
        await saveRuleLimits(tx, { partnerId: params.id, ...body })
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'rules.limits',
          entity: 'partner',
          entityId: params.id,
          detail: body,
          ip,
        })
      })
      return { partnerId: params.id }
    },
  }),
]

async function mustFind(tx: Queryable, params: { id: string; version: number }): Promise<RuleSetRow> {
  const row = await ruleSetOf(tx, params.id, params.version)
  if (row === null) throw notFound()
  return row
}

/** The company's rules are written by those who reach everything, a partner's by those who reach him. */
async function mustOwn(
  tx: Queryable,
  who: { assignments: { role: string; reach: string }[] },
  partnerId: string | null,
): Promise<void> {
  const office = who.assignments.some(({ role, reach }) => reach === 'all' && role !== 'reseller')
  if (!(partnerId === null ? office : await reachesPartner(tx, partnerId))) throw forbidden()
}
