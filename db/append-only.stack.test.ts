import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { testDatabase } from '../dev/test-database.ts'

import { rial } from '../domain/money.ts'
import { audit } from './audit.ts'
import { createDb } from './client.ts'
import { post } from './ledger.ts'
import { anOrder, aRecord, aWorld, instant } from './test-rows.ts'
import { recordTransition } from './transitions.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let db: ReturnType<typeof createDb>
beforeAll(async () => {
  database = await testDatabase()
  db = createDb(database.url)
  await aWorld(db)
  const { id } = await anOrder(db)
  await recordTransition(db, aRecord(id, 1))
  await db.transaction((tx) => audit(tx, { at: instant(1), actor: 'u', action: 'a', entity: 'order', entityId: id }))
  const lines = [
    { account: '1101:bank', debitRial: rial(10) },
    { account: '4100', creditRial: rial(10) },
  ]
  await db.transaction((tx) => post(tx, { key: 'k', at: instant(1), description: 'd', lines }))
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

/** Logs of what happened, with a column that somebody might like to change. */
const logs = {
  audit_log: 'actor',
  transitions: 'event',
  journal_entries: 'description',
  journal_lines: 'account_id',
}
const writes = (table: string, column: string) => [
  `update ${table} set ${column} = ${column}`,
  `delete from ${table}`,
  `truncate ${table} cascade`,
]

describe.each(Object.entries(logs))('%s is append-only (A26)', (table, column) => {
  test.each(['samfony_api', 'samfony_office'])('%s has no right to change, delete or empty it', async (role) => {
    for (const write of writes(table, column)) {
      const tried = db.$client.begin(async (sql) => {
        await sql.unsafe(`set local role ${role}`)
        // Whoever reaches everything is tried: row-level security must not be what keeps him off.
        await sql`select set_config('samfony.all', 'on', true)`
        await sql.unsafe(write)
      })
      await expect(tried).rejects.toMatchObject({ code: '42501' })
    }
  })

  test('even the program that owns it is refused, and nothing is lost', async () => {
    const rows = async () =>
      (await db.$client.unsafe(`select to_jsonb(t)::text as row from ${table} t order by 1`)).map(({ row }) => row)
    const before = await rows()
    expect(before.length).toBeGreaterThan(0)
    for (const write of writes(table, column))
      await expect(db.$client.unsafe(write)).rejects.toMatchObject({ code: 'SF003' })
    expect(await rows()).toEqual(before)
  })
})

test('what a person’s role may change is a closed list, and no log is on it (A26)', async () => {
  const open = await db.$client<{ table: string; right: string }[]>`
    select c.relname as table, p as right from pg_class c, unnest(array['update', 'delete', 'truncate']) p
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
       and (has_table_privilege('samfony_api', c.oid, p) or has_table_privilege('samfony_office', c.oid, p))
       and c.relname = any (${Object.keys(logs).concat('invoice_lines', 'outbox', 'inbox', 'sessions', 'users', 'role_assignments', 'api_keys')})`
  expect(open).toEqual([])
})
