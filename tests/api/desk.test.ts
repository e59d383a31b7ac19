import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { strFromU8, unzipSync } from 'fflate'
import { aRecord } from '../../db/test-rows.ts'
import { recordTransition } from '../../db/transitions.ts'
import type { TransitionRecord } from '../../domain/transition.ts'
import { type ApiWorld, type Loose, startApiWorld } from './api-world.ts'

describe('what waits, what was said, and what is taken away as a file', () => {
  let world: ApiWorld
  const tokens: Record<string, string> = {}
  beforeAll(async () => {
    world = await startApiWorld()
    for (const user of ['sales', 'manager', 'arya', 'esfahan', 'maryam', 'admin', 'accountant'])
      tokens[user] = await world.login(user)
  })
  afterAll(() => world.close())

  const get = (user: string, path: string) => world.call('GET', path, { token: tokens[user] })
  const post = (user: string, path: string, body: object, key?: string) =>
    world.call('POST', path, { token: tokens[user], body, ...(key !== undefined && { key }) })
  const wish = { definition: 'adsl-order', customerId: 'maryam', productId: 'adsl-8-1m', phone: '02188012345' }

  async function order(user: string, first: Partial<TransitionRecord> = {}, customerId = 'maryam'): Promise<string> {
    const made = await post(user, '/v1/orders', { ...wish, customerId })
    const id: string = made.body['id']
    await recordTransition(world.db, aRecord(id, 1, { to: ['review'], entered: ['review'], ...first }))
    return id
  }

  test('a note is kept for ever, stands among what happened, and the customer does not see it', async () => {
    const id = await order('arya')
    const made = await post('sales', `/v1/orders/${id}/notes`, { text: 'مشترک فردا پاسخ می‌دهد' }, 'note-key-1')
    const again = await post('sales', `/v1/orders/${id}/notes`, { text: 'مشترک فردا پاسخ می‌دهد' }, 'note-key-1')
    const feed = await get('sales', `/v1/orders/${id}/feed`)
    const audited = await get('admin', `/v1/audit?entity=order&entityId=${id}`)
    const reseller = await get('arya', `/v1/orders/${id}/feed`)

    expect([made.status, again.body]).toEqual([201, made.body])
    expect(feed.body['entries'].map(({ kind }: Loose) => kind).sort()).toEqual(['note', 'transition'])
    expect(feed.body['entries'].find(({ kind }: Loose) => kind === 'note')).toMatchObject({
      by: 'sales',
      detail: { text: 'مشترک فردا پاسخ می‌دهد' },
    })
    expect(audited.body['entries'].map(({ action }: Loose) => action)).toContain('order.note')
    expect(reseller.body['entries'].map(({ kind }: Loose) => kind)).toEqual(['transition'])
    expect((await get('esfahan', `/v1/orders/${id}/feed`)).status).toBe(404)
    expect((await post('arya', `/v1/orders/${id}/notes`, { text: 'x' })).status).toBe(403)
    await expect(world.db.$client`update order_notes set text = 'other'`).rejects.toThrow('append-only')
  })

  test('a feed read page by page is the feed read at once', async () => {
    const id = await order('sales')
    for (const n of [1, 2, 3]) await post('sales', `/v1/orders/${id}/notes`, { text: `note ${n}` })
    const whole = await get('sales', `/v1/orders/${id}/feed`)
    const pages: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Loose = await get('sales', `/v1/orders/${id}/feed?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`)
      pages.push(...page.body['entries'].map((entry: Loose) => entry.id))
      cursor = page.body['next']
    }
    expect(pages).toEqual(whole.body['entries'].map((entry: Loose) => entry.id))
    expect(pages.length).toBe(4)
    expect((await get('sales', `/v1/orders/${id}/feed?cursor=nonsense`)).status).toBe(422)
  })

  test('the to-do list holds what waits for the caller’s roles where they reach, most urgent first', async () => {
    const late = await order('arya', { owners: ['accountant'], dueAt: '2026-01-01T00:00:00Z' })
    const soon = await order('arya', { owners: ['accountant', 'sales'], dueAt: '2030-01-01T00:00:00Z' })
    const some = await order('arya', { owners: ['accountant'], dueAt: null })
    const mine = await order('arya', { owners: ['reseller'], dueAt: null })
    const ended = await order('arya', { owners: ['accountant'], status: 'ended', outcome: 'x', outcomeKind: 'failure' })
    const all = await get('accountant', '/v1/work')
    const first = await get('accountant', '/v1/work?limit=2')
    const second = await get('accountant', `/v1/work?limit=2&cursor=${first.body['next']}`)
    const ids = (answer: Loose) => answer.body['orders'].map(({ id }: Loose) => id)

    expect(ids(all)).toEqual([late, soon, some])
    expect(all.body['counts']).toEqual({ waiting: 3, late: 1 })
    expect(all.body['orders'].map(({ late }: Loose) => late)).toEqual([true, false, false])
    expect([...ids(first), ...ids(second)]).toEqual(ids(all))
    expect(ids(await get('accountant', '/v1/work?late=true'))).toEqual([late])
    expect(ids(await get('arya', '/v1/work'))).toEqual([mine])
    expect(ids(await get('esfahan', '/v1/work'))).toEqual([])
    expect(ids(all)).not.toContain(ended)
  })

  test('an export has every row of the filtered list and no row more, in the caller’s reach', async () => {
    const seen = async (user: string) => {
      const list = await get(user, '/v1/orders?definition=adsl-order&limit=200')
      const file = await get(user, '/v1/orders/export?definition=adsl-order&format=csv&locale=en')
      const rows = file.text.trim().split('\r\n').slice(1)
      return {
        list: list.body['orders'].map(({ number }: Loose) => number),
        file: rows.map((row) => row.split(',')[0]),
      }
    }
    const own = await post('esfahan', '/v1/customers', { name: 'مشترک اصفهان' })
    await order('esfahan', {}, own.body['id'])
    for (const user of ['sales', 'arya', 'esfahan']) {
      const { list, file } = await seen(user)
      expect(file).toEqual(list)
      expect(list.length).toBeGreaterThan(0)
    }
    expect((await seen('esfahan')).file.length).toBe(1)
    expect((await get('maryam', '/v1/orders/export?format=csv')).status).toBe(403)
    expect((await get('sales', '/v1/orders/export?format=pdf')).status).toBe(422)
    expect((await get('admin', '/v1/audit?entity=orders')).body['entries'][0]).toMatchObject({ action: 'list.export' })
  })

  test('CSV begins with a byte order mark, and a name that is a formula is none in the file', async () => {
    const names = ['=HYPERLINK("http://x")', '+982188012345', 'نام، با "نشان"']
    for (const name of names)
      await post('sales', '/v1/customers', { name, contacts: [{ kind: 'mobile', value: '09121112233' }] })
    const { address } = world
    const raw = new Uint8Array(
      await (
        await fetch(`${address}/v1/customers/export?format=csv`, {
          headers: { Authorization: `Bearer ${tokens['sales']}` },
        })
      ).arrayBuffer(),
    )
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(raw)

    expect([...raw.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(text.slice(1).startsWith('شناسه,نام,')).toBe(true)
    expect(text).toContain(`"'=HYPERLINK(""http://x"")"`)
    expect(text).toContain(',+982188012345,')
    expect(text).toContain('"نام، با ""نشان"""')
  })

  test('XLSX is a workbook whose sheet is right-to-left in Persian and left-to-right in English', async () => {
    const sheet = async (locale: string) => {
      const response = await fetch(`${world.address}/v1/customers/export?format=xlsx&locale=${locale}`, {
        headers: { Authorization: `Bearer ${tokens['sales']}` },
      })
      return unzipSync(new Uint8Array(await response.arrayBuffer()))
    }
    const persian = await sheet('fa')
    const english = await sheet('en')
    const text = strFromU8(persian['xl/worksheets/sheet1.xml'] ?? new Uint8Array())

    expect(Object.keys(persian).sort()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ])
    expect(text).toContain('rightToLeft="1"')
    expect(text).toContain('=HYPERLINK("http://x")')
    expect(text.match(/<row>/g)?.length).toBe(
      (await get('sales', '/v1/customers?limit=200')).body['customers'].length + 1,
    )
    expect(strFromU8(english['xl/worksheets/sheet1.xml'] ?? new Uint8Array())).not.toContain('rightToLeft')
  })

  test('a filter is its owner’s until he shares it, counts what its reader may see, and only its owner changes it', async () => {
    const filter = { list: 'orders', name: 'دیرکردها', query: { late: 'true', owner: 'accountant' } }
    const made = await post('sales', '/v1/saved-filters', filter)
    const id: string = made.body['id']
    const names = async (user: string) =>
      (await get(user, '/v1/saved-filters?counts=true')).body['filters'].map((f: Loose) => [f.id, f.own, f.count])
    const change = (user: string, body: object) =>
      world.call('PATCH', `/v1/saved-filters/${id}`, { token: tokens[user], body })

    expect(await names('sales')).toEqual([[id, true, 1]])
    expect(await names('manager')).toEqual([])
    expect((await change('manager', { shared: true })).status).toBe(404)
    expect((await change('sales', { shared: true, name: 'دیرکرد' })).status).toBe(200)
    expect(await names('manager')).toEqual([[id, false, 1]])
    expect(await names('arya')).toEqual([])
    expect((await change('manager', { name: 'x' })).status).toBe(404)
    expect((await world.call('DELETE', `/v1/saved-filters/${id}`, { token: tokens['manager'] })).status).toBe(404)
    expect((await world.call('DELETE', `/v1/saved-filters/${id}`, { token: tokens['sales'] })).status).toBe(200)
    expect(await names('sales')).toEqual([])
    const wrong = await post('sales', '/v1/saved-filters', { ...filter, query: { status: 'unheard' } })
    expect([wrong.status, wrong.body['errors'][0]['place']]).toEqual([422, '$.body.query.status'])
  })

  test('a log for an authority is for auditors, and every taking of it is written down', async () => {
    const id = await order('sales')
    const file = await fetch(`${world.address}/v1/orders/${id}/log`, {
      headers: { Authorization: `Bearer ${tokens['admin']}` },
    })
    const lines = (await file.text()).trim().split('\n')
    const audited = await get('admin', `/v1/audit?entity=order&entityId=${id}`)

    expect(lines.map((line) => JSON.parse(line).type)).toEqual(['order', 'transition', 'end'])
    expect(audited.body['entries'].map(({ action }: Loose) => action)).toContain('order.log.export')
    expect((await get('sales', `/v1/orders/${id}/log`)).status).toBe(403)
  })

  test('before its first step an order had no state, and before it was made it was not', async () => {
    const id = await order('sales')
    const present = await get('sales', `/v1/orders/${id}`)
    const unborn = await get('sales', `/v1/orders/${id}?at=2020-01-01T00:00:00Z`)

    expect(present.body['asOf']).toBeNull()
    expect([unborn.status, unborn.body['errors'][0]['place']]).toEqual([422, '$.query.at'])
  })
})
