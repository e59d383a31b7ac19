import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'drizzle-orm'
import { testDatabase } from '../dev/test-database.ts'
import { createDb } from './client.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let killer: ReturnType<typeof createDb>

beforeAll(async () => {
  database = await testDatabase()
  killer = createDb(database.url, { max: 2 })
  await killer.execute(sql`create table notes (who text not null)`)
})
afterAll(async () => {
  await killer.close()
  await database.drop()
})

const kill = (pid: number | undefined) => killer.execute(sql`select pg_terminate_backend(${pid ?? 0})`)
const pidOf = async (on: { execute: (typeof killer)['execute'] }) =>
  (await on.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`))[0]?.pid

/** A query settles one way or the other: a promise that stays open for ever is what must not be. */
const settled = (work: Promise<unknown>) =>
  Promise.race([
    work.then(
      () => 'done',
      () => 'failed',
    ),
    new Promise((resolve) => setTimeout(resolve, 10_000, 'hangs')),
  ])

describe('a lost connection', () => {
  test('fails queries but never hangs one, and the pool is whole again at once', async () => {
    for (let round = 0; round < 20; round++) {
      const lone = createDb(database.url, { max: 1 })
      await kill(await pidOf(lone))
      const tries = [await settled(lone.execute(sql`select 1`)), await settled(lone.execute(sql`select 1`))]
      expect(tries).not.toContain('hangs')
      expect(await settled(lone.execute(sql`select 1`))).toBe('done')
      expect(await settled(lone.close())).toBe('done')
    }
  })

  test('in the middle of a transaction ends that transaction and not the process', async () => {
    for (let round = 0; round < 10; round++) {
      const lone = createDb(database.url, { max: 1 })
      const busy = lone.transaction(async (tx) => {
        const pid = await pidOf(tx)
        await Promise.all([tx.execute(sql`select pg_sleep(20)`), kill(pid)])
      })
      expect(await settled(busy)).toBe('failed')
      const idle = lone.transaction(async (tx) => {
        await kill(await pidOf(tx))
        await new Promise((wake) => setTimeout(wake, round))
        await tx.execute(sql`insert into notes values ('idle')`)
      })
      expect(await settled(idle)).toBe('failed')
      expect(await settled(lone.execute(sql`select 1`))).toBe('done')
      await lone.close()
    }
    expect(await killer.execute(sql`select who from notes where who = 'idle'`)).toEqual([])
  })

  test('never lets what a dead transaction still says run inside another one', async () => {
    const lone = createDb(database.url, { max: 1 })
    let wake: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      wake = resolve
    })
    const dead = lone.transaction(async (tx) => {
      await kill(await pidOf(tx))
      await gate
      await tx.execute(sql`insert into notes values ('dead')`)
    })
    expect(await settled(dead)).toBe('failed')
    const live = async (): Promise<void> =>
      lone.transaction(async (tx) => {
        await tx.execute(sql`insert into notes values ('live')`)
        wake()
        await tx.execute(sql`select pg_sleep(0.2)`)
        throw new Error('rolled back')
      })

    await expect(live()).rejects.toThrow('rolled back')

    expect(await killer.execute(sql`select who from notes where who in ('dead', 'live')`)).toEqual([])
    await lone.close()
  })

  test('of a whole pool under load fails what was under way and nothing after it', async () => {
    const pool = createDb(database.url, { max: 5 })
    const work = Array.from({ length: 60 }, (_, i) =>
      pool.transaction(async (tx) => {
        await tx.execute(sql`select ${i}::int`)
        if (i === 7) {
          await killer.execute(sql`select count(pg_terminate_backend(pid)) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()`)
        }
        await tx.execute(sql`insert into notes values (${`pool-${i}`})`)
      }),
    )
    const ends = await Promise.all(work.map(settled))
    expect(ends).not.toContain('hangs')
    const written = (await killer.execute<{ who: string }>(sql`select who from notes`)).map(({ who }) => who)
    expect(written).toEqual(expect.arrayContaining(ends.flatMap((end, i) => (end === 'done' ? [`pool-${i}`] : []))))
    expect(ends.filter((end) => end === 'done').length).toBeGreaterThan(40)
    expect(await settled(pool.execute(sql`select 1`))).toBe('done')
    await pool.close()
  })
})
