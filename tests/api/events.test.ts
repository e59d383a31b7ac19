import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { aRecord } from '../../db/test-rows.ts'
import { recordTransition } from '../../db/transitions.ts'
import { eventually } from '../small-world.ts'
import { type ApiWorld, startApiWorld } from './api-world.ts'

interface Told {
  id: string
  event: string
  data: { orderId?: string; seq?: number; states?: string[] }
}

describe('live events', () => {
  let world: ApiWorld
  const open: AbortController[] = []
  const tokens: Record<string, Promise<string>> = {}
  beforeAll(async () => {
    world = await startApiWorld()
  })
  afterAll(async () => {
    for (const controller of open) controller.abort()
    await world.close()
  })

  /** A screen: what it is told, in order. Resolves when the stream is open. */
  async function screen(user: string, lastEventId?: string) {
    const controller = new AbortController()
    open.push(controller)
    const token = await (tokens[user] ??= world.login(user))
    const response = await fetch(`${world.address}/v1/events`, {
      signal: controller.signal,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
      },
    })
    const told: Told[] = []
    if (response.status === 200 && response.body !== null) void listen(response.body, told).catch(() => undefined)
    const text = response.status === 200 ? '' : await response.text()
    return { status: response.status, headers: response.headers, text, told, close: () => controller.abort() }
  }

  async function listen(body: ReadableStream<Uint8Array>, told: Told[]): Promise<void> {
    let rest = ''
    for await (const chunk of body) {
      const parts = (rest + Buffer.from(chunk).toString()).split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(part)?.[1]?.trim() ?? ''
        if (field('event') !== '')
          told.push({ id: field('id'), event: field('event'), data: JSON.parse(field('data') || '{}') })
      }
    }
  }

  async function anOrder(user: string, customerId: string): Promise<string> {
    const token = await (tokens[user] ??= world.login(user))
    const { body } = await world.call('POST', '/v1/orders', {
      token,
      body: { definition: 'adsl-order', customerId, productId: 'adsl-8-1m', phone: '02188012345' },
    })
    return body['id']
  }
  const move = (orderId: string, seq: number) => recordTransition(world.db, aRecord(orderId, seq))
  const orders = (told: Told[]) => told.filter(({ event }) => event === 'order').map(({ data }) => data.orderId)

  test('a user is told of each transition of the orders that he may see, and of no other', async () => {
    const [arya, esfahan, maryam, sales] = await Promise.all(
      ['arya', 'esfahan', 'maryam', 'sales'].map((user) => screen(user)),
    )
    const [hers, theirs] = [await anOrder('arya', 'maryam'), await anOrder('esfahan', 'hossein')]
    await eventually(async () => [arya, esfahan, maryam, sales].every((one) => one?.status === 200))
    await move(hers, 1)
    await move(theirs, 1)
    await move(hers, 2)

    // The office sees all three; one connection tells everybody, so the others have been told by then, too.
    await eventually(async () => orders(sales?.told ?? []).length === 3, 'the office is told')
    expect(orders(sales?.told ?? [])).toEqual([hers, theirs, hers])
    expect(orders(arya?.told ?? [])).toEqual([hers, hers])
    expect(orders(maryam?.told ?? [])).toEqual([hers, hers])
    expect(orders(esfahan?.told ?? [])).toEqual([theirs])
    expect(sales?.told.find(({ event }) => event === 'order')).toMatchObject({
      id: `${hers}:1`,
      data: { seq: 1, states: ['review'] },
    })
    for (const one of [arya, esfahan, maryam, sales]) expect(JSON.stringify(one?.told)).not.toMatch(/مریم|0912|partner/)
  })

  test('whoever comes back is told to read his lists again, and whoever comes first is not', async () => {
    const fresh = await screen('noc')
    const back = await screen('noc', 'some-order:7')
    await eventually(async () => back.told.length > 0)

    expect(back.told[0]?.event).toBe('resync')
    expect(fresh.told.filter(({ event }) => event === 'resync').length).toBeLessThanOrEqual(1)
  })

  test('the eleventh screen of a user is refused with the time to come back, and closing one makes room', async () => {
    const screens = await Promise.all(Array.from({ length: 10 }, () => screen('manager')))
    const refused = await screen('manager')
    const another = await screen('hr')
    screens[0]?.close()
    const again = await eventually(async () => {
      const one = await screen('manager')
      return one.status === 200 ? one : undefined
    }, 'room for another screen')

    expect(screens.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([429, 'TooManyScreens'])
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
    expect([another.status, again.status]).toEqual([200, 200])
  })

  test('nobody is told anything without signing in', async () => {
    expect((await fetch(`${world.address}/v1/events`)).status).toBe(401)
  })
})
