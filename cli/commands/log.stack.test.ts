import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'drizzle-orm'
import { createDb } from '../../db/client.ts'
import { anOrder, aRecord, aWorld } from '../../db/test-rows.ts'
import { recordTransition } from '../../db/transitions.ts'
import { testDatabase } from '../../dev/test-database.ts'
import { logCommand } from './log.ts'

describe('the log on the command line', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>
  let db: ReturnType<typeof createDb>
  beforeAll(async () => {
    database = await testDatabase()
    db = createDb(database.url)
    await aWorld(db)
    for (const id of ['o1', 'o2', 'o3']) {
      await anOrder(db, { id })
      for (let seq = 1; seq <= 4; seq++) await recordTransition(db, aRecord(id, seq))
    }
  })
  afterAll(async () => {
    await db.close()
    await database.drop()
  })

  async function run(...words: string[]) {
    let text = ''
    let failed = false
    await logCommand({
      write: (more) => {
        text += more
      },
      fail: () => {
        failed = true
      },
      nowMs: () => Date.parse('2026-11-24T08:00:00Z'),
    }).parseAsync([...words, '--database', database.url], { from: 'user' })
    return { text, failed }
  }

  async function tamper(change: ReturnType<typeof sql>): Promise<void> {
    await db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`)
      await tx.execute(change)
    })
  }

  test('an export says who took it, holds every line, and can be checked without us', async () => {
    const { text, failed } = await run('export', 'o1', '--by', 'court-17')
    const lines = text.trim().split('\n')
    const end = JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>
    const signed = lines
      .slice(0, -1)
      .map((line) => `${line}\n`)
      .join('')
    const [audited] = await db.execute(
      sql`select actor, action, entity_id, detail from audit_log order by id desc limit 1`,
    )

    expect(failed).toBe(false)
    expect(lines).toHaveLength(6)
    expect(end).toMatchObject({
      transitions: 4,
      whole: true,
      sha256: createHash('sha256').update(signed).digest('hex'),
    })
    expect(audited).toEqual({
      actor: 'court-17',
      action: 'order.log.export',
      entity_id: 'o1',
      detail: { sha256: end['sha256'] },
    })
    expect(await run('export', 'nobody', '--by', 'x')).toEqual({ text: 'There is no order nobody\n', failed: true })
  })

  test('whole chains are said to be whole, and the first broken link is named', async () => {
    expect(await run('verify')).toEqual({ text: '3 orders, every chain whole\n', failed: false })
    await tamper(sql`update transitions set payload = '{"note": "other"}' where order_id = 'o2' and seq = 3`)
    await tamper(sql`delete from transitions where order_id = 'o3' and seq = 2`)
    const all = await run('verify')
    const third = await run('verify', '--order', 'o3')

    expect([all.failed, all.text]).toEqual([
      true,
      expect.stringMatching(/^BROKEN: order \S+ \(o2\), transition 3: altered\n$/),
    ])
    expect([third.failed, third.text]).toEqual([true, expect.stringContaining('transition 3: missing')])
    expect((await run('verify', '--order', 'o1')).failed).toBe(false)
    expect(JSON.parse((await run('export', 'o2', '--by', 'x')).text.trim().split('\n').at(-1) ?? '')).toMatchObject({
      whole: false,
      fault: { seq: 3, fault: 'altered' },
    })
  })
})
