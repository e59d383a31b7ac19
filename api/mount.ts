import express, { type Application, type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { z } from 'zod'
import { withActor } from '../db/scope.ts'
import type { Json } from '../domain/json.ts'
import type { Deps } from './deps.ts'
import { refusePoison } from './door.ts'
import { idempotencyKeyOf, once, repeatableId } from './idempotency.ts'
import { type Credential, refuseCrossOrigin, whoAsks } from './identity.ts'
import { mayCall } from './permissions.ts'
import { badInputOf, forbidden, Problem, requestIdOf } from './problem.ts'
import type { RateLimits } from './rate-limits.ts'
import { type Context, Reply, type Route } from './route.ts'

/** What the door learned about a request, for those who come after it. */
export const credentials = new WeakMap<Request, Credential>()

/**
 * Puts the table of routes into an application, in this order for each: who asks, may he, how often, read the body, refuse
 * poison, parse, run once, shape the answer. Paths that exist answer 405 to other methods.
 */
export function mountRoutes(app: Application, routes: readonly Route[], deps: Deps, limits: RateLimits): void {
  for (const route of routes) {
    app[route.method](
      route.path,
      (req, res, next) => admit(route, deps, limits, req, res).then(() => next(), next),
      parserOf(route),
      (req, res) => serve(route, deps, req, res),
    )
  }
  const paths = new Set(routes.map(({ path }) => path))
  for (const path of paths) app.all(path, refuseMethod(routes.filter((route) => route.path === path)))
}

/** Who made a request that was admitted; null on a public route. */
const people = new WeakMap<Request, Context['who']>()

async function admit(route: Route, deps: Deps, limits: RateLimits, req: Request, res: Response): Promise<void> {
  if (route.auth === 'public') return
  const found = await whoAsks(deps.db, deps.config, req, deps.clock())
  if (found === null) throw unauthorized()
  if (found.credential.by === 'cookie' && route.method !== 'get') refuseCrossOrigin(req, deps.config)
  await limits.perUser(found.person.id, res)
  const held = found.person.assignments.map(({ role }) => role)
  if (!mayCall(route.auth, held)) throw forbidden()
  people.set(req, found.person)
  credentials.set(req, found.credential)
}

function parserOf({ accepts }: Route): RequestHandler {
  const limit = accepts.limitBytes
  switch (accepts.kind) {
    case 'json':
      return express.json({ limit, strict: true })
    case 'bytes':
      return express.raw({ limit, type: () => true })
    case 'form':
      return express.urlencoded({ limit, extended: false, parameterLimit: 100 })
    default:
      return accepts.kind satisfies never
  }
}

async function serve(route: Route, deps: Deps, req: Request, res: Response): Promise<void> {
  if (route.accepts.kind !== 'bytes') refusePoison(req.body)
  refusePoison(req.params, '$.path')
  refusePoison(req.query, '$.query')
  const params = parsed(route.input.params, req.params, '$.path')
  const query = parsed(route.input.query, req.query, '$.query')
  const body = parsed(route.input.body, req.body ?? {}, '$.body')

  const who = people.get(req) ?? null
  const key = route.idempotent ? idempotencyKeyOf(req.get('Idempotency-Key')) : ''
  const actor = who?.id ?? ''
  const context: Context = {
    deps,
    // A public route's handler is typed with `who: null`.
    who: who as Context['who'],
    params,
    query,
    body,
    key,
    newId: (prefix) => repeatableId(prefix, actor, `${route.method} ${route.path}\n${key}`),
    now: deps.clock(),
    requestId: requestIdOf(res),
    ip: req.ip ?? '',
    log: req.log,
    req,
    res,
    inReach: (fn) => {
      if (who === null) throw new Error('a public route has no reach')
      return withActor(deps.db, who, fn)
    },
  }
  if (!(route.output instanceof z.ZodType)) {
    await route.handler(context)
    return
  }
  const { output } = route
  const work = async () => {
    const answer = await route.handler(context)
    const reply = answer instanceof Reply ? answer : new Reply(route.status, answer)
    for (const [name, value] of Object.entries(reply.headers)) res.setHeader(name, value)
    // What is not in the schema is not told; an answer that does not fit is a fault of ours.
    return { status: reply.status, body: output.parse(reply.body) as Json }
  }
  if (!route.idempotent) {
    send(res, await work())
    return
  }
  const address = `${route.method} ${req.path}`
  const answer = await once(deps.db, { actor, key, route: address, body: req.body ?? null }, work)
  if (!answer.repeated) {
    send(res, answer)
    return
  }
  res.setHeader('Idempotent-Replayed', 'true')
  // jsonb forgets the order of keys; the schema brings the same words back.
  send(res, { status: answer.status, body: output.parse(answer.body) as Json })
}

function send(res: Response, { status, body }: { status: number; body: Json }): void {
  res.setHeader('Cache-Control', 'no-store')
  if (status === 204) res.status(204).end()
  else res.status(status).json(body)
}

function parsed(schema: z.ZodType, value: unknown, where: string): unknown {
  const result = schema.safeParse(value)
  if (!result.success) throw badInputOf(result.error, where)
  return result.data
}

function refuseMethod(routes: readonly Route[]): RequestHandler {
  const allowed = [...new Set(routes.map(({ method }) => method.toUpperCase()))].join(', ')
  return (_req: Request, res: Response, _next: NextFunction) => {
    res.setHeader('Allow', allowed)
    throw new Problem(405, 'MethodNotAllowed', {
      fa: 'این نشانی چنین روشی ندارد',
      en: `This address takes ${allowed}`,
    })
  }
}

export const unauthorized = () => new Problem(401, 'Unauthorized', { fa: 'نخست وارد شوید', en: 'Sign in first' })
