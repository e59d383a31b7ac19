import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { takeDue } from '../../db/outbox.ts'
import { createKavenegar } from '../../gateways/channel/sms-kavenegar.ts'
import { createLoginCode } from '../../relay/login-code.ts'
import { createClock } from '../../sims/clock.ts'
import { createMemory } from '../../sims/memory.ts'
import { type SmsSim, startSms } from '../../sims/sms.ts'
import { readTemplates } from '../../templates/files.ts'
import { createRenderer } from '../../templates/renderer.ts'
import { type ApiWorld, startApiWorld } from './api-world.ts'

const secret = 'a secret for tests that is long enough'

describe('signing in by a one-time code', () => {
  let world: ApiWorld
  let sms: SmsSim
  let nowMs = Date.now()
  const renderer = createRenderer({ limitMs: 20_000 })
  beforeAll(async () => {
    const memory = createMemory(undefined)
    sms = await startSms({ clock: createClock(Date.now, 0), memory, apiKey: 'key' })
    world = await startApiWorld({ clock: () => new Date(nowMs) })
    const admin = await world.login('admin')
    for (const [n, user] of ['sales', 'support', 'noc', 'hr', 'auditor', 'technician'].entries())
      await world.call('PATCH', `/v1/users/${user}`, { token: admin, body: { mobile: `0912300000${n}` } })
  })
  afterAll(async () => {
    await renderer.close()
    await world.close()
    await sms.close()
  })

  const ask = (mobile: string) => world.call('POST', '/v1/session/code', { body: { mobile } })
  const enter = (mobile: string, code: string) => world.call('POST', '/v1/session', { body: { mobile, code } })
  /** Carries out what waits in the outbox, as the relay would; again with `times`, as after a crash. */
  async function relayed(times = 1): Promise<void> {
    const carry = createLoginCode({
      db: world.db,
      sms: createKavenegar({ adapter: 'sms-kavenegar', url: sms.url, apiKey: 'key', maxParts: 8, allowForeign: false }),
      files: readTemplates(),
      renderer,
      secret,
      now: () => nowMs,
    })
    const due = await takeDue(world.db, { limit: 50, kinds: ['loginCode'] })
    for (let round = 0; round < times; round++)
      for (const leased of due) if (leased.entry.kind === 'loginCode') await carry(leased.entry, leased)
  }
  const sentTo = (receptor: string) =>
    sms.messages(receptor).map(({ message }) => /\d{6}/.exec(message)?.[0] ?? 'no code in it')
  const wrongOf = (code: string) => (code === '000000' ? '111111' : '000000')

  test('the code comes by SMS once, signs in once, in any spelling of number and digits', async () => {
    const asked = await ask('۰۹۱۲۳۰۰۰۰۰۰')
    await relayed(2)
    const [code, ...more] = sentTo('09123000000')
    const persian = String(code).replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0x6c0))
    const first = await enter('+98 912 300 0000', persian)
    const second = await enter('09123000000', String(code))

    expect([asked.status, asked.body]).toEqual([202, { seconds: 120 }])
    expect(more).toEqual([])
    expect([first.status, first.body['userId']]).toEqual([201, 'sales'])
    expect((await world.call('GET', '/v1/me', { token: first.body['token'] })).body['username']).toBe('sales')
    expect([second.status, second.body['code']]).toEqual([401, 'WrongCode'])
  })

  test('asking and failing look the same whether anybody has the number, and nobody gets an SMS who has no account', async () => {
    const [known, unknown] = [await ask('09123000001'), await ask('09359999999')]
    await relayed()
    const code = String(sentTo('09123000001')[0])
    const [wrong, nobody] = [await enter('09123000001', wrongOf(code)), await enter('09359999999', '123456')]

    expect([unknown.status, unknown.text]).toEqual([known.status, known.text])
    expect([nobody.status, nobody.body['code'], nobody.body['detail']]).toEqual([
      wrong.status,
      wrong.body['code'],
      wrong.body['detail'],
    ])
    expect(sms.messages('09359999999')).toEqual([])
    expect((await world.db.$client`select 1 from login_codes where mobile = '+989359999999'`).length).toBe(1)
  })

  test('two minutes later the code is worth nothing, and is not even sent', async () => {
    await ask('09123000002')
    await relayed()
    nowMs += 121_000
    const late = await enter('09123000002', String(sentTo('09123000002')[0]))
    await ask('09123000002')
    nowMs += 121_000
    await relayed()

    expect(late.status).toBe(401)
    expect(sentTo('09123000002')).toHaveLength(1)
  })

  test('a newer code takes the older one’s place', async () => {
    await ask('09123000003')
    await relayed()
    await ask('09123000003')
    await relayed()
    const [older, newer] = sentTo('09123000003')

    expect((await enter('09123000003', String(older))).status).toBe(older === newer ? 201 : 401)
    expect((await enter('09123000003', String(newer))).status).toBe(older === newer ? 401 : 201)
  })

  test('after five wrong tries the right code opens nothing, even when they come at once', async () => {
    await ask('09123000004')
    await relayed()
    const code = String(sentTo('09123000004')[0])
    const wrong = await Promise.all(Array.from({ length: 7 }, () => enter('09123000004', wrongOf(code))))
    const right = await enter('09123000004', code)
    const [row] = await world.db.$client<{ tries: number }[]>`
      select tries from login_codes where mobile = '+989123000004'`

    expect(wrong.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(wrong.filter(({ status }) => status === 429)).toHaveLength(2)
    expect(right.status).toBe(429)
    expect(row?.tries).toBe(5)
  })

  test('more than three codes for a number must wait', async () => {
    const answers = [await ask('09123000005'), await ask('09123000005'), await ask('09123000005')]
    const fourth = await ask('09123000005')

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
    expect(fourth.status).toBe(429)
    expect(Number(fourth.headers.get('Retry-After'))).toBeGreaterThan(0)
  })

  test('no code is found in the database: neither in its table, the outbox, the messages nor the audit log', async () => {
    const codes = sms.messages().flatMap(({ message }) => /\d{6}/.exec(message) ?? [])
    const kept = await world.db.$client<{ row: string }[]>`
      select to_jsonb(t)::text as row from login_codes t union all select to_jsonb(t)::text from messages t
      union all select payload::text from outbox union all select detail::text from audit_log where detail is not null`

    expect(codes.length).toBeGreaterThan(3)
    for (const code of new Set(codes))
      for (const { row } of kept) expect(row).not.toMatch(new RegExp(`(?<![0-9a-f-])${code}(?![0-9a-f-])`))
  })

  test('a number that is none is refused with its place', async () => {
    const { status, body } = await ask('02188012345')

    expect([status, body['errors'][0]['place']]).toEqual([422, '$.body.mobile'])
  })
})
