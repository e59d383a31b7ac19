import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'drizzle-orm'
import { createDb } from '../db/client.ts'
import { addRate } from '../db/exchange-rates.ts'
import { invoiceById } from '../db/invoices.ts'
import { decisionOf } from '../db/price-decisions.ts'
import { addPrice, addVersion, createProduct, setRelations } from '../db/product-prices.ts'
import { publishRules, ruleSetOf, saveDimension, saveRuleDraft, saveRuleLimits } from '../db/rule-sets.ts'
import { taxRates } from '../db/schema/catalogue.ts'
import { createSubscription } from '../db/subscriptions.ts'
import { aCustomer, anOrder, aWorld, instant } from '../db/test-rows.ts'
import { testDatabase } from '../dev/test-database.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import { rial } from '../domain/money.ts'
import type { PriceWish } from '../rules/price-basis.ts'
import { createPricing } from '../rules/pricing.ts'
import { createBillingActivities } from './billing.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let db: ReturnType<typeof createDb>
const pricing = createPricing({ rateMaxAgeHours: 48 })
const nowMs = Date.parse(instant(0))

beforeAll(async () => {
  database = await testDatabase()
  db = createDb(database.url, { max: 10 })
  await aWorld(db)
  await aCustomer(db, 'c1', 'arya')
  const rate = { code: 'vat', labelFa: 'م', labelEn: 'VAT', numerator: 10, denominator: 100 }
  await db.insert(taxRates).values([{ ...rate, validFrom: '2024-03-20' }])
  for (const id of ['router', 'licence', 'pack'])
    await createProduct(db, { id, code: id, kind: 'goods', labelFa: id, labelEn: id, orderDefinition: 'adsl' })
  const price = (productId: string, amount: number, more = {}) =>
    addPrice(db, { productId, validFrom: '2025-01-01', amount: rial(amount), taxes: ['vat'], ...more })
  await price('adsl-16', 1_990_000)
  await price('adsl-16', 500_000, { charge: 'one-off' })
  await price('router', 3_000_000, { charge: 'one-off' })
  await price('licence', 1_999, { currency: 'USD', taxes: [] })
  await price('pack', 4_000_001)
  await setRelations(db, 'pack', [
    { kind: 'includes', otherId: 'adsl-16', quantity: 1 },
    { kind: 'includes', otherId: 'router', quantity: 1 },
  ])
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const off = (percent: string, stacking = 'additive'): Json => ({ type: 'discount', params: { stacking, percent } })
const rule = (name: string, all: Json[], event: Json, priority = 1): Json => ({
  name,
  priority,
  conditions: { all },
  event,
})
const publish = (id: string, rules: Json[], partnerId: string | null = null) =>
  db.transaction(async (tx) => {
    const version = await saveRuleDraft(tx, { id, partnerId, rules, note: '', by: 'u1', at: instant(0) })
    await publishRules(tx, { id, version, by: 'u1', at: instant(0) })
    return version
  })
const wish = (productId: string, more: Partial<PriceWish> = {}): PriceWish => ({
  atMs: nowMs,
  kind: 'new',
  customerId: 'c1',
  partnerId: 'arya',
  cityId: 'thr',
  centreId: 'thr-1',
  data: {},
  items: [{ productId, quantity: 1 }],
  ...more,
})
const quote = (productId: string, more: Partial<PriceWish> = {}) => pricing.quote(db, wish(productId, more))
const call = (orderId: string, input: JsonObject) => ({
  key: `${orderId}/proforma`,
  orderId,
  input: { orderId, ...input },
})
const billing = () => createBillingActivities({ db, payments: {}, pricing, engineVersion: 1, now: () => nowMs })

describe('prices by catalogue and rules', () => {
  test('without rules: recurring and one-off lines, each with its own tax (M3)', async () => {
    const { lines, totalRial } = await quote('adsl-16')
    expect(lines.map(({ charge, amounts }) => [charge, amounts.netRial, amounts.taxRial])).toEqual([
      ['recurring', 1_990_000, 199_000],
      ['one-off', 500_000, 50_000],
    ])
    expect(totalRial).toBe(2_739_000)
    expect((await quote('adsl-16', { kind: 'renewal' })).lines).toHaveLength(1)
  })

  test('a bundle costs its own price, split over its parts without loss (M7)', async () => {
    const { lines } = await quote('pack')
    expect(lines.map(({ productId, bundleId }) => [productId, bundleId])).toEqual([
      ['adsl-16', 'pack'],
      ['adsl-16', 'pack'],
      ['router', 'pack'],
    ])
    expect(lines.reduce((sum, { amounts }) => sum + amounts.netRial, 0)).toBe(4_000_001)
  })

  test('a price in foreign money is in Rial at the rate of the day, or refused (M2, M13)', async () => {
    await expect(quote('licence')).rejects.toMatchObject({ code: 'NoFreshRate' })
    await addRate(db, {
      base: 'USD',
      quote: 'IRR',
      numerator: 112_345_678,
      denominator: 100,
      validFrom: instant(-60),
      source: 't',
    })
    expect((await quote('licence')).totalRial).toBe(22_457_901)
  })

  test('discounts, add-ons, commission and rejections are decided and explained, with an agent’s rule for all below him', async () => {
    await publish('prices', [
      rule(
        'nowruz',
        [{ fact: 'at', operator: 'inWindow', value: { calendar: 'jalali', from: '01-01', to: '01-13' } }],
        off('50'),
      ),
      rule(
        'tehran',
        [
          { fact: 'agent', operator: 'contains', value: 'tehran' },
          { fact: 'product', operator: 'equal', value: 'adsl-16' },
        ],
        off('10'),
      ),
      rule('gift', [{ fact: 'product', operator: 'equal', value: 'adsl-16' }], {
        type: 'addOn',
        params: { productId: 'router', quantity: 1, free: true },
      }),
      rule('share', [], { type: 'commission', params: { percent: '7.5' } }),
    ])
    const { lines, totalRial } = await quote('adsl-16', { kind: 'renewal' })
    expect(lines.map(({ productId, addedBy, amounts }) => [productId, addedBy, amounts.netRial])).toEqual([
      ['adsl-16', null, 1_791_000],
      ['router', 'prices/gift', 0],
    ])
    expect(totalRial).toBe(1_970_100)
    const told = Object.fromEntries((lines[0]?.explanation ?? []).map((one) => [one.rule, one]))
    expect(told['tehran']).toMatchObject({
      outcome: 'applied',
      amountRial: 199_000,
      arithmetic: '1990000 × 10 / 100 = 199000',
    })
    expect(told['nowruz']).toMatchObject({
      matched: false,
      outcome: 'noMatch',
      why: [{ dimension: 'at', actual: nowMs, holds: false }],
    })
    expect(told['share']).toMatchObject({
      outcome: 'applied',
      amountRial: 134_325,
      arithmetic: '1791000 × 75 / 1000 = 134325',
    })
    expect((await quote('adsl-16', { kind: 'renewal', partnerId: 'shiraz' })).totalRial).toBe(2_189_000)
  })

  test('a new dimension counts from the next price on, by one row (BR8)', async () => {
    await saveDimension(db, {
      id: 'tier',
      path: 'customer.attributes.tier',
      type: 'text',
      labelFa: 'سطح',
      labelEn: 'Tier',
    })
    await publish('loyalty', [
      rule('gold', [{ fact: 'tier', operator: 'equal', value: 'gold' }], off('25', 'exclusive')),
    ])
    const price = async () => (await quote('adsl-16', { kind: 'renewal' })).lines[0]?.amounts.netRial
    expect(await price()).toBe(1_791_000)
    await db.execute(sql`update customers set attributes = '{"tier": "gold"}' where id = 'c1'`)
    expect(await price()).toBe(1_492_500)
    await db.execute(sql`update customers set attributes = '{}' where id = 'c1'`)
  })

  test('an agent’s own rules stay within his limits, hold for those below him only, and never go beyond those above (BR9)', async () => {
    const own = [rule('mine', [], off('5'))]
    const examine = (
      rules: Json[],
      limits: { effects: string[]; maxDiscountBp: number; maxCommissionBp: number } | null,
    ) =>
      pricing.examine(db, rules, { partnerId: 'tehran', limits: limits && { partnerId: 'tehran', ...limits } }, nowMs)
    const limits = { effects: ['discount'], maxDiscountBp: 500, maxCommissionBp: 0 }
    await expect(examine(own, null)).rejects.toMatchObject({ code: 'BeyondLimits', place: '$.rules[0].event' })
    await expect(examine([rule('mine', [], off('5.01'))], limits)).rejects.toMatchObject({ code: 'BeyondLimits' })
    await expect(
      examine([rule('m', [], { type: 'commission', params: { percent: '1' } })], limits),
    ).rejects.toMatchObject({ code: 'BeyondLimits' })
    expect(await examine(own, limits)).toEqual([])
    await saveRuleLimits(db, { partnerId: 'tehran', ...limits })
    await expect(saveRuleLimits(db, { partnerId: 'arya', ...limits, maxDiscountBp: 501 })).rejects.toMatchObject({
      code: 'LimitAboveParent',
    })
    await saveRuleLimits(db, { partnerId: 'arya', ...limits })
    await expect(saveRuleLimits(db, { partnerId: 'tehran', ...limits, maxDiscountBp: 499 })).rejects.toMatchObject({
      code: 'LimitAboveParent',
    })
    await publish('agent-tehran', own, 'tehran')
    expect((await quote('adsl-16', { kind: 'renewal' })).lines[0]?.amounts.discountRial).toBe(199_000 + 99_500)
    expect((await quote('adsl-16', { kind: 'renewal', partnerId: 'shiraz' })).lines[0]?.amounts.discountRial).toBe(0)
  })

  test('an order’s proforma is what the rules say, and keeps how it came about; a rejected one leaves nothing', async () => {
    const order = await anOrder(db, { customerId: 'c1', productId: 'adsl-16' })
    const made = await billing()['billing.issueProforma'](call(order.id, { productId: 'adsl-16' }))
    expect(made['amountRial']).toBe(Math.round(2_490_000 * 0.85 * 1.1))
    expect(await billing()['billing.issueProforma'](call(order.id, { productId: 'adsl-16' }))).toEqual(made)
    const document = await invoiceById(db, made['proformaId'] as string)
    expect(document?.lines.map(({ productId, discountRial }) => [productId, discountRial])).toEqual([
      ['adsl-16', 298_500],
      ['router', 3_000_000],
      ['adsl-16', 75_000],
    ])
    expect((await decisionOf(db, made['proformaId'] as string))?.decision).toMatchObject({
      totalRial: made['amountRial'],
    })

    await publish('stop', [
      rule('no-more', [{ fact: 'exchange', operator: 'equal', value: 'thr-1' }], {
        type: 'reject',
        params: { reason: { fa: 'پر است', en: 'full' } },
      }),
    ])
    const next = await anOrder(db, { customerId: 'c1', productId: 'adsl-16', centreId: 'thr-1' })
    await expect(billing()['billing.issueProforma'](call(next.id, { productId: 'adsl-16' }))).rejects.toMatchObject({
      type: 'RejectedByRules',
      message: 'full',
    })
    const [left] = await db.execute(sql`select count(*) as n from invoices where order_id = ${next.id}`)
    expect(left).toEqual({ n: 0 })
  })

  test('what-if: the rules of the sale give the sale to the Rial; others their difference, and nothing is written', async () => {
    const time = { from: instant(-1), to: instant(1) }
    const loaded = async (version: number) => {
      const row = await ruleSetOf(db, 'prices', version)
      if (row === null) throw new Error('no such version')
      return row
    }
    await publish('stop', [rule('never-here', [{ fact: 'exchange', operator: 'equal', value: 'none' }], off('1'))])
    const same = await pricing.whatIf(db, await loaded(1), time)
    expect(same).toMatchObject({ sales: 1, changed: [], rejected: 0 })
    expect(same.afterRial).toBe(same.beforeRial)
    const draft = await db.transaction((tx) =>
      saveRuleDraft(tx, {
        id: 'prices',
        partnerId: null,
        rules: [rule('all', [], off('20'))],
        note: '',
        by: 'u1',
        at: instant(0),
      }),
    )
    const before = await db.execute(sql`select count(*) as n from price_decisions`)
    const other = await pricing.whatIf(db, await loaded(draft), time)
    expect(other.afterRial).toBe(Math.round(2_490_000 * 0.75 * 1.1))
    expect(other.changed).toMatchObject([{ beforeRial: same.beforeRial, afterRial: other.afterRial }])
    expect(await db.execute(sql`select count(*) as n from price_decisions`)).toEqual(before)
  })

  test('a subscriber keeps the version and the price that he bought, until he changes', async () => {
    const { id: orderId } = await anOrder(db, { customerId: 'c1', productId: 'adsl-16' })
    const dates = { startsAt: instant(-100), expiresAt: instant(100) }
    const subscription = await createSubscription(db, {
      id: 's1',
      orderId,
      customerId: 'c1',
      partnerId: 'shiraz',
      productId: 'adsl-16',
      ...dates,
    })
    const version = await addVersion(db, 'adsl-16', { gigabytes: 9 })
    await addPrice(db, {
      productId: 'adsl-16',
      version,
      validFrom: '2026-01-01',
      amount: rial(9_000_000),
      taxes: ['vat'],
    })
    expect([subscription.productVersion, version]).toEqual([1, 2])
    const renewal = await anOrder(db, { kind: 'renewal', customerId: 'c1', partnerId: 'shiraz', subscriptionId: 's1' })
    const made = await billing()['billing.issueProforma'](call(renewal.id, { productId: 'adsl-16', kind: 'renewal' }))
    expect(made['amountRial']).toBe(2_189_000)
    expect((await quote('adsl-16', { kind: 'renewal', partnerId: 'shiraz' })).totalRial).toBe(9_900_000)
  })

  test('the upgrade matrix and the gateways of a product follow their rules (BR4, BR5)', async () => {
    expect(await pricing.mayChange(db, wish('router', { kind: 'change' }))).toEqual({ allowed: true, rule: null })
    expect(await pricing.gatewaysFor(db, wish('router'))).toBeNull()
    await publish('matrix', [
      rule(
        'up',
        [
          { fact: 'fromProduct', operator: 'equal', value: 'adsl-16' },
          { fact: 'product', operator: 'equal', value: 'pack' },
        ],
        { type: 'upgrade', params: { allow: true } },
      ),
      rule('goods', [{ fact: 'productKind', operator: 'equal', value: 'goods' }], {
        type: 'terminal',
        params: { gateways: ['mellat'] },
      }),
    ])
    const change = (productId: string) =>
      pricing.mayChange(
        db,
        wish(productId, { kind: 'change', items: [{ productId, quantity: 1, fromProductId: 'adsl-16' }] }),
      )
    expect(await change('router')).toEqual({ allowed: false, rule: null })
    expect(await pricing.gatewaysFor(db, wish('router'))).toEqual(['mellat'])
  })
})
