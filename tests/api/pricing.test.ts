import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ApiWorld, startApiWorld } from './api-world.ts'

let world: ApiWorld
const tokens: Record<string, string> = {}
beforeAll(async () => {
  world = await startApiWorld()
  for (const user of ['admin', 'sales', 'sales-lead', 'arya', 'tehran', 'esfahan', 'maryam'])
    tokens[user] = await world.login(user)
})
afterAll(() => world.close())

const send = (method: string, path: string, user: string, body?: unknown) =>
  world.call(method, path, { token: tokens[user], ...(body !== undefined && { body }) })
const off = (name: string, percent: string, stacking = 'additive', priority = 1) => ({
  name,
  priority,
  conditions: { all: [] },
  event: { type: 'discount', params: { stacking, percent } },
})
const quote = (user: string, body: object = {}) =>
  send('POST', '/v1/quotes', user, { items: [{ productId: 'adsl-8-1m' }], customerId: 'maryam', ...body })

describe('rules and quotes over the API', () => {
  test('a draft tells its findings, counts when published, and is never changed then', async () => {
    const shadowed = { rules: [off('small', '5', 'exclusive'), off('big', '10', 'exclusive', 2)] }
    const draft = await send('POST', '/v1/rule-sets/spring/versions', 'sales-lead', shadowed)
    expect(draft.body).toMatchObject({ version: 1, findings: [{ kind: 'shadowed', rule: 'small', other: 'big' }] })
    expect((await quote('sales')).body).toMatchObject({ totalRial: 2_189_000, rules: [] })
    expect((await send('POST', '/v1/rule-sets/spring/versions/1/publish', 'sales-lead', {})).body).toMatchObject({
      status: 'published',
    })
    expect((await send('POST', '/v1/rule-sets/spring/versions/1/publish', 'sales-lead', {})).body.code).toBe(
      'AlreadyPublished',
    )
    const priced = (await quote('sales')).body
    expect(priced).toMatchObject({ totalRial: 1_970_100, rules: [{ set: 'spring', version: 1 }] })
    expect(priced.lines[0].explanation).toMatchObject([
      { rule: 'big', outcome: 'applied', amountRial: 199_000 },
      { rule: 'small', outcome: 'superseded', supersededBy: 'spring/big' },
    ])
    expect((await quote('maryam')).body.lines[0].explanation).toEqual([])
  })

  test('a bad rule is refused with its place; one that never matches is not published', async () => {
    const bad = await send('POST', '/v1/rule-sets/bad/versions', 'admin', { rules: [off('a', '101')] })
    expect([bad.status, bad.body.code, bad.body.errors[0].place]).toEqual([
      422,
      'BadRule',
      '$.rules[0].event.params.percent',
    ])
    const never = {
      ...off('a', '1'),
      conditions: {
        all: [
          { fact: 'amount', operator: 'lessThan', value: 5 },
          { fact: 'amount', operator: 'greaterThan', value: 5 },
        ],
      },
    }
    await send('POST', '/v1/rule-sets/never/versions', 'admin', { rules: [never] })
    expect((await send('POST', '/v1/rule-sets/never/versions/1/publish', 'admin', {})).body.code).toBe('NeverMatches')
  })

  test('an agent writes rules of his own within his limits, for nobody else, and sees no other’s', async () => {
    const own = (user: string, partnerId: string | null, percent = '3') =>
      send('POST', `/v1/rule-sets/of-${user}/versions`, user, { partnerId, rules: [off('mine', percent)] })
    expect((await own('tehran', null)).status).toBe(403)
    expect((await own('tehran', 'esfahan-agency')).status).toBe(403)
    expect((await own('tehran', 'tehran-agency')).body.code).toBe('BeyondLimits')
    const limits = { effects: ['discount'], maxDiscountBp: 300, maxCommissionBp: 0 }
    expect((await send('PUT', '/v1/partners/tehran-agency/rule-limits', 'admin', limits)).status).toBe(200)
    expect(
      (await send('PUT', '/v1/partners/arya/rule-limits', 'admin', { ...limits, maxDiscountBp: 301 })).body.code,
    ).toBe('LimitAboveParent')
    expect((await own('tehran', 'tehran-agency')).status).toBe(201)
    expect((await own('tehran', 'tehran-agency', '3.01')).body.code).toBe('BeyondLimits')
    expect((await send('GET', '/v1/rule-sets', 'tehran')).body.ruleSets).toMatchObject([{ id: 'of-tehran' }])
    expect((await send('GET', '/v1/rule-sets', 'esfahan')).body.ruleSets).toEqual([])
    expect((await send('GET', '/v1/rule-sets/of-tehran/versions/1', 'esfahan')).status).toBe(404)
  })

  test('a quote reaches no further than its maker', async () => {
    expect((await quote('esfahan')).status).toBe(422)
    expect((await quote('esfahan', { customerId: null, partnerId: 'arya' })).status).toBe(422)
    expect((await quote('esfahan', { customerId: null, partnerId: 'esfahan-agency' })).status).toBe(200)
    expect((await quote('sales', { items: [{ productId: 'none' }] })).status).toBe(404)
  })

  test('a dimension is added by one row, and rules may ask about it at once', async () => {
    const asks = {
      rules: [{ ...off('a', '1'), conditions: { all: [{ fact: 'referrer', operator: 'equal', value: 'leila' }] } }],
    }
    expect((await send('POST', '/v1/rule-sets/ref/versions', 'admin', asks)).body.code).toBe('BadRule')
    const dimension = { path: 'order.data.referrer', type: 'text', label: { fa: 'معرف', en: 'Referrer' } }
    expect((await send('PUT', '/v1/rule-dimensions/referrer', 'admin', dimension)).status).toBe(200)
    expect((await send('POST', '/v1/rule-sets/ref/versions', 'admin', asks)).status).toBe(201)
    expect((await send('PUT', '/v1/rule-dimensions/x', 'admin', { ...dimension, path: 'constructor.x' })).status).toBe(
      422,
    )
  })
})
