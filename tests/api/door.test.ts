import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ApiWorld, startApiWorld } from './api-world.ts'

describe('the door', () => {
  let world: ApiWorld
  let admin: string
  beforeAll(async () => {
    world = await startApiWorld()
    admin = await world.login('admin')
  })
  afterAll(() => world.close())

  const put = (body: unknown) => world.call('POST', '/v1/customers', { token: admin, body })

  test.each(['role', 'price', 'paid', 'state', 'tenantId', 'id'])(
    'a body with the key %s that nobody asked for is refused with its place (A6)',
    async (key) => {
      const { status, body } = await put({ name: 'کسی', partnerId: 'hq', [key]: 'x' })

      expect(status).toBe(422)
      expect(body['errors'][0]).toMatchObject({ place: `$.body.${key}` })
    },
  )

  test.each(['__proto__', 'constructor', 'prototype'])(
    'the key %s is refused at any depth, and nothing is polluted (A7)',
    async (key) => {
      const { status, body } = await put(`{"name":"x","contacts":[{"deep":{"${key}":{"polluted":1}}}]}`)

      expect(status).toBe(400)
      expect(body['code']).toBe('ForbiddenKey')
      expect(body['errors'][0]?.['place']).toBe(`$.body.contacts[0].deep.${key}`)
      expect(({} as { polluted?: number }).polluted).toBeUndefined()
    },
  )

  test('50,000 nested arrays and 5,001 keys are refused, and the server lives (A8)', async () => {
    const deep = await put(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`)
    const wide = await put(Object.fromEntries(Array.from({ length: 5_001 }, (_, i) => [`k${i}`, 1])))

    expect([deep.status, deep.body['code']]).toEqual([400, 'TooDeep'])
    expect([wide.status, wide.body['code']]).toEqual([400, 'TooManyKeys'])
    expect((await world.call('GET', '/health')).status).toBe(200)
  })

  test('JSON beyond 256 KB is 413, below it is read (A22)', async () => {
    const big = await put({ name: 'a'.repeat(300 * 1024) })
    const below = await put({ name: 'a'.repeat(200 * 1024) })

    expect(big.status).toBe(413)
    expect(below.status).toBe(422)
  })

  test('broken JSON, unknown paths and wrong methods are problems in both languages, without a stack', async () => {
    const answers = [
      await put('{"a":'),
      await world.call('GET', '/v1/nothing', { token: admin }),
      await world.call('DELETE', '/v1/customers', { token: admin }),
      await world.call('GET', '/v1/orders/nobody', { token: admin }),
      await world.call('GET', '/v1/orders'),
    ]

    expect(answers.map(({ status }) => status)).toEqual([400, 404, 405, 404, 401])
    for (const { headers, body, text } of answers) {
      expect(headers.get('Content-Type')).toContain('application/problem+json')
      expect(body['detail']['fa']).toMatch(/[آ-ی]/)
      expect(body['detail']['en']).toMatch(/[a-z]/)
      expect(body['requestId']).toBe(headers.get('X-Request-Id'))
      expect(text).not.toMatch(/node_modules|\.ts:\d/)
    }
  })

  test('a fault of the input says its place and reason in Persian', async () => {
    const { status, body } = await world.call('POST', '/v1/customers', {
      token: admin,
      body: { name: 'کسی', nationalId: '1234567890', contacts: [] },
    })

    expect(status).toBe(422)
    expect(body['errors']).toEqual([{ place: '$.body.nationalId', fa: 'کد ملی درست نیست', en: 'not a national id' }])
  })

  test('the security headers allow no inline script and no framing', async () => {
    const { headers } = await world.call('GET', '/health')

    expect(headers.get('Content-Security-Policy')).toContain("script-src 'self';")
    expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('X-Powered-By')).toBeNull()
  })

  test('files are judged by their first bytes, renamed safely and only downloaded (A20)', async () => {
    const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(64)])
    const upload = (name: string, content: Uint8Array) =>
      world.call('POST', `/v1/customers/leila/documents?name=${encodeURIComponent(name)}`, {
        token: admin,
        body: content,
        headers: { 'Content-Type': 'image/png' },
      })

    const html = await upload('a.png', Buffer.from('<script>alert(1)</script>'))
    const names: string[] = []
    for (const name of [
      '../../etc/passwd',
      '..%2f..%2fx.png',
      'C:\\a\\b.png',
      'x\u202egnp.exe',
      'n\r\nX-Evil: 1',
      'ی'.repeat(300),
    ]) {
      const { status, body } = await upload(name, png)
      expect(status).toBe(201)
      names.push(body['name'])
    }
    const [first] = (await world.call('GET', '/v1/customers/leila', { token: admin })).body['documents']
    const file = await world.call('GET', `/v1/documents/${first?.['id']}`, { token: admin })

    expect(html.status).toBe(415)
    for (const name of names) expect(name).toMatch(/^[^/\\\p{Cc}\p{Cf}]{1,150}$/u)
    expect(file.headers.get('Content-Disposition')).toMatch(/^attachment; filename="[\w.-]+"; filename\*=UTF-8''/)
    expect(file.headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect((await upload('big.png', Buffer.concat([png, Buffer.alloc(11 * 1024 * 1024)]))).status).toBe(413)
  })
})
