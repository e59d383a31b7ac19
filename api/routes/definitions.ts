import { createHash } from 'node:crypto'
import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import {
  earlierVersions,
  listDefinitions,
  pin,
  pointAt,
  publish,
  reinstate,
  resolveVersion,
  retire,
  saveDraft,
} from '../../db/definitions.ts'
import { pinsOf } from '../../db/pins.ts'
import { canonicalText } from '../../definitions/canonical.ts'
import { check, parseDefinition } from '../../definitions/check/index.ts'
import { readJson } from '../../definitions/check/read.ts'
import { compile } from '../../definitions/compile.ts'
import type { Definition, DefinitionTest } from '../../definitions/format.ts'
import { runTests } from '../../definitions/own-tests/run.ts'
import { simulate } from '../../definitions/simulate.ts'
import type { Json } from '../../domain/json.ts'
import { acknowledgement, standingWarnings } from '../acknowledgement.ts'
import { cataloguesOf } from '../catalogues.ts'
import { stateLabels } from '../definition-store.ts'
import type { Deps } from '../deps.ts'
import { mustFindVersion } from '../found-definition.ts'
import { mapReports, refuseBadMaps } from '../map-report.ts'
import { conflict, notFound, Problem } from '../problem.ts'
import { Reply, type Route, route } from '../route.ts'
import { byId, done, id, instant, json, jsonObject, text } from '../schemas.ts'

const row = z.object({
  id: z.string(),
  version: z.int(),
  hash: z.string(),
  status: z.enum(['draft', 'published', 'retired']),
  kind: z.string(),
  labelFa: z.string(),
  labelEn: z.string(),
  createdBy: z.string().nullable(),
  createdAt: instant,
  publishedBy: z.string().nullable(),
  publishedAt: instant.nullable(),
  /** Warnings that stood at publication, with reasons. */
  acknowledged: json,
  current: z.boolean(),
})

export const finding = z.object({
  rule: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  path: z.string(),
  message: text,
  line: z.int().optional(),
  column: z.int().optional(),
  counterExample: json.optional(),
  witness: z.string().optional(),
  /** Of a warning that the text itself acknowledges. */
  acknowledged: text.optional(),
})

const covered = z.object({ total: z.int(), covered: z.int(), missed: z.array(z.string()) })

/** The definition's own tests, and what they touch of it. */
const testRun = z.object({
  results: z.array(
    z.object({
      name: z.string(),
      passed: z.boolean(),
      failures: z.array(z.object({ path: z.string(), message: text })),
    }),
  ),
  coverage: z.object({ states: covered, candidates: covered, outcomes: covered }),
})

/** 512 KB; as JSON text inside JSON it may take twice that. */
const definitionText = z
  .string()
  .min(2)
  .max(512 * 1024)
const accepts = { kind: 'json', limitBytes: 1_200 * 1024 } as const
export const version = z.coerce.number().int().min(1).max(1_000_000)
export const oneVersion = z.strictObject({ id, version })

const pinPlace = {
  partnerId: id.optional(),
  centreId: id.optional(),
  cityId: id.optional(),
}

/** Process definitions: check, keep, publish by a second person, pin to a place (WF1, WF6, WF18, WF19). */
export const definitionRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/definitions',
    summary: 'All definitions with their versions',
    auth: 'definitions.read',
    output: z.object({ definitions: z.array(row) }),
    handler: async ({ inReach }) => ({ definitions: await inReach((tx) => listDefinitions(tx)) }),
  }),
  route({
    method: 'get',
    path: '/v1/definition-catalogues',
    summary: 'What a definition may lean on: calls, roles, calendars, facts, messages and processes',
    auth: 'definitions.review',
    output: z.object({ catalogues: json }),
    handler: async ({ deps }) => ({ catalogues: await cataloguesOf(deps.db, deps.files) }),
  }),
  route({
    method: 'post',
    path: '/v1/definitions/check',
    summary: 'Check a text; nothing is stored',
    auth: 'definitions.write',
    idempotent: false,
    accepts,
    input: { body: z.strictObject({ text: definitionText }) },
    output: z.object({ findings: z.array(finding) }),
    handler: async ({ deps, body }) => ({ findings: check(body.text, await cataloguesFor(deps, idIn(body.text))) }),
  }),
  route({
    method: 'post',
    path: '/v1/definitions/tests',
    summary:
      'Run the tests of a text: each result, and which states, candidates and outcomes they reach; nothing is stored',
    auth: 'definitions.write',
    idempotent: false,
    accepts,
    input: { body: z.strictObject({ text: definitionText }) },
    output: testRun,
    async handler({ deps, body }) {
      const definition = parseDefinition(body.text)
      return runTests(definition, compile(definition, await cataloguesOf(deps.db, deps.files), ''))
    },
  }),
  route({
    method: 'post',
    path: '/v1/definitions/simulate',
    summary: 'Run a text on made-up events without touching the world (WF19)',
    auth: 'definitions.write',
    idempotent: false,
    accepts,
    input: {
      body: z.strictObject({
        text: definitionText,
        given: z.strictObject({ context: jsonObject.optional(), facts: jsonObject.optional() }).default({}),
        steps: z.array(jsonObject).max(200),
        startsAt: z.iso.datetime({ offset: true }).optional(),
      }),
    },
    output: z.object({ steps: json }),
    async handler({ deps, body, now }) {
      const catalogues = await cataloguesOf(deps.db, deps.files)
      refuseErrors(body.text, catalogues)
      const graph = compile(parseDefinition(body.text), catalogues, '')
      // The steps have the grammar of a definition's own tests; the simulator says of an unknown one that nothing happened.
      const test = { name: 'api', given: body.given, steps: body.steps } as unknown as DefinitionTest
      return { steps: simulate(graph, test, body.startsAt === undefined ? now.getTime() : Date.parse(body.startsAt)) }
    },
  }),
  route({
    method: 'post',
    path: '/v1/definitions',
    summary: 'Keep a draft that passed the check; a text with an error is not stored',
    auth: 'definitions.write',
    accepts,
    input: { body: z.strictObject({ text: definitionText, layout: json.optional() }) },
    output: z.object({
      id: z.string(),
      version: z.int(),
      hash: z.string(),
      findings: z.array(finding),
      tests: testRun,
    }),
    status: 201,
    async handler({ deps, who, body, now, ip }) {
      const catalogues = await cataloguesFor(deps, idIn(body.text))
      const findings = refuseErrors(body.text, catalogues)
      const definition = parseDefinition(body.text)
      const hash = hashOf(definition)
      const kept = await deps.db.transaction(async (tx) => {
        const stored = await saveDraft(tx, {
          id: definition.id,
          hash,
          text: body.text,
          kind: definition.subject,
          label: definition.label,
          by: who.id,
          ...(body.layout !== undefined && { layout: body.layout as Json }),
        })
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'definition.draft',
          entity: 'definition',
          entityId: definition.id,
          detail: { version: stored, hash },
          ip,
        })
        return stored
      })
      return new Reply(
        201,
        {
          id: definition.id,
          version: kept,
          hash,
          findings,
          tests: runTests(definition, compile(definition, catalogues, '')),
        },
        { Location: `/v1/definitions/${definition.id}/versions/${kept}` },
      )
    },
  }),
  route({
    method: 'get',
    path: '/v1/definitions/:id',
    summary: 'One definition: versions, pins, and the version that new orders run by',
    auth: 'definitions.read',
    input: { params: byId },
    output: z.object({
      id: z.string(),
      currentVersion: z.int().nullable(),
      versions: z.array(row),
      pins: z.array(
        z.object({
          version: z.int(),
          partnerId: z.string().nullable(),
          centreId: z.string().nullable(),
          cityId: z.string().nullable(),
        }),
      ),
    }),
    async handler({ deps, params }) {
      const versions = await listDefinitions(deps.db, params.id)
      if (versions.length === 0) throw notFound()
      return {
        id: params.id,
        currentVersion: await resolveVersion(deps.db, params.id, {}),
        versions,
        pins: await pinsOf(deps.db, params.id),
      }
    },
  }),
  route({
    method: 'get',
    path: '/v1/definitions/:id/versions/:version',
    summary: 'One version: its text, its compiled graph, its layout and its states',
    auth: 'definitions.read',
    input: { params: oneVersion },
    output: row.omit({ current: true }).extend({
      text: z.string(),
      graph: json,
      layout: json,
      states: z.array(
        z.object({
          id: z.string(),
          label: text,
          stage: z.string().nullable(),
          kind: z.string(),
          parent: z.string().nullable(),
          owner: z.string().nullable(),
        }),
      ),
    }),
    async handler({ params, inReach }) {
      const stored = await inReach((tx) => mustFindVersion(tx, params.id, params.version))
      return { ...stored, states: [...stateLabels(JSON.parse(stored.text) as Definition).values()] }
    },
  }),
  route({
    method: 'post',
    path: '/v1/definitions/:id/versions/:version/publish',
    summary: 'Publish a draft that a second person approved; no author may, and from then on it never changes',
    auth: 'definitions.publish',
    input: {
      params: oneVersion,
      body: z.strictObject({
        hash: z.string().length(64),
        makeCurrent: z.boolean().default(true),
        /** Warnings that may stand, each with its reason; `path` is the place of the warning or one that holds it. */
        acknowledged: z.array(acknowledgement).max(200).default([]),
      }),
    },
    output: z.object({ id: z.string(), version: z.int(), current: z.boolean(), tests: testRun }),
    async handler({ deps, who, params, body, now, ip }) {
      const stored = await mustFindVersion(deps.db, params.id, params.version)
      if (stored.status === 'retired')
        throw conflict('Retired', { fa: 'این نسخه کنار گذاشته شده است', en: 'This version is retired' })
      const catalogues = await cataloguesFor(deps, params.id, params.version)
      const standing = standingWarnings(refuseErrors(stored.text, catalogues), body.acknowledged, who.id)
      const written = parseDefinition(stored.text)
      if (hashOf(written) !== stored.hash)
        throw new Error(`the text of ${params.id}@${params.version} is not what was signed`)
      const definition = { ...written, version: stored.version }
      const compiled = compile(definition, catalogues, stored.hash)
      if (stored.status === 'draft') refuseBadMaps(await mapReports(deps.db, definition, compiled))
      const graph = compiled as unknown as Json
      const at = now.toISOString()
      await deps.db.transaction(async (tx) => {
        await publish(tx, {
          ...params,
          hash: body.hash,
          graph,
          acknowledged: standing,
          by: who.id,
          at,
          makeCurrent: body.makeCurrent,
        })
        await audit(tx, {
          at,
          actor: who.id,
          action: 'definition.publish',
          entity: 'definition',
          entityId: params.id,
          detail: { version: params.version, hash: body.hash, current: body.makeCurrent, acknowledged: standing },
          ip,
        })
      })
      return { ...params, current: body.makeCurrent, tests: runTests(definition, compile(definition, catalogues, '')) }
    },
  }),
  route({
    method: 'put',
    path: '/v1/definitions/:id/current',
    summary: 'Say which published version new orders run by',
    auth: 'definitions.publish',
    input: { params: byId, body: z.strictObject({ version: z.int().min(1) }) },
    output: done,
    async handler({ deps, who, params, body, now, ip }) {
      await deps.db.transaction(async (tx) => {
        await mustFindVersion(tx, params.id, body.version)
        await pointAt(tx, params.id, body.version)
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'definition.current',
          entity: 'definition',
          entityId: params.id,
          detail: { version: body.version },
          ip,
        })
      })
      return { done: true as const }
    },
  }),
  changeOfUse(
    'retire',
    'Take a version out of use that is neither current, pinned nor rolled out; orders that run by it go on',
    retire,
  ),
  changeOfUse('reinstate', 'Bring a retired version back', reinstate),
  route({
    method: 'put',
    path: '/v1/definitions/:id/pins',
    summary: 'Set the version for one partner and those below, one centre or one city; null takes the pin away',
    auth: 'definitions.pin',
    input: {
      params: byId,
      body: z
        .strictObject({ ...pinPlace, version: z.int().min(1).nullable() })
        .refine(
          ({ partnerId, centreId, cityId }) => [partnerId, centreId, cityId].filter(Boolean).length === 1,
          'exactly one place',
        ),
    },
    output: done,
    async handler({ deps, who, params, body, now, ip }) {
      const { version: wanted, ...place } = body
      const given = {
        ...(place.partnerId !== undefined && { partnerId: place.partnerId }),
        ...(place.centreId !== undefined && { centreId: place.centreId }),
        ...(place.cityId !== undefined && { cityId: place.cityId }),
      }
      await deps.db.transaction(async (tx) => {
        if (wanted !== null) await mustFindVersion(tx, params.id, wanted)
        await pin(tx, params.id, given, wanted)
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'definition.pin',
          entity: 'definition',
          entityId: params.id,
          detail: { ...given, version: wanted },
          ip,
        })
      })
      return { done: true as const }
    },
  }),
]

/** Out of use and back: the one differs from the other in its word and in its write. */
function changeOfUse(word: 'retire' | 'reinstate', summary: string, change: typeof retire): Route {
  return route({
    method: 'post',
    path: `/v1/definitions/:id/versions/:version/${word}`,
    summary,
    auth: 'definitions.publish',
    input: { params: oneVersion },
    output: done,
    async handler({ deps, who, params, now, ip }) {
      await deps.db.transaction(async (tx) => {
        await mustFindVersion(tx, params.id, params.version)
        await change(tx, params.id, params.version)
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: `definition.${word}`,
          entity: 'definition',
          entityId: params.id,
          detail: { version: params.version },
          ip,
        })
      })
      return { done: true as const }
    },
  })
}

/** The catalogues, with the published versions of one definition and the orders that stand in them. */
async function cataloguesFor({ db, files }: Deps, definitionId: string | undefined, version?: number) {
  const catalogues = await cataloguesOf(db, files)
  if (definitionId === undefined) return catalogues
  const earlier = await earlierVersions(db, definitionId, version ?? null)
  return {
    ...catalogues,
    earlier: earlier.map(({ text, ...one }) => ({ ...one, definition: JSON.parse(text) as Definition })),
  }
}

/** The id that a text says, without believing anything else of it. */
function idIn(definition: string): string | undefined {
  const reading = readJson(definition)
  if (!reading.ok || reading.value === null || typeof reading.value !== 'object' || Array.isArray(reading.value))
    return undefined
  const { id: said } = reading.value
  return typeof said === 'string' ? said : undefined
}

/** Warnings of a text. Throws Problem 422 `BadDefinition` with all findings when one of them is an error. */
function refuseErrors(definition: string, catalogues: Parameters<typeof check>[1]) {
  const findings = check(definition, catalogues)
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return findings
  throw new Problem(
    422,
    'BadDefinition',
    { fa: 'تعریف خطا دارد و ذخیره نشد', en: 'The definition has errors and was not stored' },
    {
      errors: errors.slice(0, 50).map(({ path, message }) => ({ place: path, ...message })),
      more: { findings: JSON.parse(JSON.stringify(findings.slice(0, 200))) as Json },
    },
  )
}

/** sha256 of the canonical text: the same whatever the spacing and the order of keys. */
function hashOf(definition: Definition): string {
  return createHash('sha256')
    .update(canonicalText(definition as unknown as Json))
    .digest('hex')
}
