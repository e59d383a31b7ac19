import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import { z } from 'zod'
import { cookieName } from './identity.ts'
import { permissions } from './permissions.ts'
import type { Route } from './route.ts'

/** The OpenAPI 3.1 document of a table of routes: made from what is mounted, so it cannot differ from it. */
export function openApiOf(routes: readonly Route[], publicUrl: string) {
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', 'cookie', {
    type: 'apiKey',
    in: 'cookie',
    name: cookieName({ publicUrl }),
  })
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
  for (const route of routes) registry.registerPath(pathOf(route))
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Samfony',
      version: '1',
      description:
        'Every POST that does not say otherwise asks for an `Idempotency-Key`: the same key with the same body gives the same answer. Errors are application/problem+json with texts in Persian and English.',
    },
    servers: [{ url: publicUrl }],
  })
}

type RouteConfig = Parameters<OpenAPIRegistry['registerPath']>[0]

function pathOf(route: Route): RouteConfig {
  const { params, query, body } = route.input
  const key = route.idempotent ? { headers: z.object({ 'Idempotency-Key': z.string().min(8).max(200) }) } : {}
  const mediaType = {
    json: 'application/json',
    bytes: 'application/octet-stream',
    form: 'application/x-www-form-urlencoded',
  }[route.accepts.kind]
  const withBody = route.method !== 'get' && !isEmpty(body)
  return {
    method: route.method,
    path: route.path.replace(/:(\w+)/g, '{$1}'),
    operationId: operationId(route),
    summary: route.summary,
    tags: [tagOf(route.path)],
    ...(route.auth === 'public'
      ? { security: [] }
      : {
          security: [{ cookie: [] }, { bearer: [] }],
          description:
            route.auth === 'self' ? 'Open to whoever signed in.' : `Roles: ${permissions[route.auth].join(', ')}.`,
        }),
    request: {
      ...(isEmpty(params) ? {} : { params }),
      ...(isEmpty(query) ? {} : { query }),
      ...key,
      ...(withBody ? { body: { required: true, content: { [mediaType]: { schema: body } } } } : {}),
    },
    responses: {
      [route.status]: success(route),
      default: { description: 'A problem', content: { 'application/problem+json': { schema: problem } } },
    },
  }
}

function success({ output }: Route) {
  if (output instanceof z.ZodType) return { description: 'Done', content: { 'application/json': { schema: output } } }
  return { description: 'Done', content: { [output.raw]: { schema: { type: 'string' as const } } } }
}

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.object({ fa: z.string(), en: z.string() }),
  errors: z.array(z.object({ place: z.string(), fa: z.string(), en: z.string() })),
  requestId: z.string(),
})

const isEmpty = (schema: z.ZodType) =>
  schema instanceof z.ZodObject && Object.keys(schema.shape).length === 0 && schema.def.catchall instanceof z.ZodNever

const tagOf = (path: string) => path.replace(/^\/v1/, '').split('/')[1] ?? 'system'

function operationId({ method, path }: Route): string {
  const words = path
    .replace(/^\/v1/, '')
    .split('/')
    .filter(Boolean)
    .map((part) => part.replace(/^:/, 'by-'))
  return [method, ...words].join('-').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
