import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { verifyLedger } from '../../db/ledger.ts'
import { type ApiWorld, startApiWorld } from './api-world.ts'

let world: ApiWorld
const tokens: Record<string, string> = {}

beforeAll(async () => {
  world = await startApiWorld()
  for (const user of ['accountant-lead', 'accountant', 'admin', 'arya', 'tehran', 'esfahan', 'maryam'])
    tokens[user] = await world.login(user)
})
afterAll(async () => {
  expect(await verifyLedger(world.db)).toEqual([])
  await world.close()
})

const as = (user: string) => ({ token: tokens[user] })
const entry = (amount: number, account = '2100:maryam') => ({
  description: 'cash paid in',
  lines: [
    { account: '1102', side: 'debit', amount },
    { account, side: 'credit', amount },
  ],
})

describe('the book over the API', () => {
  test('an entry is posted by hand and read back; the wallet shows its balance and its lines', async () => {
    const made = await world.call('POST', '/v1/ledger/entries', { ...as('accountant-lead'), body: entry(700) })
    expect(made.status).toBe(201)
    const read = await world.call('GET', `/v1/ledger/entries/${made.body.id}`, as('accountant'))
    expect(read.body.lines).toMatchObject([
      { accountId: '1102', debit: 700 },
      { accountId: '2100:maryam', credit: 700, balanceAfter: 700 },
    ])
    const wallet = await world.call('GET', '/v1/wallets/2100:maryam', as('maryam'))
    expect(wallet.body.balances).toMatchObject([{ posted: 700, held: 0, creditLimit: 0, available: 700 }])
    const statement = await world.call('GET', '/v1/wallets/2100:maryam/statement', as('maryam'))
    expect(statement.body.lines).toMatchObject([{ credit: 700, balanceAfter: 700 }])
    const { body } = await world.call('GET', '/v1/ledger/accounts', as('accountant'))
    expect(body.chart.find(({ code }: { code: string }) => code === '2100')).toMatchObject({ balanceRial: 700 })
    expect((await world.call('GET', '/v1/ledger/proof', as('accountant-lead'))).body).toMatchObject({
      whole: true,
      sums: { IRR: 0 },
    })
  })

  test('a bad entry is refused with its place or reason, and nothing is booked', async () => {
    const refused = async (body: unknown) => {
      const { status, body: problem } = await world.call('POST', '/v1/ledger/entries', {
        ...as('accountant-lead'),
        body,
      })
      return [status, problem.code]
    }
    const unbalanced = entry(5)
    unbalanced.lines[1] = { account: '2100:maryam', side: 'credit', amount: 4 }
    expect(await refused(unbalanced)).toEqual([422, 'UnbalancedPosting'])
    expect(await refused(entry(-5))).toEqual([422, 'BadInput'])
    expect(await refused(entry(1.5))).toEqual([422, 'BadInput'])
    expect(await refused(entry(5, '9999'))).toEqual([422, 'UnknownAccount'])
    expect(await refused(entry(5, '2100:nobody'))).toEqual([422, 'UnknownAccount'])
    expect(await refused({ ...entry(5), lines: entry(5).lines.map((line) => ({ ...line, currency: 'XXX' })) })).toEqual(
      [422, 'UnknownCurrency'],
    )
    const over = {
      description: 'too much',
      lines: [
        { account: '2100:maryam', side: 'debit', amount: 701 },
        { account: '1102', side: 'credit', amount: 701 },
      ],
    }
    expect(await refused(over)).toEqual([409, 'InsufficientFunds'])
  })

  test('who posted an entry does not take it back himself', async () => {
    const { body } = await world.call('POST', '/v1/ledger/entries', { ...as('accountant-lead'), body: entry(3) })
    const mine = await world.call('POST', `/v1/ledger/entries/${body.id}/reversal`, {
      ...as('accountant-lead'),
      body: { reason: 'mistake' },
    })
    expect(mine.status).toBe(403)
  })

  test('a wallet is seen by its owner and by the agents above him, by nobody else', async () => {
    const seen = async (user: string, wallet: string) =>
      [
        await world.call('GET', `/v1/wallets/${wallet}`, as(user)),
        await world.call('GET', `/v1/wallets/${wallet}/statement`, as(user)),
      ].map(({ status }) => status)
    expect(await seen('arya', '2110:arya')).toEqual([200, 200])
    expect(await seen('tehran', '2110:arya')).toEqual([200, 200])
    expect(await seen('esfahan', '2110:arya')).toEqual([404, 404])
    expect(await seen('arya', '2110:tehran-agency')).toEqual([404, 404])
    expect(await seen('maryam', '2110:arya')).toEqual([404, 404])
    expect(await seen('esfahan', '2100:maryam')).toEqual([404, 404])
  })

  test('money is held within the credit limit and freed again', async () => {
    const hold = (amount: number) =>
      world.call('POST', '/v1/wallets/2110:esfahan-agency/holds', {
        ...as('accountant'),
        body: { amount, reason: 'order', expiresAt: '2999-01-01T00:00:00Z' },
      })
    expect((await hold(20_000_001)).body.code).toBe('InsufficientFunds')
    const limit = { ...as('accountant-lead'), body: { creditLimit: 1 } }
    expect((await world.call('PUT', '/v1/wallets/2110:esfahan-agency/credit-limit', limit)).status).toBe(200)
    const held = await hold(20_000_001)
    expect(held.status).toBe(201)
    expect((await world.call('GET', '/v1/wallets/2110:esfahan-agency', as('esfahan'))).body).toMatchObject({
      balances: [{ available: 0, held: 20_000_001 }],
      holds: [{ id: held.body.id }],
    })
    const none = { ...as('accountant-lead'), body: { creditLimit: 0 } }
    expect((await world.call('PUT', '/v1/wallets/2110:esfahan-agency/credit-limit', none)).body.code).toBe('LimitInUse')
    expect(
      (await world.call('POST', `/v1/holds/${held.body.id}/void`, { ...as('accountant'), body: {} })).body,
    ).toMatchObject({ status: 'void' })
  })

  test('the chart grows by configuration, and rates are kept with their source', async () => {
    const body = { kind: 'asset', label: { fa: 'تنخواه', en: 'Petty cash' } }
    expect((await world.call('PUT', '/v1/ledger/accounts/1105', { ...as('admin'), body })).status).toBe(200)
    const changed = await world.call('PUT', '/v1/ledger/accounts/1102', {
      ...as('admin'),
      body: { ...body, kind: 'expense' },
    })
    expect(changed.status).toBe(409)
    const rate = { base: 'USD', rate: '1123456.78', source: 'hand' }
    expect((await world.call('POST', '/v1/exchange-rates', { ...as('accountant'), body: rate })).status).toBe(201)
    expect(
      (await world.call('POST', '/v1/exchange-rates', { ...as('accountant'), body: { ...rate, rate: '1e6' } })).body
        .code,
    ).toBe('BadRate')
    expect((await world.call('GET', '/v1/exchange-rates?currency=USD', as('maryam'))).body.rates).toMatchObject([
      { numerator: 112_345_678, denominator: 100 },
    ])
  })
})
