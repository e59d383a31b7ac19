import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Client, Connection } from '@temporalio/client'
import { Worker } from '@temporalio/worker'
import { debtOf } from '../../db/invoices.ts'
import { trialBalance } from '../../db/ledger.ts'
import { orderById } from '../../db/orders.ts'
import { transitionsOf } from '../../db/transitions.ts'
import { tellAdslStory } from '../../dev/story.ts'
import { testWorld } from '../../dev/test-world.ts'
import { startFullWorld } from '../full-world.ts'

let world: Awaited<ReturnType<typeof startFullWorld>>

beforeAll(async () => {
  world = await startFullWorld()
})
afterAll(() => world.close())

describe('an ADSL order', () => {
  test('runs from the wish to the active service with each effect once, books in balance, and histories that replay', async () => {
    const { orderId, installationId } = await tellAdslStory(world.address, () => undefined)

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
  }, 150_000)
})
