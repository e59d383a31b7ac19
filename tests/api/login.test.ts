import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { demoPassword } from '../../dev/seed/company.ts'
import { type ApiWorld, startApiWorld } from './api-world.ts'

describe('logging in', () => {
  let world: ApiWorld
  beforeAll(async () => {
    world = await startApiWorld()
  })
  afterAll(() => world.close())

  const attempt = (username: string, password: string) =>
    world.call('POST', '/v1/session', { body: { username, password } })

  test('five wrong passwords lock the account for a while, the right one included, even when sent at once (A17)', async () => {
    const wrong = await Promise.all(Array.from({ length: 8 }, () => attempt('hr', 'wrong')))
    const right = await attempt('hr', demoPassword)

    expect(wrong.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(wrong.filter(({ status }) => status === 429)).toHaveLength(3)
    expect(right.status).toBe(429)
    expect(Number(right.headers.get('Retry-After'))).toBeGreaterThan(0)
  })

  test('two processes of the API count together (A17)', async () => {
    const other = await startApiWorld({ database: world.database })
    const from = (api: ApiWorld) =>
      api.call('POST', '/v1/session', { body: { username: 'field-lead', password: 'wrong' } })
    const wrong = await Promise.all([world, other, world, other, world, other].map(from))
    await other.close()

    expect(wrong.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(wrong.filter(({ status }) => status === 429)).toHaveLength(1)
  })

  test('an unknown user gets the same answer as a known one', async () => {
    const known = await attempt('auditor', 'wrong')
    const unknown = await attempt('nobody-at-all', 'wrong')

    expect([unknown.status, unknown.body['code'], unknown.body['detail']]).toEqual([
      known.status,
      known.body['code'],
      known.body['detail'],
    ])
  })

  test('a token given before the login is not the one after it, and is kept only as a hash (A19)', async () => {
    const planted = 'x'.repeat(43)
    const { headers, body } = await world.call('POST', '/v1/session', {
      body: { username: 'sales', password: demoPassword },
      headers: { Cookie: `samfony=${planted}` },
    })
    const cookie = headers.get('Set-Cookie') ?? ''
    const stored = await world.db.$client<{ token_hash: string }[]>`select token_hash from sessions`

    expect(cookie).toMatch(/^samfony=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/)
    expect(cookie).not.toContain(planted)
    expect(stored.map((row) => row.token_hash)).not.toContain(body['token'])
  })

  test('a write proved by the cookie is refused from another origin and taken from our own (A19)', async () => {
    const token = await world.login('manager')
    const patch = (origin: Record<string, string>) =>
      world.call('PATCH', '/v1/me', { body: { name: 'مدیر' }, headers: { Cookie: `samfony=${token}`, ...origin } })

    expect((await patch({ Origin: 'https://evil.example' })).status).toBe(403)
    expect((await patch({})).status).toBe(403)
    expect((await patch({ Origin: world.address })).status).toBe(200)
  })

  test('a changed password ends all sessions (A19)', async () => {
    const [one, two] = [await world.login('employee'), await world.login('employee')]
    const changed = await world.call('PUT', '/v1/me/password', {
      token: one,
      body: { current: demoPassword, password: 'another-password' },
    })

    expect(changed.status).toBe(200)
    expect((await world.call('GET', '/v1/me', { token: one })).status).toBe(401)
    expect((await world.call('GET', '/v1/me', { token: two })).status).toBe(401)
    expect((await attempt('employee', 'another-password')).status).toBe(201)
  })

  test('an API key works until it is revoked, and cannot make another', async () => {
    const token = await world.login('noc')
    const made = await world.call('POST', '/v1/api-keys', { token, body: { label: 'script' } })
    const key: string = made.body['key']

    expect((await world.call('GET', '/v1/me', { token: key })).body['username']).toBe('noc')
    expect((await world.call('POST', '/v1/api-keys', { token: key, body: { label: 'more' } })).status).toBe(403)
    expect((await world.call('DELETE', `/v1/api-keys/${made.body['prefix']}`, { token })).status).toBe(200)
    expect((await world.call('GET', '/v1/me', { token: key })).status).toBe(401)
  })

  test('a right that is given or taken acts at the next request (A5)', async () => {
    const admin = await world.login('admin')
    const token = await world.login('operator')
    const may = async () => (await world.call('GET', '/v1/audit', { token })).status
    const before = await may()
    const { body } = await world.call('POST', '/v1/users/operator/roles', {
      token: admin,
      body: { role: 'auditor', reach: 'all' },
    })
    const during = await may()
    const given = body['roles'].find((each: { role: string }) => each['role'] === 'auditor')
    await world.call('DELETE', `/v1/users/operator/roles/${given?.['id']}`, { token: admin })

    expect([before, during, await may()]).toEqual([403, 200, 403])
    const log = await world.call('GET', '/v1/audit?entity=user&entityId=operator', { token: admin })
    expect(log.body['entries'].map((entry: { action: string }) => entry['action'])).toEqual(
      expect.arrayContaining(['role.give', 'role.withdraw']),
    )
    expect((await world.call('GET', '/v1/audit/verification', { token: admin })).body).toEqual({
      whole: true,
      fault: null,
    })
  })

  test('the last administrator stays', async () => {
    const admin = await world.login('admin')

    expect((await world.call('PATCH', '/v1/users/admin', { token: admin, body: { active: false } })).body['code']).toBe(
      'LastAdmin',
    )
  })
})
