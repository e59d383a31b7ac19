import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Client, Connection } from '@temporalio/client'
import { createDb } from '../db/client.ts'
import { testDatabase } from '../dev/test-database.ts'
import { testWorld } from '../dev/test-world.ts'
import { paymentIdOf } from '../workflows/messages.ts'
import { createSignals } from './signals.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let db: ReturnType<typeof createDb>
let connection: Connection

beforeAll(async () => {
  database = await testDatabase()
  db = createDb(database.url)
  connection = await Connection.connect({ address: testWorld().temporalAddress })
})
afterAll(async () => {
  await connection.close()
  await db.close()
  await database.drop()
})

describe('a callback of a bank', () => {
  test('that overtakes the start of its attempt is not lost, and the attempt is started once', async () => {
    const client = new Client({ connection })
    const queuePrefix = `t${randomUUID().slice(0, 8)}`
    const carriers = createSignals({ db, client, queuePrefix })
    const leased = { id: 1, orderId: null, attempts: 1 }
    const told = { key: 'c', kind: 'callback' as const, attemptId: '7', fields: { Status: 'OK' } }
    const opened = { key: 'p', kind: 'payment' as const, attemptId: '7' }

    await carriers.callback(told, { ...leased, entry: told })
    await carriers.payment(opened, { ...leased, entry: opened })

    const handle = client.workflow.getHandle(paymentIdOf(queuePrefix, '7'))
    const { events } = await handle.fetchHistory()
    expect(events?.filter((event) => event.workflowExecutionStartedEventAttributes)).toHaveLength(1)
    expect(events?.filter((event) => event.workflowExecutionSignaledEventAttributes)).toHaveLength(1)

    await handle.terminate()
    await carriers.callback(told, { ...leased, entry: told })
    expect((await handle.describe()).status.name).toBe('TERMINATED')
  })
})
