import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'drizzle-orm'
import { type ApiWorld, startApiWorld } from './api-world.ts'

describe('the search over everything', () => {
  let world: ApiWorld
  let number: string
  const tokens: Record<string, string> = {}
  beforeAll(async () => {
    world = await startApiWorld()
    for (const user of ['sales', 'arya', 'esfahan', 'maryam', 'technician']) tokens[user] = await world.login(user)
    const made = await world.call('POST', '/v1/orders', {
      token: tokens['arya'],
      body: { definition: 'adsl-order', customerId: 'maryam', productId: 'adsl-8-1m', phone: '02188012345' },
    })
    number = made.body['number']
    await world.db.$client`
      insert into invoices (id, key, kind, number, jalali_year, order_id, customer_id, partner_id, net_rial, tax_rial, total_rial, issued_at)
      values ('inv', 'k', 'invoice', 'I-1405-000017', 1405, ${made.body['id']}, 'maryam', 'arya', 0, 0, 0, now())`
  })
  afterAll(() => world.close())

  const find = async (q: string, user = 'sales') => {
    const { status, body } = await world.call('GET', `/v1/search?q=${encodeURIComponent(q)}`, { token: tokens[user] })
    const ids = (list: { id: string }[]) => list.map(({ id }) => id)
    return {
      status,
      orders: (body['orders'] as { number: string }[]).map((row) => row.number),
      customers: ids(body['customers']),
      invoices: ids(body['invoices']),
      definitions: ids(body['definitions']),
    }
  }

  test.each([
    ['a name', 'مریم احمدی'],
    ['a part of a name with an Arabic yeh', 'احمدي'],
    ['a national id', '0013542419'],
    ['a part of a national id in Persian digits', '۰۰۱۳۵۴'],
    ['a mobile as it is written at home', '09121110001'],
    ['a mobile in Arabic digits', '٠٩١٢١١١٠٠٠١'],
    ['a mobile as it is kept', '+989121110001'],
  ])('a customer and his orders are found by %s', async (_what, q) => {
    expect(await find(q)).toMatchObject({ customers: ['maryam'], orders: [number] })
  })

  test('an order is found by its number and by its line, in any digits', async () => {
    const persian = number.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0x6c0))

    expect((await find(number)).orders).toEqual([number])
    expect((await find(persian)).orders).toEqual([number])
    expect((await find('88012345')).orders).toEqual([number])
  })

  test.each(['I-1405-000017', 'i-1405-000017', '۱۴۰۵-۰۰۰۰۱۷', '1405 000017', '00017'])(
    'a document of account is found by %s',
    async (q) => {
      expect((await find(q)).invoices).toEqual(['inv'])
    },
  )

  test('a process is found by its name in Persian and English, and by its id', async () => {
    expect((await find('مرخصي')).definitions).toEqual(['leave-request'])
    expect((await find('Leave')).definitions).toEqual(['leave-request'])
    expect((await find('leave-request')).definitions).toEqual(['leave-request'])
  })

  test('everybody finds what he may see, and nothing else', async () => {
    const nothing = { status: 200, orders: [], customers: [], invoices: [] }

    expect(await find('I-1405-000017', 'arya')).toMatchObject({ invoices: ['inv'] })
    expect(await find('I-1405-000017', 'maryam')).toMatchObject({ invoices: ['inv'] })
    for (const q of ['مریم', '09121110001', number, 'I-1405-000017'])
      expect(await find(q, 'esfahan')).toMatchObject(nothing)
    // A technician may see orders, but no documents of account.
    expect(await find('I-1405-000017', 'technician')).toMatchObject({ invoices: [] })
  })

  test('what holds no letter finds nothing, and words of a pattern are words', async () => {
    for (const q of ['-', '%', '__', '؟'])
      expect(await find(q)).toMatchObject({ status: 200, orders: [], customers: [], invoices: [], definitions: [] })
  })

  test('the number of a document is looked up in an index', async () => {
    await world.db.$client`
      insert into invoices (id, key, kind, number, jalali_year, net_rial, tax_rial, total_rial, issued_at)
      select 'i' || n, 'i' || n, 'invoice', 'I-1404-' || lpad(n::text, 6, '0'), 1404, 0, 0, 0, now() from generate_series(1, 5000) n`
    await world.db.$client`analyze invoices`
    const plan = await world.db.execute<{ 'QUERY PLAN': string }>(sql`
      explain select id from invoices where search_grams(invoice_words(number)) @> search_grams_wanted('1405 000017')`)

    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('invoices_number_grams')
    expect((await find('1405-000017')).invoices).toEqual(['inv'])
  })
})
