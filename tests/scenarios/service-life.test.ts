import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Client, Connection } from '@temporalio/client'
import { issueInvoice } from '../../db/invoices.ts'
import { listOrders, orderById } from '../../db/orders.ts'
import { changeSubscription, subscriptionById } from '../../db/subscriptions.ts'
import type { Instance } from '../../definitions/interpreter/instance.ts'
import { payAtBank, signIn, tellAdslStory } from '../../dev/story.ts'
import { testWorld } from '../../dev/test-world.ts'
import { computeLine } from '../../domain/invoice-line.ts'
import { rial } from '../../domain/money.ts'
import { taskQueue } from '../../workflows/messages.ts'
import { startFullWorld } from '../full-world.ts'
import { eventually } from '../small-world.ts'

let world: Awaited<ReturnType<typeof startFullWorld>>
let connection: Connection
let orderId: string

beforeAll(async () => {
  world = await startFullWorld()
  connection = await Connection.connect({ address: testWorld().temporalAddress })
  orderId = (await tellAdslStory(world.address, () => undefined)).orderId
})
afterAll(async () => {
  await connection.close()
  await world.close()
})

const sweep = (name: 'renewalSweep' | 'collectionSweep') => {
  const prefix = world.config.temporal.taskQueuePrefix
  return new Client({ connection }).workflow.execute(name, {
    workflowId: `${prefix}-${name}-${randomUUID()}`,
    taskQueue: taskQueue(prefix, 'engine'),
    args: [{ queuePrefix: prefix }],
  })
}
const only = async (kind: 'renewal' | 'collection') => {
  const { rows } = await listOrders(world.db, { scope: 'all', kind })
  return rows[0]
}

describe('an active service', () => {
  test('is renewed once a cycle: two sweeps open one renewal, and a payment extends the service', async () => {
    const id = `sub-${orderId}`
    const soon = new Date(Date.now() + 2 * 86_400_000).toISOString()
    await changeSubscription(world.db, id, { expiresAt: soon })

    await Promise.all([sweep('renewalSweep'), sweep('renewalSweep')])
    const renewal = await eventually(async () => {
      const found = await only('renewal')
      return found !== undefined && found.seq >= 3 ? found : undefined
    }, 'the renewal is open')
    expect(renewal.incidentCount).toBe(0)
    expect((await listOrders(world.db, { scope: 'all', kind: 'renewal' })).rows).toHaveLength(1)

    await payAtBank(await signIn(world.address, 'maryam'), renewal.id)
    const ended = await eventually(async () => {
      const found = await only('renewal')
      return found?.status === 'ended' ? found : undefined
    }, 'the renewal has ended')
    expect(ended.outcomeKind).toBe('success')
    expect(Date.parse((await subscriptionById(world.db, id))?.expiresAt ?? '')).toBeGreaterThan(
      Date.parse(soon) + 20 * 86_400_000,
    )
  })

  test('with an overdue invoice is pursued once, however often the sweep looks', async () => {
    const id = `sub-${orderId}`
    const subscription = await subscriptionById(world.db, id)
    const dueOn = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)
    const line = {
      productId: null,
      description: { fa: 'بدهی', en: 'debt' },
      quantity: 1,
      unitRial: rial(1000),
      amounts: computeLine({ unitRial: rial(1000), quantity: 1, taxes: [] }),
    }
    await world.db.transaction((tx) =>
      issueInvoice(tx, {
        id: 'late-1',
        key: 'late-1',
        customerId: subscription?.customerId ?? null,
        partnerId: subscription?.partnerId ?? null,
        subscriptionId: id,
        issuedAt: new Date(Date.now() - 20 * 86_400_000).toISOString(),
        dueOn,
        lines: [line],
      }),
    )

    await sweep('collectionSweep')
    await sweep('collectionSweep')

    const collection = await eventually(async () => {
      const found = await only('collection')
      return found !== undefined && found.seq >= 1 ? found : undefined
    }, 'the collection is open')
    expect(collection).toMatchObject({ incidentCount: 0, workflowId: 'collection:late-1' })
    // The days are counted from the day on which it was due, not from the look of the sweep.
    const opened = await orderById(world.db, collection.id)
    const instance = opened?.instance as unknown as Instance | undefined
    const remind = instance?.timers.find(({ id: timer }) => timer === 'remind')
    expect(remind?.dueMs).toBe(Date.parse(`${dueOn}T00:00:00+03:30`) + 3 * 86_400_000)
    expect((await listOrders(world.db, { scope: 'all', kind: 'collection' })).rows).toHaveLength(1)
  })

  test('gets a fault ticket that support, the network and the customer bring to its end', async () => {
    const [maryam, support, noc] = await Promise.all(
      ['maryam', 'support', 'noc'].map((name) => signIn(world.address, name)),
    )
    if (!maryam || !support || !noc) throw new Error('nobody signed in')
    const { id } = await support.post<{ id: string }>('/v1/orders', {
      definition: 'fault-ticket',
      customerId: 'maryam',
      phone: '02188001230',
    })

    const states = await eventually(async () => {
      const order = await support.get<{ states: { id: string }[]; status: string }>(`/v1/orders/${id}`)
      return order.states.length > 0 ? order : undefined
    }, 'the ticket is open')
    expect(states.status).toBe('running')
    const { transitions } = await support.get<{ transitions: { event: string; offered: boolean }[] }>(
      `/v1/orders/${id}/transitions`,
    )
    expect(transitions.find(({ event }) => event === 'DIAGNOSE')).toMatchObject({ offered: true })
    expect(
      (
        await noc.get<{ transitions: { event: string; offered: boolean }[] }>(`/v1/orders/${id}/transitions`)
      ).transitions.find(({ event }) => event === 'DIAGNOSE')?.offered,
    ).toBe(false)
  })
})
