import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import { definitionOf, resolveVersion } from '../../db/definitions.ts'
import { listTemplates, saveTemplate, saveTiming, templateText, timingsOf } from '../../db/messages.ts'
import type { Definition, Notification, State } from '../../definitions/format.ts'
import { parseDuration } from '../../domain/duration.ts'
import { DomainError } from '../../domain/errors.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { Renderer } from '../../templates/renderer.ts'
import { channels } from '../catalogues.ts'
import { notFound, Problem } from '../problem.ts'
import { type Route, route } from '../route.ts'
import { byId, done, id, jsonObject, text } from '../schemas.ts'

const channel = z.enum(channels)
const locale = z.enum(['fa', 'en'])
const templateKey = z.string().regex(/^[\w.-]{1,100}$/)
const delay = z.string().max(30).refine(isDuration, 'not an ISO 8601 duration')
/** 64 kB, as the renderer takes them. */
const body = z
  .string()
  .min(1)
  .max(64 * 1024)
const subject = z
  .string()
  .max(300)
  .regex(/^[^\r\n]*$/)
  .nullable()
  .default(null)

/** What the company says to people, at which state and when (NO1, WF10): set by the administrator, without a change of the definition. */
export const notificationRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/definitions/:id/notifications',
    summary: 'Messages of the current version by state, with the administrator’s timing',
    auth: 'templates.read',
    input: { params: byId },
    output: z.object({
      version: z.int(),
      notifications: z.array(
        z.object({
          state: z.string(),
          stateLabel: text,
          template: z.string(),
          channels: z.array(z.string()),
          to: z.string(),
          delay: z.string().nullable(),
          enabled: z.boolean(),
          delaySet: z.string().nullable(),
        }),
      ),
    }),
    async handler({ params, inReach }) {
      return inReach(async (tx) => {
        const version = await resolveVersion(tx, params.id, {})
        if (version === null) throw notFound()
        const { text: stored } = await definitionOf(tx, params.id, version)
        const timings = await timingsOf(tx, params.id)
        const notifications = notificationsOf(JSON.parse(stored) as Definition).map((each) => {
          const timing = timings.find(({ state, template }) => state === each.state && template === each.template)
          return { ...each, enabled: timing?.enabled ?? true, delaySet: timing?.delay ?? null }
        })
        return { version, notifications }
      })
    },
  }),
  route({
    method: 'put',
    path: '/v1/definitions/:id/notifications',
    summary: 'Set whether a message of a state goes, and how long after',
    auth: 'templates.write',
    input: {
      params: byId,
      body: z.strictObject({
        state: id,
        template: templateKey,
        enabled: z.boolean(),
        delay: delay.nullable().default(null),
      }),
    },
    output: done,
    async handler({ deps, who, params, body: wish, now, ip }) {
      await deps.db.transaction(async (tx) => {
        if ((await resolveVersion(tx, params.id, {})) === null) throw notFound()
        await saveTiming(tx, { definitionId: params.id, ...wish })
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'notification.timing',
          entity: 'definition',
          entityId: params.id,
          detail: wish,
          ip,
        })
      })
      return { done: true as const }
    },
  }),
  route({
    method: 'get',
    path: '/v1/templates',
    summary: 'Names of all messages, and which texts the administrator has set',
    auth: 'templates.read',
    output: z.object({
      keys: z.array(z.string()),
      edited: z.array(z.object({ key: z.string(), channel: z.string(), locale: z.string(), version: z.int() })),
    }),
    async handler({ deps, inReach }) {
      const edited = await inReach(listTemplates)
      return { keys: [...new Set([...deps.files.keys(), ...edited.map(({ key }) => key)])].sort(), edited }
    },
  }),
  route({
    method: 'get',
    path: '/v1/templates/:key',
    summary: 'The texts of a message: as shipped and as set, for each channel and language',
    auth: 'templates.read',
    input: { params: z.strictObject({ key: templateKey }) },
    output: z.object({
      key: z.string(),
      texts: z.array(
        z.object({
          channel: z.string(),
          locale: z.string(),
          subject: z.string().nullable(),
          body: z.string(),
          edited: z.boolean(),
          version: z.int().nullable(),
        }),
      ),
    }),
    async handler({ deps, params, inReach }) {
      return inReach(async (tx) => {
        const texts: {
          channel: string
          locale: string
          subject: string | null
          body: string
          edited: boolean
          version: number | null
        }[] = []
        for (const each of channels) {
          for (const language of ['fa', 'en'] as const) {
            const own = await templateText(tx, params.key, each, language)
            const shipped = deps.files.find(params.key, each, language)
            const found = own ?? shipped
            if (found !== null)
              texts.push({
                channel: each,
                locale: language,
                subject: found.subject,
                body: found.body,
                edited: own !== null,
                version: own?.version ?? null,
              })
          }
        }
        if (texts.length === 0) throw notFound()
        return { key: params.key, texts }
      })
    },
  }),
  route({
    method: 'put',
    path: '/v1/templates/:key/:channel/:locale',
    summary: 'Set the text of a message; one that cannot be rendered is refused',
    auth: 'templates.write',
    input: { params: z.strictObject({ key: templateKey, channel, locale }), body: z.strictObject({ subject, body }) },
    output: z.object({ version: z.int() }),
    async handler({ deps, who, params, body: wish, now, ip }) {
      await preview(deps.renderer, { ...wish, locale: params.locale, data: {} })
      return deps.db.transaction(async (tx) => {
        const { version } = await saveTemplate(tx, { ...params, ...wish, updatedBy: who.id })
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'template.set',
          entity: 'template',
          entityId: params.key,
          detail: { channel: params.channel, locale: params.locale, version },
          ip,
        })
        return { version }
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/templates/preview',
    summary: 'Render a text with made-up data',
    auth: 'templates.write',
    idempotent: false,
    input: { body: z.strictObject({ channel, locale, subject, body, data: jsonObject.default({}) }) },
    output: z.object({ subject: z.string().nullable(), body: z.string() }),
    handler: async ({ deps, body: wish }) => preview(deps.renderer, { ...wish, data: wish.data as JsonObject }),
  }),
]

/** A text as it would go out. Throws Problem 422 with the place within the text when it is none that may be rendered. */
async function preview(
  renderer: Renderer,
  { locale, data, ...text }: { locale: 'fa' | 'en'; subject: string | null; body: string; data: JsonObject },
) {
  const rendered = (part: 'subject' | 'body', template: string) =>
    renderer.render({ text: template, data, locale }).catch((error: unknown) => {
      if (!(error instanceof DomainError) || error.code === 'RendererBusy') throw error
      const place = error.place === undefined ? `$.body.${part}` : `$.body.${part}: ${error.place}`
      throw new Problem(422, error.code, error.text, { errors: [{ place, ...error.text }] })
    })
  return {
    subject: text.subject === null ? null : await rendered('subject', text.subject),
    body: await rendered('body', text.body),
  }
}

/** All messages of a definition with the state that they belong to, in document order. */
function notificationsOf(definition: Definition) {
  const found: {
    state: string
    stateLabel: { fa: string; en: string }
    template: string
    channels: string[]
    to: string
    delay: string | null
  }[] = []
  const visit = (states: Record<string, State>, prefix: string) => {
    for (const [key, state] of Object.entries(states)) {
      const at = prefix === '' ? key : `${prefix}.${key}`
      const actions = [...(state.entry ?? []), ...(state.exit ?? [])].flatMap((action) =>
        action.type === 'notify' ? [action.notify] : [],
      )
      const slas = (state.sla ?? []).flatMap(({ steps }) => steps.flatMap(({ notify }) => notify ?? []))
      const all: Notification[] = [...(state.notify ?? []), ...actions, ...slas]
      for (const { template, channels: by, to, delay: after } of all)
        found.push({ state: at, stateLabel: state.label, template, channels: by, to, delay: after ?? null })
      visit(state.states ?? {}, at)
    }
  }
  visit(definition.states, '')
  return found
}

function isDuration(given: string): boolean {
  try {
    return !parseDuration(given).negative
  } catch {
    return false
  }
}
