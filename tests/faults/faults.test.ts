import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { testWorld } from '../../dev/test-world.ts'
import { eventually } from '../small-world.ts'
import { type FaultWorld, startFaultWorld } from './fault-world.ts'
import { once } from './people.ts'
import { callbacks, killed, noWorker, race } from './rows.ts'
import { createTelling } from './telling.ts'

let world: FaultWorld
let telling: Awaited<ReturnType<typeof createTelling>>

beforeAll(async () => {
  world = await startFaultWorld(testWorld().workflowBundle)
  telling = await createTelling(world)
}, 120_000)
afterAll(() => world.close())

/** The long form, 20 times each and every part, is `npm run faults`. */
describe('the product, each part a process that dies', () => {
  test('orders end as if nothing had happened when worker and API are killed on their way', async () => {
    const { faults, orders } = await killed('', ['worker', 'api']).run(world, telling, 2, 7)

    expect(faults).toEqual([])
    expect(orders).toBeGreaterThan(1)
  })

  test('a press that no worker took is 503 and is not applied when one is back', async () => {
    expect((await noWorker.run(world, telling, 1, 1)).faults).toEqual([])
  })

  test('of people who press at once exactly one moves the order', async () => {
    expect((await race.run(world, telling, 3, 1)).faults).toEqual([])
  })

  test('a callback before its start, five times, contradicted and late pays once', async () => {
    expect((await callbacks.run(world, telling, 1, 1)).faults).toEqual([])
  })

  test('an API that is asked to stop answers what is under way, ends with 0 and leaves no child', async () => {
    const { id } = await telling.people.support.post<{ id: string }>('/v1/orders', {
      definition: 'fault-ticket',
      customerId: 'maryam',
      phone: '02188001230',
    })
    await eventually(async () => (await telling.people.support.get<{ seq: number }>(`/v1/orders/${id}`)).seq > 0)
    const token = await telling.tokenOf('support')
    await world.kill('worker') // so that the press is under way for seconds
    await world.childrenOf('api')
    const url = new URL(`/v1/orders/${id}/transitions`, world.address)
    const answer = once(url, { method: 'POST', token, body: { event: 'CANCEL', payload: { reason: 'withdrawn' } } })
    await eventually(async () => {
      const [row] = await world.db.$client`select 1 from idempotency_keys where status is null`
      return row !== undefined
    }, 'the press is under way')

    const code = await world.stop('api')

    expect((await answer).status).toBe(503)
    expect(code).toBe(0)
    expect(await world.childrenOf('api')).toEqual([])
    await Promise.all([world.start('api'), world.start('worker')])
  })

  test('a worker that is asked to stop finishes its calls, ends with 0 and leaves no child', async () => {
    const wish = { definition: 'adsl-order', customerId: 'maryam', productId: 'adsl-8-1m', phone: telling.freshLine() }
    world.sims.oss.faults.add({ kind: 'slow', ms: 2_000 })
    const { id } = await telling.people.arya.post<{ id: string }>('/v1/orders', wish)
    await eventually(async () => world.sims.oss.faults.list().length === 0, 'the OSS is at work')
    await world.childrenOf('worker')

    expect(await world.stop('worker')).toBe(0)
    expect(await world.childrenOf('worker')).toEqual([])

    await world.start('worker')
    await eventually(async () => {
      const { states } = await telling.people.arya.get<{ states: { id: string }[] }>(`/v1/orders/${id}`)
      return states.some((state) => state.id === 'presale.awaitingPayment')
    }, 'the order goes on')
    // Not one call had to be made again.
    expect(new Set(await world.attempts(`order:${id}`))).toEqual(new Set([1]))
  })
})
