import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'drizzle-orm'
import { testDatabase } from '../dev/test-database.ts'
import { rial } from '../domain/money.ts'
import { findPrice, listProducts, priceOn, shelfOf } from './catalogue.ts'
import { createDb } from './client.ts'
import {
  addPrice,
  addVersion,
  changeProduct,
  createProduct,
  pricesOf,
  saveCategory,
  setRelations,
} from './product-prices.ts'
import { taxRates } from './schema/catalogue.ts'
import { aWorld, instant } from './test-rows.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let db: ReturnType<typeof createDb>

beforeAll(async () => {
  database = await testDatabase()
  db = createDb(database.url, { max: 10 })
  await aWorld(db)
  const rate = { code: 'vat', labelFa: 'م', labelEn: 'VAT', denominator: 100 }
  await db.insert(taxRates).values([
    { ...rate, validFrom: '2023-03-21', numerator: 9 },
    { ...rate, validFrom: '2024-03-20', numerator: 10 },
    { ...rate, code: 'levy', validFrom: '2020-01-01', numerator: 1, compound: true },
  ])
  for (const id of ['router', 'install', 'bundle', 'static-ip'])
    await createProduct(db, { id, code: id, kind: 'goods', labelFa: id, labelEn: id, orderDefinition: 'adsl' })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const price = (validFrom: string, amount: number, more: Partial<Parameters<typeof addPrice>[1]> = {}) =>
  addPrice(db, { productId: 'adsl-16', validFrom, amount: rial(amount), ...more })

describe('M13: price lists', () => {
  test('price and taxes are those of the day, in declared order; a limited price gives way to the one before it', async () => {
    await price('2023-03-21', 900, { taxes: ['vat'] })
    await price('2026-01-01', 1500, { taxes: ['vat', 'levy'], taxIncluded: true })
    await price('2026-03-20', 1000, { validUntil: '2026-04-03' })
    expect(await priceOn(db, 'adsl-16', '2024-03-19')).toMatchObject({
      amount: 900,
      taxes: [{ code: 'vat', numerator: 9 }],
    })
    expect(await priceOn(db, 'adsl-16', '2024-03-20')).toMatchObject({ amount: 900, taxes: [{ numerator: 10 }] })
    expect(await priceOn(db, 'adsl-16', '2026-01-01')).toMatchObject({
      amount: 1500,
      taxIncluded: true,
      taxes: [
        { code: 'vat', numerator: 10, denominator: 100, compound: false },
        { code: 'levy', numerator: 1, denominator: 100, compound: true },
      ],
    })
    const amounts = ['2026-03-19', '2026-03-20', '2026-04-02', '2026-04-03'].map((day) => priceOn(db, 'adsl-16', day))
    expect((await Promise.all(amounts)).map(({ amount }) => amount)).toEqual([1500, 1000, 1000, 1500])
    await expect(priceOn(db, 'adsl-16', '2020-01-01')).rejects.toMatchObject({ code: 'NoPrice' })
    expect(await findPrice(db, 'adsl-16', '2026-01-01', { charge: 'one-off' })).toBeNull()
  })

  test('overlaps, unknown taxes and unknown currencies are refused, also past the program', async () => {
    await expect(price('2026-03-25', 1)).rejects.toMatchObject({ code: 'PricesOverlap', place: '$.body.validFrom' })
    await expect(price('2026-03-01', 1, { validUntil: '2026-03-21' })).rejects.toMatchObject({ code: 'PricesOverlap' })
    await expect(price('2027-01-01', 1, { taxes: ['vat', 'nope'] })).rejects.toMatchObject({ code: 'UnknownTax' })
    await expect(price('2027-01-01', 1, { taxes: ['vat', 'vat'] })).rejects.toMatchObject({ code: 'UnknownTax' })
    await expect(price('2027-01-01', 1, { currency: 'XXX' })).rejects.toMatchObject({ cause: { code: '23503' } })
    await expect(
      db.execute(sql`insert into product_prices (product_id, valid_from, amount) values ('adsl-16', '2026-03-25', 1)`),
    ).rejects.toMatchObject({ cause: { code: 'SF010' } })
  })

  test('a price in force is never rewritten; one of the future is', async () => {
    await expect(price('2026-01-01', 1)).rejects.toMatchObject({ cause: { code: 'SF003' } })
    await price('2999-01-01', 7)
    await price('2999-01-01', 8)
    expect((await pricesOf(db, 'adsl-16'))[0]).toMatchObject({ validFrom: '2999-01-01', amount: 8 })
  })

  test('a new version has a price list of its own, and the old one stays for those who have it', async () => {
    expect(await addVersion(db, 'adsl-16', { gigabytes: 100 })).toBe(2)
    expect(await addVersion(db, 'adsl-16', { gigabytes: 100 })).toBe(2)
    await price('2026-06-01', 2000, { version: 2 })
    expect(await priceOn(db, 'adsl-16', '2026-06-02')).toMatchObject({ amount: 2000 })
    expect(await priceOn(db, 'adsl-16', '2026-06-02', { version: 1 })).toMatchObject({ amount: 1500 })
    await expect(
      db.execute(sql`update products set characteristics = '{"gigabytes": 1}' where id = 'adsl-16'`),
    ).rejects.toMatchObject({ cause: { code: 'SF003' } })
    await expect(db.execute(sql`delete from product_versions`)).rejects.toMatchObject({ cause: { code: 'SF003' } })
  })
})

describe('shelves', () => {
  test('a product starts and stops being sold by itself', async () => {
    await changeProduct(db, 'router', { saleFrom: instant(10), saleUntil: instant(20) })
    const sold = async (second: number) =>
      (await listProducts(db, { onSaleAt: instant(second) })).some(({ id }) => id === 'router')
    expect([await sold(9), await sold(10), await sold(19), await sold(20)]).toEqual([false, true, true, false])
    await expect(changeProduct(db, 'router', { saleUntil: instant(10) })).rejects.toMatchObject({
      cause: { code: '23514' },
    })
  })

  test('a shelf brings what its products hold, need and shut out; no bundle holds itself, no category lies below itself', async () => {
    const hold = (id: string, otherId: string) => setRelations(db, id, [{ kind: 'includes', otherId, quantity: 1 }])
    await hold('bundle', 'install')
    await hold('install', 'router')
    await expect(hold('router', 'bundle')).rejects.toMatchObject({ code: 'BundleCycle' })
    expect((await shelfOf(db, ['bundle'])).map(({ id }) => id).sort()).toEqual(['bundle', 'install', 'router'])
    const category = (id: string, parentId: string | null) =>
      saveCategory(db, { id, parentId, labelFa: id, labelEn: id })
    await category('net', null)
    await category('adsl', 'net')
    await expect(category('net', 'adsl')).rejects.toMatchObject({ code: 'CategoryCycle' })
  })
})
