import { createHmac } from 'node:crypto'
import { createConnection } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { demoPassword } from '../../dev/seed/company.ts'
import { testWorld } from '../../dev/test-world.ts'
import { type ApiWorld, startApiWorld } from './api-world.ts'

describe('attacks at the door', () => {
  let world: ApiWorld
  let admin: string
  beforeAll(async () => {
    world = await startApiWorld()
    admin = await world.login('admin')
  })
  afterAll(() => world.close())

  const hostile = [
    `'`,
    `'; drop table orders; --`,
    `1); select pg_sleep(9) --`,
    `\\`,
    `\u0000`,
    `99999999999999999999`,
    `2026-13-45T99:99:99Z`,
    `\ud800`,
    'a'.repeat(5_000),
  ]

  test('no value in any parameter of any list is more than a value: nothing fails inside, nothing is lost (A14)', async () => {
    const rows = async () => world.db.$client`select (select count(*) from orders) + (select count(*) from users) as n`
    const before = await rows()
    const broken: string[] = []
    for (const route of world.routes) {
      if (route.method !== 'get' || route.auth === 'public' || route.path === '/v1/events') continue
      const names = Object.keys(route.input.query.shape)
      const path = route.path.replace(/:version|:assignment/g, '1').replace(/:\w+/g, 'adsl-order')
      await Promise.all(
        names.flatMap((name) =>
          hostile.map(async (value) => {
            const given = new URLSearchParams({ [name]: value })
            const { status, text } = await world.call('GET', `${path}?${given.toString()}`, { token: admin })
            if (status >= 500)
              broken.push(`${path} ${name}=${JSON.stringify(value).slice(0, 40)}: ${status} ${text.slice(0, 200)}`)
          }),
        ),
      )
    }

    expect(broken).toEqual([])
    expect(await rows()).toEqual(before)
  }, 120_000)

  test('a NUL is refused with its place, in a body, a query and a path', async () => {
    const body = await world.call('POST', '/v1/customers', {
      token: admin,
      body: { name: 'x', contacts: [{ value: 'a\0' }] },
    })
    const query = await world.call('GET', '/v1/orders?q=%00', { token: admin })
    const path = await world.call('GET', '/v1/orders/a%00', { token: admin })

    for (const [answer, place] of [
      [body, '$.body.contacts[0].value'],
      [query, '$.query.q'],
      [path, '$.path.id'],
    ] as const)
      expect([answer.status, answer.body['code'], answer.body['errors'][0]['place']]).toEqual([
        400,
        'ForbiddenCharacter',
        place,
      ])
  })

  const jwt = (header: object, sign?: string) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const text = `${part(header)}.${part({ sub: 'admin', exp: 4_102_444_800, aud: 'samfony' })}`
    return `${text}.${sign === undefined ? '' : createHmac('sha256', sign).update(text).digest('base64url')}`
  }
  test.each([
    ['alg none', jwt({ alg: 'none', typ: 'JWT' })],
    [
      'a signature with the session secret',
      jwt({ alg: 'HS256', typ: 'JWT' }, 'a secret for tests that is long enough'),
    ],
    ['a kid that is a path', jwt({ alg: 'HS256', kid: '../../dev/null' }, '')],
    ['a kid that is SQL', jwt({ alg: 'HS256', kid: `x' union select 'secret` }, 'secret')],
    ['a key address', jwt({ alg: 'RS256', jku: 'https://evil.example/keys' }, 'x')],
    ['a stored hash instead of a token', 'hash'],
    ['an API key that nobody made', `sk_${'a'.repeat(43)}`],
    ['a token of another length', 'a'.repeat(19)],
  ])('%s proves nothing (A18)', async (_what, given) => {
    const [session] = await world.db.$client<{ token_hash: string }[]>`select token_hash from sessions limit 1`
    const token = given === 'hash' ? session?.token_hash : given

    expect((await world.call('GET', '/v1/me', { token })).status).toBe(401)
    expect((await world.call('GET', '/v1/me', { headers: { Cookie: `samfony=${token}` } })).status).toBe(401)
  })

  test('over TLS the cookie is bound to this host (A19)', async () => {
    const secure = await startApiWorld({ publicUrl: 'https://panel.example', database: world.database })
    const { headers, body } = await secure.call('POST', '/v1/session', {
      body: { username: 'sales', password: demoPassword },
    })
    const as = async (name: string) =>
      (await secure.call('GET', '/v1/me', { headers: { Cookie: `${name}=${body['token']}` } })).status
    const seen = [await as('__Host-samfony'), await as('samfony')]
    await secure.close()

    expect(headers.get('Set-Cookie')).toMatch(
      /^__Host-samfony=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/,
    )
    expect(seen).toEqual([200, 401])
  })

  test('a greedy user is slowed down, and a polite one is not (A24)', async () => {
    const strict = await startApiWorld({
      limits: { perUserPerMinute: 30, perAddressPerMinute: 100_000 },
      database: world.database,
    })
    const [greedy, polite] = [await strict.login('sales'), await strict.login('support')]
    const flood = await Promise.all(
      Array.from({ length: 100 }, () => strict.call('GET', '/v1/orders', { token: greedy })),
    )
    const quiet = await Promise.all(
      Array.from({ length: 10 }, () => strict.call('GET', '/v1/orders', { token: polite })),
    )
    await strict.close()

    expect(flood.filter(({ status }) => status === 200)).toHaveLength(30)
    expect(flood.filter(({ status }) => status === 429)).toHaveLength(70)
    expect(flood.find(({ status }) => status === 429)?.headers.get('Retry-After')).toMatch(/^\d+$/)
    expect(quiet.every(({ status }) => status === 200)).toBe(true)
  })

  test('an address that asks without end is turned away before anybody asks who it is (A24)', async () => {
    const strict = await startApiWorld({
      limits: { perUserPerMinute: 100_000, perAddressPerMinute: 20 },
      database: world.database,
    })
    const flood = await Promise.all(Array.from({ length: 50 }, () => strict.call('GET', '/v1/me')))
    await strict.close()

    expect(flood.filter(({ status }) => status === 401)).toHaveLength(20)
    expect(flood.filter(({ status }) => status === 429)).toHaveLength(30)
  })

  test.each(['a\r\nBcc: all@example.com', 'سارا\u202eنیما', 'x\u0007y', 'a\u2066b'])(
    'a name with marks that could forge another line is refused (A25): %j',
    async (name) => {
      const { status, body } = await world.call('POST', '/v1/customers', { token: admin, body: { name, contacts: [] } })

      expect([status, body['errors'][0]['place']]).toEqual([422, '$.body.name'])
    },
  )

  test('markup in a name comes back as it is, in JSON that no browser renders (A25)', async () => {
    const name = '<img src=x onerror=alert(1)>'
    const made = await world.call('POST', '/v1/customers', { token: admin, body: { name, contacts: [] } })
    const { body, headers } = await world.call('GET', `/v1/customers/${made.body['id']}`, { token: admin })

    expect(body['name']).toBe(name)
    expect(headers.get('Content-Type')).toContain('application/json')
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('Content-Security-Policy')).toContain("script-src 'self'")
  })

  test('Temporal is reached on the loopback only (A27)', async () => {
    const [host, port] = testWorld().temporalAddress.split(':')
    const outside = Object.values(networkInterfaces())
      .flat()
      .filter((found) => found?.family === 'IPv4' && !found.internal)
    const opens = (address: string) =>
      new Promise<boolean>((resolve) => {
        const socket = createConnection({ host: address, port: Number(port), timeout: 2_000 })
        const end = (open: boolean) => {
          socket.destroy()
          resolve(open)
        }
        socket
          .once('connect', () => end(true))
          .once('error', () => end(false))
          .once('timeout', () => end(false))
      })

    expect(await opens(host ?? '')).toBe(true)
    for (const found of outside)
      expect([found?.address, await opens(found?.address ?? '')]).toEqual([found?.address, false])
  })

  test('an archive, a script and a page are refused whatever they are called, and a picture is never unpacked (A21)', async () => {
    const upload = (name: string, content: Uint8Array) =>
      world.call('POST', `/v1/customers/leila/documents?name=${name}`, {
        token: admin,
        body: content,
        headers: { 'Content-Type': 'application/pdf' },
      })
    const bytes = (text: string) => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(64)])
    const refused = await Promise.all(
      ['PK\x03\x04', '\x1f\x8b\x08', 'MZ', '#!/bin/sh', '<!doctype html>', '<svg onload=alert(1)>', 'GIF89a', ''].map(
        (head) => upload('a.pdf', head === '' ? Buffer.alloc(0) : bytes(head)),
      ),
    )
    // 30,000 × 30,000 by its header: whoever unpacked it would need 3.6 GB.
    const flood = await upload('a.png', bytes('\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x75\x30\x00\x00\x75\x30'))
    const size = async (megabytes: number) =>
      (await upload('b.png', Buffer.concat([bytes('\x89PNG\r\n\x1a\n'), Buffer.alloc(megabytes * 1024 * 1024)]))).status

    expect(refused.map(({ status }) => status)).toEqual([415, 415, 415, 415, 415, 415, 415, 422])
    expect(flood.status).toBe(201)
    expect([await size(9), await size(10)]).toEqual([201, 413])
  })

  test('an API key keeps the rights of its owner, ends on its day, and with him (A5)', async () => {
    const noc = await world.login('noc')
    const make = async (days?: number) =>
      (
        await world.call('POST', '/v1/api-keys', {
          token: noc,
          body: { label: 'k', ...(days !== undefined && { days }) },
        })
      ).body
    const { key, prefix } = await make()
    const list = await world.call('GET', '/v1/api-keys', { token: noc })
    const status = async (path = '/v1/me') => (await world.call('GET', path, { token: key })).status
    const fresh = [await status(), await status('/v1/users'), await status('/v1/audit')]
    await world.db.$client`update api_keys set expires_at = now() - interval '1 s' where prefix = ${prefix}`
    const past = await status()
    const second = await make()
    const before = (await world.call('GET', '/v1/me', { token: second.key })).status
    await world.call('PATCH', '/v1/users/noc', { token: admin, body: { active: false } })
    const after = (await world.call('GET', '/v1/me', { token: second.key })).status
    const foreign = await world.call('DELETE', `/v1/api-keys/${prefix}`, { token: admin })

    expect(fresh).toEqual([200, 403, 403])
    expect(list.text).not.toContain(key)
    expect([past, before, after]).toEqual([401, 200, 401])
    expect(foreign.status).toBe(404)
    expect((await make(1_000))['code'] ?? 'Unauthorized').toBe('Unauthorized')
  })
})
