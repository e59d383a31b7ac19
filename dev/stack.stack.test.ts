import { describe, expect, test } from '@jest/globals'
import { Connection } from '@temporalio/client'
import postgres from 'postgres'
import { testDatabase } from './test-database.ts'
import { testWorld } from './test-world.ts'
import { timeSkippingServer } from './time-skipping.ts'

describe('the world of the tests', () => {
  test('a test database has the migrated tables, and nothing of it reaches another', async () => {
    const [one, two] = await Promise.all([testDatabase(), testDatabase()])
    const first = postgres(one.url, { max: 1 })
    const second = postgres(two.url, { max: 1 })

    await first`create table mine (i int)`
    const tables = await second`select table_name from information_schema.tables where table_schema = 'public'`

    expect(tables.length).toBeGreaterThan(10)
    expect(tables.map((row) => row['table_name'])).not.toContain('mine')
    await Promise.all([first.end(), second.end()])
    await Promise.all([one.drop(), two.drop()])
  })

  test('a dropped database is gone even when a connection was left open', async () => {
    const database = await testDatabase()
    const forgotten = postgres(database.url, { max: 1, onnotice: () => undefined })
    await forgotten`select 1`

    await database.drop()

    await expect(forgotten`select 1`).rejects.toThrow()
    await forgotten.end({ timeout: 0 })
  })

  test('Temporal answers', async () => {
    const connection = await Connection.connect({ address: testWorld().temporalAddress })
    const { serverVersion } = await connection.workflowService.getSystemInfo({})

    expect(serverVersion).toMatch(/^1\./)
    await connection.close()
  })

  test('the clock of the time-skipping server jumps', async () => {
    const environment = await timeSkippingServer()
    try {
      const before = await environment.currentTimeMs()

      await environment.sleep('31 days')

      expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(31 * 86_400_000)
    } finally {
      await environment.teardown()
    }
  })
})
