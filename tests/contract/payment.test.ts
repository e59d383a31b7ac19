import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  createPaymentGateway,
  type PaymentConfig,
  type PaymentGatewayName,
  paymentGateways,
} from '../../gateways/payment/index.ts'
import type { PaymentGateway, StoredAttempt, VerifyResult } from '../../gateways/payment/port.ts'
import { type Sims, simCredentials, startSims } from '../../sims/index.ts'
import { failureOf } from './retry.ts'

/** Where each gateway lives at an address: its simulator's, or that of a server made to misbehave. */
const subjects: Record<PaymentGatewayName, (url: string) => PaymentConfig> = {
  mellat: (url) => ({
    gateway: 'mellat',
    serviceUrl: `${url}/pgwchannel/services/pgw`,
    payUrl: `${url}/pgwchannel/startpay.mellat`,
    ...simCredentials.mellat,
  }),
  zarinpal: (url) => ({ gateway: 'zarinpal', url, ...simCredentials.zarinpal }),
}
/** The call in which each one says whether money came. */
const verifyCall: Record<PaymentGatewayName, string> = { mellat: 'bpVerifyRequest', zarinpal: 'verify' }
const callbackUrl = 'https://isp.example/callbacks/t0ken'
/** What Mellat says of a verified sale. */
const success =
  '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><n:bpVerifyRequestResponse xmlns:n="http://interfaces.core.sw.bps.com/"><return>0</return></n:bpVerifyRequestResponse></soap:Body></soap:Envelope>'
let number = 0n
const nextAttempt = () => (number += 1n)

test('the suite covers every gateway of the registry', () => {
  expect(Object.keys(subjects).sort()).toEqual(Object.keys(paymentGateways).sort())
})

describe.each(Object.keys(subjects) as PaymentGatewayName[])('the payment gateway %s', (name) => {
  let sims: Sims
  let bank: PaymentGateway
  beforeAll(async () => {
    sims = await startSims()
    bank = createPaymentGateway(subjects[name](sims.ipg.url))
  })
  afterAll(() => sims.close())

  async function start(amountRial = 1_200_000n): Promise<StoredAttempt> {
    const attemptId = nextAttempt()
    const { token } = await bank.request({ attemptId, amountRial, callbackUrl, description: 'فاکتور ۱۲' })
    return { attemptId, token, amountRial }
  }
  function come(attempt: StoredAttempt, action: 'pay' | 'cancel' | 'insufficient') {
    const { method, fields } = sims.ipg.act(attempt.token, action)
    return bank.parseCallback(method, fields)
  }
  async function finish(attempt: StoredAttempt, verified: VerifyResult): Promise<VerifyResult> {
    if (!bank.settle || !('bankRef' in verified)) return verified
    return bank.settle({ ...attempt, bankRef: verified.bankRef })
  }
  const stateOf = (attempt: StoredAttempt) => sims.ipg.payments().find((p) => p.token === attempt.token)?.state
  const done = name === 'mellat' ? 'settled' : 'verified'

  test('money that a payer pays is verified, settled where that is due, and counted once', async () => {
    const attempt = await start()
    const callback = come(attempt, 'pay')
    expect(callback).toMatchObject({ ok: true, token: attempt.token })

    const verified = await bank.verify(attempt, callback)
    expect(verified).toMatchObject({ outcome: 'paid', amountRial: 1_200_000n, bankRef: expect.stringMatching(/^\d+$/) })
    expect(await finish(attempt, verified)).toMatchObject({ outcome: 'paid' })
    expect(stateOf(attempt)).toBe(done)

    const again = await bank.verify(attempt, callback)
    expect(again).toMatchObject({ outcome: 'already', bankRef: 'bankRef' in verified ? verified.bankRef : '' })
    expect(await finish(attempt, again)).toMatchObject({ outcome: 'already' })
  })

  test('the pay page takes a payer there and back, once', async () => {
    const attemptId = nextAttempt()
    const { token, redirect } = await bank.request({
      attemptId,
      amountRial: 50_000n,
      callbackUrl,
      description: 'x <b>',
    })
    const form = (fields: Record<string, string>) => new URLSearchParams(fields)
    const post = redirect.method === 'POST'

    const page = await fetch(redirect.url, post ? { method: 'POST', body: form(redirect.fields) } : {})
    expect(await page.text()).toContain('x &lt;b&gt;')
    const pay = {
      method: 'POST',
      body: form({ ...redirect.fields, action: 'pay' }),
      headers: { accept: 'application/json' },
    }
    const { callback } = (await (await fetch(redirect.url, pay)).json()) as {
      callback: { method: 'GET' | 'POST'; url: string; fields: Record<string, string> }
    }

    expect(callback).toMatchObject({ method: bank.caps.callbackMethod, url: callbackUrl })
    expect(bank.parseCallback(callback.method, callback.fields)).toMatchObject({ ok: true, token })
    expect((await fetch(redirect.url, pay)).status).toBe(409)
  })

  test.each(['cancel', 'insufficient'] as const)('a payer who ends in %s has not paid', async (action) => {
    const attempt = await start()
    const callback = come(attempt, action)

    expect(callback.ok).toBe(false)
    expect(await bank.verify(attempt, callback)).toMatchObject({ outcome: 'not-paid' })
  })

  test('nobody has paid before the bank says so, whatever the callback claims', async () => {
    const attempt = await start()
    const forged =
      name === 'zarinpal'
        ? bank.parseCallback('GET', { Authority: attempt.token, Status: 'OK' })
        : bank.parseCallback('POST', {
            RefId: attempt.token,
            ResCode: '0',
            SaleOrderId: String(attempt.attemptId),
            SaleReferenceId: '160000009999',
          })

    expect(forged.ok).toBe(true)
    expect(await bank.verify(attempt, forged)).toMatchObject({ outcome: 'not-paid' })
    expect(stateOf(attempt)).toBe('created')
  })

  test('the receipt of one attempt does not pay another', async () => {
    const cheap = await start(10_000n)
    const dear = await start(9_000_000n)
    const receipt = come(cheap, 'pay')

    expect(await bank.verify(dear, receipt)).toMatchObject({ outcome: 'mismatch' })
    const relabelled = { ...receipt, orderRef: String(dear.attemptId) }
    expect(await bank.verify(dear, relabelled)).toMatchObject({ outcome: 'mismatch' })
    expect(
      await bank.verify(
        { ...dear, bankRef: receipt.bankRef },
        { ...receipt, token: dear.token, orderRef: String(dear.attemptId) },
      ),
    ).toMatchObject({
      outcome: 'not-paid',
    })
    expect(stateOf(dear)).toBe('created')
  })

  test.each(['http500', 'rubbish', 'reset', 'cut', 'twice', 'loseAnswer'] as const)(
    'a verify that meets %s is asked again and ends in one payment',
    async (kind) => {
      const attempt = await start()
      const callback = come(attempt, 'pay')
      sims.ipg.faults.add({ kind, method: verifyCall[name] })

      let result = await bank.verify(attempt, callback)
      expect(['paid', 'already', 'unknown']).toContain(result.outcome)
      for (let i = 0; i < 3 && result.outcome === 'unknown'; i++) result = await bank.verify(attempt, callback)

      expect(['paid', 'already']).toContain(result.outcome)
      expect(['paid', 'already']).toContain((await finish(attempt, result)).outcome)
      expect(stateOf(attempt)).toBe(done)
    },
  )

  test('a bank that is down makes requests Unavailable and verifies unknown, never "not paid"', async () => {
    const attempt = await start()
    const callback = come(attempt, 'pay')
    const other = await startSims()
    const lost = createPaymentGateway(subjects[name](other.ipg.url))
    await other.close()

    expect(
      await failureOf(lost.request({ attemptId: nextAttempt(), amountRial: 1_000n, callbackUrl, description: 'x' })),
    ).toMatchObject({ name: 'Unavailable' })
    expect(await lost.verify(attempt, callback)).toMatchObject({ outcome: 'unknown' })
  })

  test('a request that fails half-way costs nothing and may be made again', async () => {
    sims.ipg.faults.add({ kind: 'reset' })
    const attemptId = nextAttempt()
    const wish = { attemptId, amountRial: 5_000n, callbackUrl, description: 'x' }

    expect(await failureOf(bank.request(wish))).toMatchObject({ name: 'Unavailable' })
    expect(await bank.request(wish)).toMatchObject({ token: expect.any(String) })
  })

  test('wrong credentials and impossible amounts are refused', async () => {
    const wrong = { gateway: name, merchantId: 'x'.repeat(36), terminalId: '1', userName: 'x', password: 'x' }
    const stranger = createPaymentGateway({ ...subjects[name](sims.ipg.url), ...wrong })
    const wish = { attemptId: nextAttempt(), amountRial: 5_000n, callbackUrl, description: 'x' }

    expect(await failureOf(stranger.request(wish))).toMatchObject({ name: 'Refused', code: 'AUTH' })
    expect(await failureOf(bank.request({ ...wish, amountRial: 0n }))).toMatchObject({
      name: 'Refused',
      code: 'VALIDATION',
    })
    expect(await failureOf(bank.request({ ...wish, amountRial: -5n }))).toMatchObject({
      name: 'Refused',
      code: 'VALIDATION',
    })
  })

  test('every amount of Rial arrives at the bank as it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 1_000n, max: 1_000_000_000n }), async (amountRial) => {
        const { token } = await start(amountRial)
        expect(sims.ipg.payments().find((p) => p.token === token)?.amountRial).toBe(Number(amountRial))
      }),
      { numRuns: 20 },
    )
  })

  test.each([
    ['a billion laughs', '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'],
    ['an external entity', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'],
    ['a success behind a document type', `<!DOCTYPE x>${success}`],
    ['two megabytes', 'x'.repeat(2_000_000)],
    ['nothing', ''],
  ])('an answer made of %s proves nothing', async (_what, body) => {
    const attempt = await start()
    const callback = come(attempt, 'pay')
    const evil = createServer((_request, response) => response.end(body))
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve))
    const fooled = createPaymentGateway(subjects[name](`http://127.0.0.1:${(evil.address() as AddressInfo).port}`))

    const result = await fooled.verify(attempt, callback)
    evil.close()

    expect(result).toMatchObject({ outcome: 'unknown' })
  })

  test('a payment can be taken back before it is final', async () => {
    const attempt = await start()
    const verified = await bank.verify(attempt, come(attempt, 'pay'))
    const paid = { ...attempt, bankRef: 'bankRef' in verified ? verified.bankRef : undefined }

    expect(await bank.reverse?.(paid)).toMatchObject({ outcome: 'reversed' })
    expect(stateOf(attempt)).toBe('reversed')
    expect(await bank.verify(paid)).toMatchObject({ outcome: 'not-paid' })
  })
})

describe('what only Zarinpal has', () => {
  let sims: Sims
  const at = (merchantId: string) => createPaymentGateway({ gateway: 'zarinpal', url: sims.ipg.url, merchantId })
  beforeAll(async () => {
    sims = await startSims()
  })
  afterAll(() => sims.close())

  test('another amount or another merchant is a mismatch', async () => {
    const bank = at(simCredentials.zarinpal.merchantId)
    const { token } = await bank.request({ attemptId: 1n, amountRial: 20_000n, callbackUrl, description: 'x' })
    sims.ipg.act(token, 'pay')

    expect(await bank.verify({ attemptId: 1n, token, amountRial: 200_000n })).toMatchObject({
      outcome: 'mismatch',
      code: '-50',
    })
    const other = at('00000000-0000-4000-8000-000000000002')
    expect(await other.verify({ attemptId: 1n, token, amountRial: 20_000n })).toMatchObject({
      outcome: 'mismatch',
      code: '-53',
    })
  })

  test('money that came and was never verified is on the list until it is', async () => {
    const bank = at(simCredentials.zarinpal.merchantId)
    const { token } = await bank.request({ attemptId: 2n, amountRial: 30_000n, callbackUrl, description: 'x' })
    const attempt = { attemptId: 2n, token, amountRial: 30_000n }
    expect(await bank.inquire?.(attempt)).toBe('pending')
    sims.ipg.act(token, 'pay')

    expect(await bank.inquire?.(attempt)).toBe('paid')
    expect(await bank.listUnverified?.()).toContainEqual({ token, amountRial: 30_000n })
    await bank.verify(attempt)
    expect(await bank.listUnverified?.()).not.toContainEqual({ token, amountRial: 30_000n })
  })

  test.each([
    {},
    { Authority: '', Status: 'OK' },
    { Authority: 'A<script>', Status: 'OK' },
    { Authority: `B${'1'.repeat(35)}`, Status: 'OK' },
  ])('the callback %p is not one', (fields) => {
    const bank = at(simCredentials.zarinpal.merchantId)
    expect(bank.parseCallback('GET', fields as Record<string, string>)).toEqual({ ok: false, code: 'bad-authority' })
    expect(bank.parseCallback('POST', { Authority: `A${'1'.repeat(35)}`, Status: 'OK' })).toMatchObject({ ok: false })
  })
})

describe('what only Mellat has', () => {
  let sims: Sims
  let bank: PaymentGateway
  beforeAll(async () => {
    sims = await startSims()
    bank = createPaymentGateway(subjects.mellat(sims.ipg.url))
  })
  afterAll(() => sims.close())

  async function paid(attemptId: bigint): Promise<StoredAttempt> {
    const amountRial = 400_000n
    const { token } = await bank.request({ attemptId, amountRial, callbackUrl, description: 'x & <y>' })
    const { method, fields } = sims.ipg.act(token, 'pay')
    return { attemptId, token, amountRial, bankRef: bank.parseCallback(method, fields).bankRef }
  }

  test('an order number is used once', async () => {
    await paid(1n)
    const twice = bank.request({ attemptId: 1n, amountRial: 1_000n, callbackUrl, description: 'x' })
    expect(await failureOf(twice)).toMatchObject({ name: 'Refused', code: 'DUPLICATE', vendor: { code: '41' } })
  })

  test('money that is verified and not settled goes back to the payer', async () => {
    const attempt = await paid(2n)
    expect(await bank.verify(attempt)).toMatchObject({ outcome: 'paid' })
    sims.clock.advance(16 * 60_000)

    expect(await bank.settle?.(attempt)).toMatchObject({ outcome: 'not-paid', code: '48' })
  })

  test('settle before verify is not success', async () => {
    expect(await bank.settle?.(await paid(3n))).toMatchObject({ outcome: 'not-paid', code: '44' })
  })

  test('parts of a settled sale can be refunded up to its amount, each number once', async () => {
    const attempt = await paid(4n)
    await bank.verify(attempt)
    await bank.settle?.(attempt)

    expect(await bank.refund?.(attempt, { amountRial: 300_000n, refundOrderId: 9_001n })).toMatchObject({
      outcome: 'refunded',
    })
    expect(await bank.refund?.(attempt, { amountRial: 300_000n, refundOrderId: 9_001n })).toMatchObject({
      outcome: 'already',
    })
    expect(await bank.refund?.(attempt, { amountRial: 200_000n, refundOrderId: 9_002n })).toMatchObject({
      outcome: 'refused',
      code: '25',
    })
  })

  test('a reversal after settling is refused', async () => {
    const attempt = await paid(5n)
    await bank.verify(attempt)
    await bank.settle?.(attempt)
    expect(await bank.reverse?.(attempt)).toMatchObject({ outcome: 'refused', code: '45' })
  })
})
