import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { countLog } from '../../db/statistics/count.ts'
import { aRecord } from '../../db/test-rows.ts'
import { recordTransition } from '../../db/transitions.ts'
import { type ApiWorld, type Loose, startApiWorld } from './api-world.ts'

describe('statistics over the API', () => {
  let world: ApiWorld
  const tokens: Record<string, string> = {}
  beforeAll(async () => {
    world = await startApiWorld()
    for (const user of ['manager', 'arya', 'esfahan', 'maryam', 'sales', 'admin'])
      tokens[user] = await world.login(user)
    const wish = { definition: 'adsl-order', customerId: 'maryam', productId: 'adsl-8-1m', phone: '02188012345' }
    const now = Date.now()
    for (let i = 0; i < 3; i++) {
      const made = await world.call('POST', '/v1/orders', { token: tokens['arya'], body: wish })
      const id: string = made.body['id']
      const at = (hours: number) => new Date(now - 3_600_000 * (10 - hours)).toISOString()
      const user = (name: string) => ({
        event: { type: 'user', name },
        actor: { id: 'sales', name: 'x', role: 'sales' },
      })
      await recordTransition(
        world.db,
        aRecord(id, 1, { at: at(0), to: ['presale.draft'], entered: ['presale', 'presale.draft'] }),
      )
      await recordTransition(
        world.db,
        aRecord(id, 2, {
          ...user('SUBMIT'),
          at: at(2),
          from: ['presale.draft'],
          to: ['awaiting'],
          entered: ['awaiting'],
          left: ['presale.draft'],
        }),
      )
      if (i > 0)
        await recordTransition(
          world.db,
          aRecord(id, 3, {
            ...user('CANCEL'),
            at: at(8),
            from: ['awaiting'],
            to: ['cancelled'],
            entered: ['cancelled'],
            left: ['awaiting'],
            status: 'ended',
            outcome: 'cancelled',
            outcomeKind: 'cancelled',
          }),
        )
    }
    await countLog(world.db, { sweep: true })
  })
  afterAll(() => world.close())

  const get = (user: string, path: string) => world.call('GET', `/v1/statistics/${path}`, { token: tokens[user] })

  test('time in state, work in hand and what was lost, in the reader’s reach', async () => {
    const { status, body } = await get('manager', 'states?definition=adsl-order')
    const row = (state: string) => body['rows'].find((r: Loose) => r.state === state)

    expect(status).toBe(200)
    expect(row('awaiting')).toMatchObject({ visits: 2, inHand: 1, lost: 2, meanMs: 6 * 3_600_000 })
    expect(Math.abs(row('awaiting').medianMs / (6 * 3_600_000) - 1)).toBeLessThan(0.05)
    expect(row('presale.draft')).toMatchObject({ visits: 3, inHand: 0, totalMs: 6 * 3_600_000 })
    expect((await get('arya', 'states?definition=adsl-order')).body['rows']).toEqual(body['rows'])
    expect((await get('esfahan', 'states?definition=adsl-order')).body['rows']).toEqual([])
    expect((await get('manager', 'states?definition=adsl-order&agent=esfahan-agency')).body['rows']).toEqual([])
    expect((await get('manager', 'states?definition=adsl-order&operator=sales')).body['rows'].length).toBe(2)
    expect((await get('maryam', 'states?definition=adsl-order')).status).toBe(403)
  })

  test('every view answers, and its file has the same rows', async () => {
    const views = ['states', 'bottlenecks', 'transitions', 'paths', 'flow', 'groups', 'operators']
    for (const view of views) {
      const answer = await get('manager', `${view}?definition=adsl-order`)
      const file = await get('manager', `${view}/export?definition=adsl-order&format=csv&locale=fa`)
      const book = await get('manager', `${view}/export?definition=adsl-order&format=xlsx`)

      expect([view, answer.status, file.status, book.status]).toEqual([view, 200, 200, 200])
      expect([view, answer.body['rows'].length]).not.toEqual([view, 0])
      expect([view, file.text.trim().split('\r\n').length]).toEqual([view, answer.body['rows'].length + 1])
      expect(Date.parse(answer.body['countedTo'])).toBeGreaterThan(0)
    }
    const audited = await world.call('GET', '/v1/audit?entity=statistics', { token: tokens['admin'] })
    expect(audited.body['entries'].length).toBe(views.length * 2)
  })

  test('periods are of the Jalali calendar, and what a view does not take is refused with its place', async () => {
    const whole = await get('manager', 'flow?by=month&from=1404-01-01&to=1406-12-29')
    const wrong = await get('manager', 'flow?by=month&month=1405-13')
    const unknown = await get('manager', 'paths?definition=adsl-order&operator=sales')

    expect(whole.body['period']).toEqual({ from: '1404-01-01', to: '1406-12-29' })
    expect(whole.body['rows'].length).toBe(36)
    expect(whole.body['rows'].every(({ period }: Loose) => period.endsWith('-01'))).toBe(true)
    expect(whole.body['rows'].reduce((n: number, r: Loose) => n + r.cancelled, 0)).toBe(2)
    expect(wrong.status).toBe(422)
    expect([unknown.status, unknown.body['errors'][0]['place']]).toEqual([422, '$.query.operator'])
    expect((await get('manager', 'states')).body['errors'][0]['place']).toBe('$.query.definition')
  })
})
