import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ApiWorld, startApiWorld } from './api-world.ts'

describe('orders', () => {
  let world: ApiWorld
  let sales: string
  beforeAll(async () => {
    world = await startApiWorld()
    sales = await world.login('sales')
  })
  afterAll(() => world.close())

  const wish = { definition: 'adsl-order', customerId: 'maryam', productId: 'adsl-8-1m', phone: '02188012345' }
  const order = (token: string, body: object = wish, key?: string) =>
    world.call('POST', '/v1/orders', { token, body, ...(key !== undefined && { key }) })

  test('row, number and start are written together, and the answer says where the order is', async () => {
    const { status, body, headers } = await order(sales)
    const [entry] = await world.db.$client<
      { kind: string }[]
    >`select kind from outbox where key = ${`start:${body['id']}`}`
    const seen = await world.call('GET', headers.get('Location') ?? '', { token: sales })

    expect(status).toBe(201)
    expect(entry?.kind).toBe('start')
    expect(seen.status).toBe(200)
    expect(seen.body['customer']['contacts'].length).toBeGreaterThan(0)
    expect(seen.body['waits'][0]?.['text']['fa']).toBe('در حال آغاز فرایند')
    expect(seen.body['centreId']).toBe('tehran-vanak')
  })

  test('a leave request needs no customer, every order of a service does, and its starter sees his own wherever he reaches', async () => {
    const admin = await world.login('admin')
    await world.call('POST', '/v1/users', {
      token: admin,
      body: { username: 'sara', password: 'samfony-demo', name: 'سارا' },
    })
    const [{ id }] = (await world.call('GET', '/v1/users?q=sara', { token: admin })).body['users']
    await world.call('POST', `/v1/users/${id}/roles`, { token: admin, body: { role: 'employee', reach: 'own' } })
    const sara = await world.login('sara')
    const leave = await order(sara, { definition: 'leave-request' })
    const without = await order(sales, { definition: 'adsl-order', productId: 'adsl-8-1m' })
    const mine = await world.call('GET', '/v1/orders', { token: sara })

    expect(leave.status).toBe(201)
    expect([without.status, without.body['errors'][0]['place']]).toEqual([422, '$.body.customerId'])
    expect(without.body['errors'][0]['fa']).toContain('مشترک')
    expect(mine.body['orders'].map((row: { id: string }) => row.id)).toEqual([leave.body['id']])
    expect((await world.call('GET', leave.body['link'], { token: sara })).status).toBe(200)
    expect((await world.call('GET', leave.body['link'], { token: await world.login('arya') })).status).toBe(404)
  })

  test('the same key with the same body gives the same answer; twenty at once make one order (F9)', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => order(sales, wish, 'the-same-key-1')))
    const again = await order(sales, wish, 'the-same-key-1')

    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers.every(({ status }) => status === 201)).toBe(true)
    expect(again.text).toBe(answers[0]?.text)
    expect(again.headers.get('Idempotent-Replayed')).toBe('true')
  })

  test('the same key with another body is 422, and without a key 422 names the header', async () => {
    await order(sales, wish, 'the-same-key-2')
    const other = await order(sales, { ...wish, productId: 'adsl-16-12m' }, 'the-same-key-2')
    const without = await world.call('POST', '/v1/orders', {
      token: sales,
      body: wish,
      headers: { 'Idempotency-Key': '' },
    })

    expect([other.status, other.body['code']]).toEqual([422, 'IdempotencyKeyReused'])
    expect(without.body['errors'][0]?.['place']).toBe('$.headers.Idempotency-Key')
  })

  test('a key that was refused may be tried again with what is right', async () => {
    const refused = await order(sales, { ...wish, customerId: 'nobody' }, 'the-same-key-3')
    const right = await order(sales, wish, 'the-same-key-3')

    expect([refused.status, refused.body['errors'][0]?.['place']]).toEqual([422, '$.body.customerId'])
    expect(right.status).toBe(201)
  })

  test('with no worker a transition is 503 within six seconds, with the time to come back (F6)', async () => {
    const { body } = await order(sales)
    const started = Date.now()
    const fired = await world.call('POST', `/v1/orders/${body['id']}/transitions`, {
      token: sales,
      body: { event: 'CANCEL' },
    })

    expect([fired.status, fired.body['code']]).toEqual([503, 'Unavailable'])
    expect(fired.headers.get('Retry-After')).toBe('2')
    expect(Date.now() - started).toBeLessThan(6_500)
  })

  test('nothing of one agent is found by another, by any route with any id (A4)', async () => {
    const arya = await world.login('arya')
    const esfahan = await world.login('esfahan')
    const made = await order(arya)
    const orderId: string = made.body['id']
    await world.db.$client`insert into incidents (order_id, incident_id, kind, place, error, opened_at)
      values (${orderId}, '1-1', 'guard', 'start', '{"type":"T","message":"m"}', now())`
    await world.db.$client`insert into documents (id, order_id, name, media_type, bytes, sha256, content, uploaded_by)
      values ('doc-arya', ${orderId}, 'a.pdf', 'application/pdf', 1, 'x', 'x', 'arya')`
    await world.db
      .$client`insert into invoices (id, key, kind, number, jalali_year, order_id, customer_id, partner_id, net_rial, tax_rial, total_rial, issued_at)
      values ('inv-arya', 'k', 'proforma', 'P-1', 1405, ${orderId}, 'maryam', 'arya', 0, 0, 0, now())`
    await world.db
      .$client`insert into subscriptions (id, order_id, customer_id, partner_id, product_id, starts_at, expires_at)
      values ('sub-arya', ${orderId}, 'maryam', 'arya', 'adsl-8-1m', now(), now())`
    const [attempt] = await world.db.$client<
      { id: number }[]
    >`insert into payment_attempts (key, path_token, order_id, gateway, amount_rial)
      values ('k', 'aaaaaaaaaaaaaaaaaaaaaaaa', ${orderId}, 'zarinpal', 1000) returning id`
    const ids = [
      orderId,
      made.body['number'],
      'maryam',
      'arya',
      'doc-arya',
      'inv-arya',
      'sub-arya',
      String(attempt?.id),
      '1-1',
    ]
    // What everybody may read carries nobody's ids.
    const shared = new Set(['/v1/definitions/:id', '/v1/products/:id', '/v1/map/:definition'])

    for (const route of world.routes.filter(({ method, auth }) => method === 'get' && auth !== 'public')) {
      if (route.path === '/v1/events' || !route.path.includes(':') || shared.has(route.path)) continue
      for (const id of ids) {
        const { status } = await world.call('GET', route.path.replace(/:\w+/g, id), { token: esfahan })
        expect([route.path, id, [403, 404, 422].includes(status)]).toEqual([route.path, id, true])
      }
    }
    for (const [path, own] of [
      [`/v1/orders/${orderId}`, 200],
      ['/v1/customers/maryam', 200],
      ['/v1/documents/doc-arya', 200],
      ['/v1/invoices/inv-arya', 200],
      ['/v1/subscriptions/sub-arya', 200],
      [`/v1/payments/${attempt?.id}`, 200],
    ] as const)
      expect([path, (await world.call('GET', path, { token: arya })).status]).toEqual([path, own])
    for (const list of [
      '/v1/orders',
      '/v1/customers',
      '/v1/invoices',
      '/v1/subscriptions',
      `/v1/search?q=${encodeURIComponent('مریم')}`,
      '/v1/map',
      '/v1/partners',
    ]) {
      const { status, text } = await world.call('GET', list, { token: esfahan })
      expect([list, status]).toEqual([list, 200])
      for (const id of [orderId, 'maryam', 'inv-arya', 'sub-arya'])
        expect([list, text.includes(`"${id}"`)]).toEqual([list, false])
    }
    const transition = await world.call('POST', `/v1/orders/${orderId}/transitions`, {
      token: esfahan,
      body: { event: 'CANCEL' },
    })
    const upload = await world.call('POST', '/v1/orders', { token: esfahan, body: wish })
    expect([transition.status, upload.status]).toEqual([404, 422])
  })

  test('a callback is kept once and answered with a page, whoever sends it and however often; an unknown one is 404 (A1, F8)', async () => {
    const { body } = await order(sales)
    await world.db.$client`insert into payment_attempts (key, path_token, order_id, gateway, amount_rial)
      values ('k2', 'bbbbbbbbbbbbbbbbbbbbbbbb', ${body['id']}, 'zarinpal', 1000)`
    const path = '/v1/callbacks/zarinpal/bbbbbbbbbbbbbbbbbbbbbbbb?Authority=A1&Status=OK'
    const answers = [await world.call('GET', path), await world.call('GET', path), await world.call('GET', path)]
    const kept = await world.db.$client`select 1 from inbox where order_id = ${body['id']}`
    const entries = await world.db.$client`select 1 from outbox where kind = 'callback' and order_id = ${body['id']}`
    const [attempt] = await world.db.$client<{ status: string }[]>`select status from payment_attempts where key = 'k2'`

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(answers[0]?.text).toContain('پرداخت شما در حال بررسی است')
    expect(answers[0]?.text).not.toContain('<script')
    expect([kept.length, entries.length, attempt?.status]).toEqual([1, 1, 'created'])
    expect((await world.call('GET', '/v1/callbacks/zarinpal/cccccccccccccccccccccccc?Status=OK')).status).toBe(404)
  })

  test('a definition with an error is not stored, and its writer cannot publish it himself (WF6)', async () => {
    const [one, two] = [await world.login('designer'), await world.login('designer-2')]
    const current = await world.call('GET', '/v1/definitions/leave-request', { token: one })
    const version = current.body['currentVersion']
    const { body } = await world.call('GET', `/v1/definitions/leave-request/versions/${version}`, { token: one })
    const text: string = body['text']
    const broken = await world.call('POST', '/v1/definitions', {
      token: one,
      body: { text: '{"format":"samfony.process/1"}' },
    })
    const draft = await world.call('POST', '/v1/definitions', { token: one, body: { text } })
    const review = (token: string) =>
      world.call('POST', `/v1/definitions/leave-request/versions/${draft.body['version']}/reviews`, {
        token,
        body: { hash: draft.body['hash'], verdict: 'approved' },
      })
    const publish = (token: string) =>
      world.call('POST', `/v1/definitions/leave-request/versions/${draft.body['version']}/publish`, {
        token,
        body: { hash: draft.body['hash'] },
      })

    expect([broken.status, broken.body['code']]).toEqual([422, 'BadDefinition'])
    expect(draft.status).toBe(201)
    expect((await publish(one)).body['code']).toBe('SamePerson')
    expect((await publish(two)).body['code']).toBe('NotApproved')
    expect((await review(one)).body['code']).toBe('SamePerson')
    expect((await review(two)).status).toBe(200)
    expect((await publish(two)).status).toBe(200)
    expect((await world.call('GET', '/v1/definitions/leave-request', { token: one })).body['currentVersion']).toBe(
      draft.body['version'],
    )
  })
})
