import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ChannelName, channels, createChannel } from '../../gateways/channel/index.ts'
import type { EmailChannel, SmsChannel } from '../../gateways/channel/port.ts'
import { OutcomeUnknown, Unavailable } from '../../gateways/errors.ts'
import { createHttp } from '../../gateways/http.ts'
import type { FaultKind } from '../../sims/faults.ts'
import { type Sims, simCredentials, startSims } from '../../sims/index.ts'
import { failureOf, retried } from './retry.ts'

const spoilers: FaultKind[] = ['http500', 'rubbish', 'reset', 'cut', 'twice', 'loseAnswer']
const covered: ChannelName[] = ['email-smtp', 'sms-kavenegar']

test('the suite covers every channel of the registry', () => {
  expect(covered).toEqual(Object.keys(channels).sort())
})

describe('the channel sms-kavenegar', () => {
  let sims: Sims
  let sms: SmsChannel
  beforeAll(async () => {
    sims = await startSims()
    sms = createChannel({ adapter: 'sms-kavenegar', url: sims.sms.url, ...simCredentials.sms })
  })
  afterAll(() => sims.close())

  test('a message is sent with its cost and parts, in Persian letters', async () => {
    const sent = await sms.send({ to: '+989120000001', text: 'سرويس شما فعال شد', dedupeKey: 'a' })

    expect(sent).toEqual({ providerId: expect.stringMatching(/^\d+$/), parts: 1, costRial: 1_200n })
    expect(sims.sms.messages('09120000001')).toMatchObject([{ message: 'سرویس شما فعال شد' }])
  })

  test.each(spoilers)('a message is sent exactly once although the call meets %s', async (kind) => {
    const to = `+98912111000${spoilers.indexOf(kind)}`
    sims.sms.faults.add({ kind, method: 'sms/send' })

    await retried(() => sms.send({ to, text: 'سلام', dedupeKey: `once/${kind}` }))
    await sms.send({ to, text: 'سلام', dedupeKey: `once/${kind}` })

    expect(sims.sms.messages(to.replace('+98', '0'))).toHaveLength(1)
  })

  test('a lost answer and a panel that then is down leave the outcome unknown', async () => {
    sims.sms.faults.add({ kind: 'loseAnswer', method: 'sms/send' })
    sims.sms.faults.add({ kind: 'http500', method: 'sms/statuslocalmessageid' })
    const message = { to: '+989120000002', text: 'سلام', dedupeKey: 'lost' }

    expect(await failureOf(sms.send(message))).toBeInstanceOf(OutcomeUnknown)
    await sms.send(message)
    expect(sims.sms.messages('09120000002')).toHaveLength(1)
  })

  test.each([
    ['09120000003', 'سلام'],
    ['+982188012310', 'سلام'],
    ['+98912000000\n', 'سلام'],
    ['+989120000003', ' '],
    ['+989120000003', 'a\u0007b'],
    ['+989120000003', 'س'.repeat(67 * 8 + 1)],
  ])('to %p the text %p is refused at home', async (to, text) => {
    expect(await failureOf(sms.send({ to, text, dedupeKey: 'bad' }))).toMatchObject({
      name: 'Refused',
      code: 'VALIDATION',
    })
  })

  test('no credit, a blocked receiver and a wrong key are refusals with a reason', async () => {
    const to = '+989120000004'
    await command(sims.sms.url, 'block', { receptor: '09120000004' })
    expect(await failureOf(sms.send({ to, text: 'x', dedupeKey: 'b1' }))).toMatchObject({ code: 'OPTED_OUT' })
    await command(sims.sms.url, 'credit', { rial: 0 })
    expect(await failureOf(sms.send({ to, text: 'x', dedupeKey: 'b2' }))).toMatchObject({
      code: 'INSUFFICIENT',
      vendor: { code: '418' },
    })
    await command(sims.sms.url, 'credit', { rial: 1_000_000 })
    const wrong = createChannel({ adapter: 'sms-kavenegar', url: sims.sms.url, apiKey: 'wrong' })
    expect(await failureOf(wrong.send({ to, text: 'x', dedupeKey: 'b3' }))).toMatchObject({ code: 'AUTH' })
  })

  test('delivery states are told by id', async () => {
    const { providerId } = await sms.send({ to: '+989120000005', text: 'x', dedupeKey: 'd' })
    expect(await sms.deliveryStates([providerId, '1'])).toEqual({ [providerId]: 'sent-to-operator', '1': 'unknown' })
    await command(sims.sms.url, 'delivered', { id: Number(providerId) })
    expect(await sms.deliveryStates([providerId])).toEqual({ [providerId]: 'delivered' })
  })

  test('a panel that is down is Unavailable', async () => {
    const other = await startSims()
    const lost = createChannel(
      { adapter: 'sms-kavenegar', url: other.sms.url, ...simCredentials.sms },
      { http: createHttp() },
    )
    await other.close()
    expect(await failureOf(lost.send({ to: '+989120000006', text: 'x', dedupeKey: 'x' }))).toBeInstanceOf(Unavailable)
    expect(await lost.health()).toMatchObject({ ok: false })
    expect(await sms.health()).toMatchObject({ ok: true })
  })
})

describe('the channel email-smtp', () => {
  let sims: Sims
  const at = (port: number): EmailChannel =>
    createChannel({
      adapter: 'email-smtp',
      host: '127.0.0.1',
      port,
      security: 'plain',
      from: { address: 'no-reply@isp.example', name: 'شرکت' },
    })
  let email: EmailChannel
  beforeAll(async () => {
    sims = await startSims()
    email = at(sims.smtp.port)
  })
  afterAll(() => sims.close())

  const aMail = (over: object = {}) => ({
    to: { address: 'sara@example.com', name: 'سارا' },
    subject: 'فاکتور شما',
    text: 'سلام',
    language: 'fa' as const,
    dedupeKey: 'mail',
    ...over,
  })

  test('a message arrives in Persian, with an id made from its key', async () => {
    const { providerId } = await email.send(
      aMail({ to: { address: 'first@example.com', name: 'سارا' }, html: '<p dir="rtl">سلام</p>' }),
    )

    const [mail] = sims.smtp.messages('first@example.com')
    expect(mail?.messageId).toBe(providerId)
    expect(providerId).toMatch(/^<[0-9a-f]{16}@isp\.example>$/)
    expect(mail?.raw).toMatch(/Content-Language: fa/i)
    expect(mail?.raw).toContain('=?UTF-8?')
  })

  test.each(spoilers)('a message is in the mailbox exactly once although its body meets %s', async (kind) => {
    const to = { address: `${kind}@example.com` }
    sims.smtp.faults.add({ kind, method: 'DATA' })

    await retried(() => email.send(aMail({ to, dedupeKey: kind })))
    await email.send(aMail({ to, dedupeKey: kind }))

    expect(sims.smtp.messages(to.address)).toHaveLength(1)
  })

  test('silence after the body is an unknown outcome', async () => {
    sims.smtp.faults.add({ kind: 'loseAnswer', method: 'DATA' })
    expect(await failureOf(email.send(aMail({ dedupeKey: 'silence' })))).toBeInstanceOf(OutcomeUnknown)
  })

  test('a mailbox that does not exist is refused, a server that is down is Unavailable', async () => {
    sims.smtp.faults.add({ kind: 'refuse', method: 'DATA', code: '550' })
    expect(await failureOf(email.send(aMail()))).toMatchObject({ name: 'Refused', vendor: { code: '550' } })
    const other = await startSims()
    const lost = at(other.smtp.port)
    await other.close()
    expect(await failureOf(lost.send(aMail()))).toBeInstanceOf(Unavailable)
    expect(await lost.health()).toMatchObject({ ok: false })
    expect(await email.health()).toMatchObject({ ok: true })
  })

  test.each([
    { to: { address: 'a@b.example\r\nBcc: c@d.example' } },
    { to: { address: 'a@b.example, c@d.example' } },
    { to: { address: 'a@b.example', name: 'x\nBcc: c@d.example' } },
    { subject: 'hi\r\nBcc: c@d.example' },
    { unsubscribeUrl: 'https://x.example\r\nX: y' },
  ])('a line break in a header is refused: %p', async (over) => {
    expect(await failureOf(email.send(aMail(over)))).toMatchObject({ name: 'Refused', code: 'VALIDATION' })
  })
})

async function command(url: string, name: string, body: object): Promise<void> {
  const answer = await fetch(`${url}/_sim/${name}`, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(await answer.text())
}
