import { z } from 'zod'
import { apiKeysOf, createApiKey, revokeApiKey } from '../../db/api-keys.ts'
import { audit } from '../../db/audit.ts'
import { keyHash, newApiKey } from '../identity.ts'
import { credentials } from '../mount.ts'
import { forbidden, notFound } from '../problem.ts'
import { type Route, route } from '../route.ts'
import { done, instant, name } from '../schemas.ts'

const key = z.object({
  prefix: z.string(),
  label: z.string(),
  createdAt: instant,
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
})

/** Keys for programs that act for their owner, with his rights. */
export const apiKeyRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/api-keys',
    summary: 'The caller’s API keys',
    auth: 'self',
    output: z.object({ keys: z.array(key) }),
    handler: async ({ deps, who }) => ({ keys: await apiKeysOf(deps.db, who.id) }),
  }),
  route({
    method: 'post',
    path: '/v1/api-keys',
    summary: 'Make an API key; it is shown this once',
    auth: 'self',
    // The answer holds the key, which is kept nowhere: a repeat makes another one.
    idempotent: false,
    input: { body: z.strictObject({ label: name, days: z.int().min(1).max(730).default(365) }) },
    output: z.object({ key: z.string(), prefix: z.string(), expiresAt: instant }),
    status: 201,
    async handler({ deps, who, body, now, ip, req }) {
      if (credentials.get(req)?.by === 'key')
        throw forbidden({ fa: 'با کلید نمی‌توان کلید ساخت', en: 'A key cannot make keys' })
      const made = newApiKey()
      const prefix = made.slice(0, 11)
      const expiresAt = new Date(now.getTime() + body.days * 86_400_000).toISOString()
      await deps.db.transaction(async (tx) => {
        await createApiKey(tx, {
          hash: keyHash(made),
          prefix,
          userId: who.id,
          label: body.label,
          createdAt: now.toISOString(),
          expiresAt,
        })
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'apiKey.create',
          entity: 'user',
          entityId: who.id,
          detail: { prefix },
          ip,
        })
      })
      return { key: made, prefix, expiresAt }
    },
  }),
  route({
    method: 'delete',
    path: '/v1/api-keys/:prefix',
    summary: 'Revoke an API key',
    auth: 'self',
    input: { params: z.strictObject({ prefix: z.string().regex(/^sk_[\w-]{8}$/) }) },
    output: done,
    async handler({ deps, who, params, now, ip }) {
      await deps.db.transaction(async (tx) => {
        if (!(await revokeApiKey(tx, who.id, params.prefix, now.toISOString()))) throw notFound()
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'apiKey.revoke',
          entity: 'user',
          entityId: who.id,
          detail: { prefix: params.prefix },
          ip,
        })
      })
      return { done: true as const }
    },
  }),
]
