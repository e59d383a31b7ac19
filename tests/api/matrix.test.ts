import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mayCall, permissions } from '../../api/permissions.ts'
import type { Route } from '../../api/route.ts'
import { roles } from '../../definitions/catalogue/roles.ts'
import { type ApiWorld, startApiWorld } from './api-world.ts'

/** Users of the demonstration company by a role that each holds. */
const holders: Record<string, string> = {
  ...Object.fromEntries(Object.keys(roles).map((role) => [role, role])),
  reseller: 'arya',
  customer: 'maryam',
}

const addressOf = (route: Route) => route.path.replace(/:assignment|:version/g, '1').replace(/:\w+/g, 'nothing-here')

describe('the table of routes', () => {
  let world: ApiWorld
  const tokens = new Map<string, string>()
  beforeAll(async () => {
    world = await startApiWorld()
    for (const [role, user] of Object.entries(holders)) tokens.set(role, await world.login(user))
  })
  afterAll(() => world.close())

  test('no route is without a rule, and none is there twice', () => {
    const names = world.routes.map(({ method, path }) => `${method} ${path}`)

    for (const { auth } of world.routes) expect(auth === 'public' || Object.hasOwn(permissions, auth)).toBe(true)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((_, i) => world.routes[i]?.auth === 'public').sort()).toEqual([
      'get /health',
      'get /ready',
      'get /v1/callbacks/:gateway/:pathToken',
      'post /v1/callbacks/:gateway/:pathToken',
      'post /v1/session',
      'post /v1/session/code',
    ])
  })

  test('every route that is not public is 401 without a proof of who asks', async () => {
    for (const route of world.routes.filter(({ auth }) => auth !== 'public')) {
      const { status } = await world.call(route.method.toUpperCase(), addressOf(route))
      expect([route.path, status]).toEqual([route.path, 401])
    }
  })

  test('every role gets 403 from every route that the table does not open to it, and never where it does (A5)', async () => {
    for (const route of world.routes) {
      // A stream would stay open, and a log-out would end the session that the rest needs.
      const { auth } = route
      if (auth === 'public' || route.path === '/v1/events' || route.path === '/v1/session') continue
      await Promise.all(
        Object.keys(holders).map(async (role) => {
          const { status, text } = await world.call(route.method.toUpperCase(), addressOf(route), {
            token: tokens.get(role),
          })
          const case_ = `${route.method} ${route.path} as ${role}`
          if (mayCall(auth, [role]))
            expect([case_, status, text.slice(0, 200)]).not.toEqual([case_, 403, text.slice(0, 200)])
          else expect([case_, status]).toEqual([case_, 403])
        }),
      )
    }
  }, 180_000)

  test('the OpenAPI document covers every route, and names its body, answer and problems', async () => {
    const { status, body } = await world.call('GET', '/openapi.json')

    expect(status).toBe(200)
    expect(body['openapi']).toBe('3.1.0')
    for (const { method, path, summary, idempotent } of world.routes) {
      const operation = body['paths'][path.replace(/:(\w+)/g, '{$1}')]?.[method]
      expect([path, operation?.['summary']]).toEqual([path, summary])
      expect(operation?.['responses']['default']['content']['application/problem+json']).toBeDefined()
      const names = (operation?.['parameters'] ?? []).map((parameter: { name: string }) => parameter['name'])
      expect([path, names.includes('Idempotency-Key')]).toEqual([path, idempotent])
      for (const [, name] of path.matchAll(/:(\w+)/g)) expect(names).toContain(name)
    }
    const ids = Object.values<Record<string, { operationId: string }>>(body['paths']).flatMap((methods) =>
      Object.values(methods).map((each) => each['operationId']),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('the API console comes from our own files and has no script of its own in the page', async () => {
    const { status, text } = await world.call('GET', '/docs/')

    expect(status).toBe(200)
    expect(text).not.toMatch(/<script>|https?:\/\/(?!www\.w3\.org)/)
  })
})
