import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { testDatabase } from '../dev/test-database.ts'
import { createDb } from './client.ts'
import { purgeExpired } from './purge.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let db: ReturnType<typeof createDb>
beforeAll(async () => {
  database = await testDatabase()
  db = createDb(database.url)
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

test('what is past goes, a bounded number at a time, and what still counts stays', async () => {
  const now = '2026-11-24T12:00:00Z'
  await db.$client`insert into users (id, username, password_hash, name) values ('u', 'u', '', 'u')`
  await db.$client`insert into sessions (token_hash, user_id, expires_at)
    select 'past' || n, 'u', ${now}::timestamptz - interval '1 s' from generate_series(1, 3) n
    union all select 'open', 'u', ${now}::timestamptz + interval '1 s'`
  await db.$client`insert into idempotency_keys (actor, key, route, request_hash, created_at)
    values ('u', 'old', '', '', ${now}::timestamptz - interval '49 h'), ('u', 'young', '', '', ${now}::timestamptz - interval '47 h')`
  await db.$client`insert into login_codes (mobile, id, code_hash, expires_at)
    values ('past', '1', '', ${now}::timestamptz - interval '1 s'), ('open', '2', '', ${now}::timestamptz + interval '1 s')`
  await db.$client`insert into rate_limits (key, points, expire)
    values ('past', 1, ${Date.parse(now) - 1}), ('open', 1, ${Date.parse(now) + 1}), ('for ever', 1, null)`

  const rounds = [
    await purgeExpired(db, { now, limit: 2 }),
    await purgeExpired(db, { now, limit: 2 }),
    await purgeExpired(db, { now, limit: 2 }),
  ]
  const left = await db.$client`select token_hash as name from sessions union all select key from idempotency_keys
    union all select mobile from login_codes union all select key from rate_limits order by 1`

  expect(rounds).toEqual([5, 1, 0])
  expect(left.map(({ name }) => name)).toEqual(['for ever', 'open', 'open', 'open', 'young'])
})
