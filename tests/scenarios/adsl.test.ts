import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Client, Connection } from '@temporalio/client'
import { Worker } from '@temporalio/worker'
import { debtOf } from '../../db/invoices.ts'
import { trialBalance } from '../../db/ledger.ts'
import { orderById } from '../../db/orders.ts'
import { transitionsOf } from '../../db/transitions.ts'
import { signIn, tellAdslStory } from '../../dev/story.ts'
import { testWorld } from '../../dev/test-world.ts'
import { startFullWorld } from '../full-world.ts'

let world: Awaited<ReturnType<typeof startFullWorld>>

beforeAll(async () => {
  world = await startFullWorld()
})
afterAll(() => world.close())

describe('an ADSL order', () => {
  test('runs from the wish to the active service with each effect once, books in balance, and histories that replay', async () => {
    const watch = startWatching(world.address)
    const { orderId, installationId } = await tellAdslStory(world.address, () => undefined)
    const seen = await watch.stop()

    const order = await orderById(world.db, orderId)
    expect(order).toMatchObject({ status: 'ended', outcome: 'active', tmfState: 'completed', incidentCount: 0 })
    expect((await transitionsOf(world.db, installationId)).rows.at(-1)).toMatchObject({ toStates: ['installed'] })

    const { created } = world.sims.aaa.state
    expect(Object.entries(created).filter(([name]) => name.startsWith('adsl0218800'))).toEqual([
      [expect.any(String), 1],
    ])
    expect(world.sims.ipg.payments().filter(({ state }) => state === 'verified')).toHaveLength(1)
    // A paid order leaves no debt behind: it would be pursued, and the customer's next order rejected.
    expect(await debtOf(world.db, 'maryam')).toEqual({ debtRial: 0, openInvoices: 0 })
    expect(Object.values(await trialBalance(world.db)).every((sum) => sum === 0)).toBe(true)

    const connection = await Connection.connect({ address: testWorld().temporalAddress })
    const client = new Client({ connection })
    for (const workflowId of [`order:${orderId}`, `installation:${installationId}`]) {
      const history = await client.workflow.getHandle(workflowId).fetchHistory()
      await Worker.runReplayHistory({ workflowBundle: { codePath: testWorld().workflowBundle } }, history, workflowId)
      // Ids only: what a person is called, his number and his documents stay in the database (A28).
      const text = JSON.stringify(history.events, (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString() : value,
      )
      for (const secret of ['مریم احمدی', '+989121110001', 'samfony-demo', 'maryam@example.com'])
        expect(text).not.toContain(secret)
    }
    await connection.close()

    // What the API answered while it ran is what it says of that moment now, made again from the log (WF21).
    const manager = await signIn(world.address, 'manager')
    expect(seen.length).toBeGreaterThan(10)
    for (const { answer, at } of seen) {
      const then = await manager.get<Shown>(`/v1/orders/${answer.id}?at=${at}`)
      expect(then.asOf).toMatchObject({ exact: true, differing: [] })
      // Two steps of one millisecond: the later one is what the instant shows.
      if (then.seq !== answer.seq) expect(then.updatedAt).toBe(answer.updatedAt)
      else expect(shown(then)).toEqual(shown(answer))
    }
  }, 150_000)
})

/** What the engine decides about an order's answer; the rest is of other tables. */
const shown = ({ asOf: _asOf, ...answer }: Shown) => ({
  ...Object.fromEntries(fields.map((field) => [field, answer[field]])),
  deadlines: answer.deadlines.map(({ late: _late, ...deadline }) => deadline),
})
const fields =
  'id seq states status outcome outcomeKind outcomeLabel stage tmfState owners dueAt incidentCount updatedAt endedAt definitionVersion context waits incidents'.split(
    ' ',
  )
type Shown = Record<string, unknown> & {
  id: string
  seq: number
  updatedAt: string
  deadlines: { late: boolean }[]
  asOf: unknown
}

/** Looks at every order again and again while a story runs, and keeps each answer with a new step. */
function startWatching(address: string) {
  const seen = new Map<string, { answer: Shown; at: string }>()
  let running = true
  const watching = (async () => {
    const manager = await signIn(address, 'manager')
    while (running) {
      const { orders } = await manager.get<{ orders: { id: string; seq: number }[] }>('/v1/orders?limit=20')
      for (const { id, seq } of orders) {
        if (seq === 0 || seen.has(`${id}:${seq}`)) continue
        const answer = await manager.get<Shown>(`/v1/orders/${id}`)
        seen.set(`${id}:${answer.seq}`, { answer, at: answer.updatedAt })
      }
      await pause(100) // within the limit of requests of one user
    }
  })()
  return {
    async stop() {
      running = false
      await watching
      return [...seen.values()]
    },
  }
}
