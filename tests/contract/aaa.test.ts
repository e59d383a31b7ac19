import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type AaaAdapterName, type AaaConfig, aaaAdapters, createAaa } from '../../gateways/aaa/index.ts'
import type { AaaGateway, NewAaaUser } from '../../gateways/aaa/port.ts'
import { NotConfigured, OutcomeUnknown, Refused, Unavailable } from '../../gateways/errors.ts'
import { createHttp } from '../../gateways/http.ts'
import type { FaultKind } from '../../sims/faults.ts'
import { type Sims, simCredentials, startSims } from '../../sims/index.ts'
import { failureOf, retried, until } from './retry.ts'

// A new adapter gets its line here, or the compiler complains: its settings against its simulator, or why there is none.
const subjects: Record<AaaAdapterName, ((sims: Sims) => AaaConfig) | 'unconfigured'> = {
  'ibsng-jsonrpc': ({ aaa }) => ({
    adapter: 'ibsng-jsonrpc',
    url: aaa.url,
    ...simCredentials.aaa,
    keyField: 'bss_key',
  }),
  netbill: 'unconfigured',
}
const expiresAt = '2027-03-21T00:00:00.000Z'
const spoilers: FaultKind[] = ['http500', 'rubbish', 'reset', 'cut', 'twice', 'loseAnswer']
let number = 0
const aUser = (over: Partial<NewAaaUser> = {}): NewAaaUser => ({
  username: `0218800${String(++number).padStart(4, '0')}`,
  password: 'secret-1234',
  group: 'adsl-16',
  expiresAt,
  ...over,
})

for (const [name, subject] of Object.entries(subjects)) {
  if (subject === 'unconfigured') continue
  describe(`the AAA adapter ${name}`, () => {
    let sims: Sims
    let aaa: AaaGateway
    beforeAll(async () => {
      sims = await startSims()
      aaa = createAaa(subject(sims))
    })
    afterAll(() => sims.close())

    test('a new account can be shown as it was ordered, and its password never comes back', async () => {
      const user = aUser({
        bytes: 5_000_000_000n,
        speed: { downKbps: 16_384, upKbps: 1_024 },
        staticIps: ['10.20.30.40'],
        name: 'Sara',
      })

      await aaa.createUser(user, `make/${user.username}`)
      const shown = await aaa.getUser(user.username)

      expect(shown).toMatchObject({
        username: user.username,
        status: 'active',
        group: 'adsl-16',
        expiresAt,
        speed: user.speed,
        staticIps: ['10.20.30.40'],
        online: false,
        quota: { total: 5_000_000_000n, used: 0n, remaining: 5_000_000_000n },
      })
      expect(JSON.stringify(shown, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))).not.toContain(
        'secret-1234',
      )
    })

    test('the same key again is the same account; another key for the same name is refused', async () => {
      const user = aUser({ bytes: 1_000n })
      const first = await aaa.createUser(user, 'key-a')

      const again = await aaa.createUser(user, 'key-a')
      const refusal = await failureOf(aaa.createUser(user, 'key-b'))

      expect(again.externalId).toBe(first.externalId)
      expect(sims.aaa.grants(user.username)).toEqual([1_000])
      expect(refusal).toMatchObject({ name: 'Refused', code: 'DUPLICATE' })
    })

    test('a name that is not there is null to a reader and a refusal to a writer', async () => {
      expect(await aaa.getUser('nobody')).toBeNull()
      expect(await failureOf(aaa.changeExpiry('nobody', { expiresAt, reason: 'x' }, 'k'))).toMatchObject({
        code: 'NOT_FOUND',
      })
    })

    test.each(["x' OR 1=1", 'a|b', '', '۰۹۱۲', 'a'.repeat(65)])(
      'the name %p never leaves the house',
      async (username) => {
        expect(await failureOf(aaa.createUser(aUser({ username }), 'k'))).toMatchObject({
          name: 'Refused',
          code: 'VALIDATION',
        })
      },
    )

    test.each(spoilers)('an account is made exactly once although each of its calls meets %s', async (kind) => {
      const user = aUser({ bytes: 7_000n })
      for (const method of [
        'user.getUserInfo',
        'user.addNewUsers',
        'user.updateUserAttrs',
        'user_balance.addNewUserBalance',
      ]) {
        sims.aaa.faults.add({ kind, method })
      }
      const accounts = Object.keys(sims.aaa.state.users).length

      await retried(() => aaa.createUser(user, `make/${user.username}`))

      expect(sims.aaa.state.created[user.username]).toBe(1)
      expect(Object.keys(sims.aaa.state.users)).toHaveLength(accounts + 1)
      expect(sims.aaa.grants(user.username)).toEqual([7_000])
      expect(sims.aaa.faults.list()).toEqual([])
    })

    test.each(spoilers)('credit is added exactly once although the call meets %s', async (kind) => {
      const user = await aaa.createUser(aUser(), `make/${number}`)
      sims.aaa.faults.add({ kind, method: 'user_balance.addNewUserBalance' })

      const grant = { kind: 'gift' as const, bytes: 9_000_000_000n, comment: 'welcome' }
      const receipt = await retried(() => aaa.addCredit(user.username, grant, 'gift-1'))
      const again = await aaa.addCredit(user.username, grant, 'gift-1')

      expect(sims.aaa.grants(user.username)).toEqual([9_000_000_000])
      expect(receipt).toMatchObject({ bytes: 9_000_000_000n, remaining: 9_000_000_000n })
      expect(again).toMatchObject({ reference: receipt.reference, already: true })
      expect((await aaa.getUser(user.username))?.quota.gift).toBe(9_000_000_000n)
    })

    test.each(spoilers)('a temporary connection is given exactly once although the call meets %s', async (kind) => {
      const user = await aaa.createUser(aUser({ expiresAt: '2020-01-01T00:00:00.000Z' }), `make/${number}`)
      sims.aaa.faults.add({ kind, method: 'user.temporaryExtendUsers' })
      const given = () => sims.aaa.state.extensions.filter((e) => String(e.userId) === user.externalId)

      const wish = { hours: 24, bytes: 1_048_576n, reason: 'payment on its way' }
      await retried(() => aaa.temporaryConnect(user.username, wish, 'temp-1'))
      await aaa.temporaryConnect(user.username, wish, 'temp-1')

      expect(given()).toHaveLength(1)
      expect((await aaa.getUser(user.username))?.status).toBe('temporary')
      await aaa.temporaryConnect(user.username, wish, 'temp-2')
      expect(given()).toHaveLength(2)
    })

    test('an account whose second step is refused leaves nothing behind', async () => {
      const before = Object.keys(sims.aaa.state.users)

      const refusal = await failureOf(aaa.createUser(aUser({ macs: ['not-a-mac'] }), 'k'))

      expect(refusal).toMatchObject({ name: 'Refused', code: 'VALIDATION', vendor: { code: 'INVALID_MAC_ADDRESS' } })
      expect(Object.keys(sims.aaa.state.users)).toEqual(before)
    })

    test('an answer that comes too late is found at the next try', async () => {
      const user = await aaa.createUser(aUser(), `make/${number}`)
      const hurried = createAaa(subject(sims), { http: createHttp({ totalMs: 150 }) })
      sims.aaa.faults.add({ kind: 'slow', ms: 400, method: 'user_balance.addNewUserBalance' })
      const grant = { kind: 'purchase' as const, bytes: 10n, comment: 'x' }

      expect(await failureOf(hurried.addCredit(user.username, grant, 'late'))).toBeInstanceOf(OutcomeUnknown)
      await until(() => sims.aaa.grants(user.username).length === 1)
      await hurried.addCredit(user.username, grant, 'late')

      expect(sims.aaa.grants(user.username)).toEqual([10])
    })

    test('a refusal is told with the code and the words of the other system', async () => {
      const user = await aaa.createUser(aUser(), `make/${number}`)
      sims.aaa.faults.add({ kind: 'refuse', method: 'user.updateUserAttrs', code: 'ACCESS_TO_USER_DENIED' })

      const refusal = await failureOf(aaa.changeIp(user.username, { ips: ['10.0.0.1'] }, 'k'))

      expect(refusal).toBeInstanceOf(Refused)
      expect(refusal).toMatchObject({ code: 'FORBIDDEN', vendor: { code: 'ACCESS_TO_USER_DENIED', text: 'by script' } })
    })

    test('a system that is down is Unavailable, and health says so without throwing', async () => {
      const other = await startSims()
      const lost = createAaa(subject(other))
      await other.close()

      expect(await failureOf(lost.createUser(aUser(), 'k'))).toBeInstanceOf(Unavailable)
      expect(await lost.health()).toMatchObject({ ok: false })
      expect(await aaa.health()).toMatchObject({ ok: true })
    })

    test('wrong credentials are refused, not retried', async () => {
      const wrong = createAaa({ ...subject(sims), password: 'wrong' } as AaaConfig)
      expect(await failureOf(wrong.getUser('x'))).toMatchObject({ name: 'Refused', code: 'AUTH' })
    })

    test('a renewal moves group and expiry and replaces the traffic of the earlier period, once', async () => {
      const user = aUser({ bytes: 1_000n })
      await aaa.createUser(user, `make/${user.username}`)
      await aaa.addCredit(user.username, { kind: 'gift', bytes: 50n, comment: 'stays' }, 'gift')
      const renewal = { group: 'adsl-50', expiresAt: '2027-04-21T00:00:00.000Z', bytes: 2_000n, resetUsage: true }
      sims.aaa.faults.add({ kind: 'loseAnswer', method: 'user.renewUsers' })
      sims.aaa.faults.add({ kind: 'loseAnswer', method: 'user_balance.addNewUserBalance' })

      await retried(() => aaa.renew(user.username, renewal, 'renew-1'))
      const shown = await aaa.renew(user.username, renewal, 'renew-1')

      expect(shown).toMatchObject({ group: 'adsl-50', expiresAt: renewal.expiresAt, status: 'active' })
      expect(shown.quota).toMatchObject({ remaining: 2_050n, gift: 50n })
    })

    test('a disabled account is thrown out and can come back', async () => {
      const { username } = await aaa.createUser(aUser(), `make/${number}`)
      await command(sims.aaa.url, 'online', { username, ip: '10.1.1.1' })

      await aaa.setStatus(username, { status: 'disabled', reason: 'overdue' }, 'k')
      expect(await aaa.getUser(username)).toMatchObject({ status: 'disabled', lockReason: 'overdue', online: false })
      expect(await command(sims.aaa.url, 'online', { username })).toEqual({ error: 'USER_LOCKED' })

      await aaa.setStatus(username, { status: 'active', reason: 'paid' }, 'k2')
      expect(await aaa.getUser(username)).toMatchObject({ status: 'active' })
    })

    test('sessions are listed with their address, ended, and kept in the usage report', async () => {
      const { username } = await aaa.createUser(aUser(), `make/${number}`)
      await command(sims.aaa.url, 'online', { username, ip: '10.9.9.9', mac: 'AA:BB:CC:DD:EE:FF' })
      await command(sims.aaa.url, 'usage', { username, bytesIn: 6_000_000_000, bytesOut: 10 })

      const { items } = await aaa.listOnline({ ip: '10.9.9.9', limit: 10 })
      expect(items).toMatchObject([
        { username, framedIp: '10.9.9.9', mac: 'AA:BB:CC:DD:EE:FF', bytesIn: 6_000_000_000n },
      ])
      expect(await aaa.disconnect(username, { reason: 'test' })).toEqual({ outcome: 'disconnected', sessions: 1 })
      expect(await aaa.disconnect(username, { reason: 'test' })).toEqual({ outcome: 'no-session', sessions: 0 })

      const day = 86_400_000
      const range = {
        from: new Date(Date.now() - day).toISOString(),
        to: new Date(Date.now() + day).toISOString(),
        limit: 10,
      }
      expect((await aaa.usageDetail(username, range)).items).toMatchObject([
        { bytesIn: 6_000_000_000n, ip: '10.9.9.9' },
      ])
    })

    test('changes are seen on the account and in its event log, secrets apart', async () => {
      const { username } = await aaa.createUser(aUser(), `make/${number}`)
      await aaa.changeExpiry(username, { expiresAt: '2027-05-01T10:30:00.000Z', reason: 'x' }, 'k1')
      await aaa.changeIp(username, { ips: ['10.5.5.5'] }, 'k2')
      await aaa.changeMac(username, { macs: ['00:11:22:33:44:55'], bindOnNextLogin: false }, 'k3')
      await aaa.changePassword(username, { password: 'new-secret' }, 'k4')
      await aaa.reserveRenewal(username, { group: 'adsl-100', startsAt: 'on-expiry' }, 'k5')

      expect(await aaa.getUser(username)).toMatchObject({
        expiresAt: '2027-05-01T10:30:00.000Z',
        staticIps: ['10.5.5.5'],
        macs: ['00:11:22:33:44:55'],
        nextGroup: 'adsl-100',
      })
      await aaa.cancelReservedRenewal(username, 'k6')
      await aaa.changeGroup(username, { group: 'adsl-8' }, 'k7')
      await aaa.changeIp(username, { ips: [] }, 'k8')
      expect(await aaa.getUser(username)).toMatchObject({ group: 'adsl-8', staticIps: [], nextGroup: undefined })
      const { items } = await aaa.events(username, {
        from: '2020-01-01T00:00:00Z',
        to: '2100-01-01T00:00:00Z',
        limit: 100,
      })
      expect(items.map((e) => e.what)).toEqual(expect.arrayContaining(['abs_exp_date', 'assign_ip', 'limit_mac']))
      expect(JSON.stringify(items)).not.toContain('new-secret')
    })

    test('an account is deleted although it is online and the answer is lost; deleting again is fine', async () => {
      const { username } = await aaa.createUser(aUser(), `make/${number}`)
      await command(sims.aaa.url, 'online', { username })
      sims.aaa.faults.add({ kind: 'loseAnswer', method: 'user.delUser' })

      await retried(() => aaa.deleteUser(username, { reason: 'cancelled' }, 'k'))
      await aaa.deleteUser(username, { reason: 'cancelled' }, 'k')

      expect(sims.aaa.accounts(username)).toBe(0)
    })

    test('accounts are found by group and by expiry, page by page', async () => {
      for (let i = 0; i < 3; i++) await aaa.createUser(aUser({ group: 'search-me' }), `make/search/${number}`)

      const first = await aaa.searchUsers({ group: 'search-me', expiringBefore: '2027-06-01T00:00:00Z', limit: 2 })
      const second = await aaa.searchUsers({ group: 'search-me', limit: 2, cursor: first.nextCursor ?? '' })

      expect(first.items).toHaveLength(2)
      expect(second.items).toHaveLength(1)
      expect(second.nextCursor).toBeUndefined()
    })
  })
}

for (const name of Object.keys(subjects).filter(
  (n): n is 'netbill' => subjects[n as AaaAdapterName] === 'unconfigured',
)) {
  describe(`the AAA adapter ${name}, whose document nobody has given us`, () => {
    test('every operation says NotConfigured and names all that is missing', async () => {
      const aaa = createAaa({ adapter: name })
      const failures = [
        await failureOf(aaa.getUser('x')),
        await failureOf(aaa.createUser(aUser(), 'k')),
        await failureOf(aaa.addCredit('x', { kind: 'gift', bytes: 1n, comment: '' }, 'k')),
        await failureOf(aaa.health()),
      ]
      for (const failure of failures) {
        expect(failure).toBeInstanceOf(NotConfigured)
        expect(failure.message).toContain('url, operations.getUser, operations.searchUsers')
      }
    })

    test('with a mapping it speaks the document and nothing else', async () => {
      const sent: string[] = []
      const aaa = createAaa(
        {
          adapter: name,
          url: 'https://netbill.example',
          operations: {
            addCredit: {
              path: '/credit',
              effect: 'write',
              send: { user: 'username', volume: 'bytes', ref: 'key' },
              receive: { reference: 'id', bytes: 'volume', remaining: 'left', already: 'dup' },
              refused: { path: 'ok', success: true },
            },
          },
        },
        {
          http: async ({ body }) => {
            sent.push(body ?? '')
            return {
              status: 200,
              headers: {},
              body: '{"ok":true,"id":"17","volume":"5000000000","left":"5000000000","dup":false}',
            }
          },
        },
      )

      const receipt = await aaa.addCredit('sara', { kind: 'gift', bytes: 5_000_000_000n, comment: '' }, 'k')

      expect(sent).toEqual(['{"user":"sara","volume":"5000000000","ref":"k"}'])
      expect(receipt).toEqual({ reference: '17', bytes: 5_000_000_000n, remaining: 5_000_000_000n, already: false })
      expect(await failureOf(aaa.getUser('sara'))).toMatchObject({
        missing: expect.arrayContaining(['operations.getUser']),
      })
    })
  })
}

test('the suite covers every adapter of the registry', () => {
  expect(Object.keys(subjects).sort()).toEqual(Object.keys(aaaAdapters).sort())
})

async function command(url: string, name: string, body: object): Promise<unknown> {
  return (await fetch(`${url}/_sim/${name}`, { method: 'POST', body: JSON.stringify(body) })).json()
}
