import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'drizzle-orm'
import { testDatabase } from '../dev/test-database.ts'
import { audit, listAudit, verifyAudit } from './audit.ts'
import { calendarById, listCalendars, saveCalendar } from './calendars.ts'
import { createDb } from './client.ts'
import { contactFor, contactsOf, customerById, customerByNationalId, saveCustomer } from './customers.ts'
import {
  definitionOf,
  listDefinitions,
  pin,
  pointAt,
  publish,
  resolveVersion,
  retire,
  saveDraft,
} from './definitions.ts'
import { documentById, documentsOf, saveDocument } from './documents.ts'
import { answerKey, claimKey, releaseKey } from './idempotency.ts'
import { handled, receive, unhandled } from './inbox.ts'
import { openProposals, propose } from './incidents.ts'
import {
  listTemplates,
  markMessageFailed,
  markMessageSent,
  messagesOf,
  recordMessage,
  reportDelivery,
  saveTemplate,
  templateText,
  timingsOf,
} from './messages.ts'
import { migrate } from './migrate.ts'
import { enqueue, fail, finish, nextDueAt, purgeOutbox, takeDue } from './outbox.ts'
import { createPartner, movePartner, partnerTree } from './partners.ts'
import { approveProposal, proposalById } from './proposal-approval.ts'
import { review } from './reviews.ts'
import { aCustomer, anOrder, aWorld, instant } from './test-rows.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let db: ReturnType<typeof createDb>

beforeAll(async () => {
  database = await testDatabase()
  db = createDb(database.url, { max: 10 })
  await aWorld(db)
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

describe('outbox', () => {
  const entry = (key: string) => ({ kind: 'cancel' as const, key, invocation: 'w' })

  test('several relays never get the same entry, and none is forgotten', async () => {
    await enqueue(
      db,
      null,
      Array.from({ length: 200 }, (_, i) => entry(`many-${i}`)),
    )
    const takes = await Promise.all(Array.from({ length: 8 }, () => takeDue(db, { limit: 25 })))
    const keys = takes.flat().map(({ entry }) => entry.key)
    expect([keys.length, new Set(keys).size]).toEqual([200, 200])
    expect(await takeDue(db, { limit: 10 })).toEqual([])
    await finish(
      db,
      takes.flat().map(({ id }) => id),
    )
  })

  test('comes as it was written; a lease that ends and a failure give it out again, done and cancelled do not', async () => {
    await enqueue(db, null, [
      { kind: 'signal', key: 's', workflowId: 'order:1', event: 'paid', payload: { n: 1 } },
      { ...entry('later'), dueAt: '2999-01-01T00:00:00.000Z' },
    ])
    await enqueue(db, null, [entry('s')])
    const [first, ...none] = await takeDue(db, { limit: 10, leaseSeconds: 0 })
    expect(none).toEqual([])
    expect(first).toMatchObject({
      attempts: 1,
      entry: { kind: 'signal', key: 's', workflowId: 'order:1', event: 'paid', payload: { n: 1 } },
    })
    const [again] = await takeDue(db, { limit: 10, leaseSeconds: 0, kinds: ['signal'] })
    expect(again).toMatchObject({ id: first?.id, attempts: 2 })
    expect(await takeDue(db, { limit: 10, kinds: ['message'] })).toEqual([])

    await fail(db, again?.id ?? 0, 'no answer')
    expect(await takeDue(db, { limit: 10 })).toEqual([])
    const [row] = await db.execute<{ wait: number; last_error: string }>(
      sql`select extract(epoch from next_at - now())::float as wait, last_error from outbox where key = 's'`,
    )
    expect(row?.last_error).toBe('no answer')
    expect(row?.wait).toBeGreaterThan(1)
    expect(row?.wait).toBeLessThanOrEqual(2)

    await fail(db, again?.id ?? 0, 'no answer', 0)
    expect((await takeDue(db, { limit: 10, leaseSeconds: 0 })).map(({ entry }) => entry.key)).toEqual(['s'])
    await finish(db, [again?.id ?? 0])
    expect(await takeDue(db, { limit: 10 })).toEqual([])
    expect(await nextDueAt(db)).toBe('2999-01-01T00:00:00.000Z')
    expect(await purgeOutbox(db, '2999-01-01T00:00:00Z')).toBeGreaterThanOrEqual(201)
    expect(await nextDueAt(db)).toBe('2999-01-01T00:00:00.000Z')
  })
})

describe('inbox', () => {
  test('a callback that comes ten times at once is kept and acted on once', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, () =>
        db.transaction((tx) =>
          receive(tx, { source: 'zarinpal', key: 'ref', payload: { ok: true } }, [
            { kind: 'signal', key: 'zarinpal:ref', workflowId: 'w', event: 'callback', payload: null },
          ]),
        ),
      ),
    )
    expect(results.filter(({ fresh }) => fresh)).toHaveLength(1)
    const waiting = await unhandled(db)
    expect(waiting).toMatchObject([{ source: 'zarinpal', key: 'ref', payload: { ok: true } }])
    await handled(db, waiting[0]?.id ?? 0, { sent: true })
    expect(await unhandled(db)).toEqual([])
    expect(await db.execute(sql`select 1 from outbox where key = 'zarinpal:ref'`)).toHaveLength(1)
  })
})

describe('definitions', () => {
  const draft = (text: string) =>
    db.transaction((tx) =>
      saveDraft(tx, { id: 'd', hash: text, text, kind: 'order', label: { fa: 'ف', en: 'F' }, by: 'u' }),
    )
  const release = (version: number, hash: string, makeCurrent = true) =>
    db.transaction(async (tx) => {
      const stored = await definitionOf(tx, 'd', version)
      if (stored.status === 'draft' && stored.hash === hash)
        await review(tx, { id: 'd', version, hash, verdict: 'approved', by: 'r', at: instant(0) })
      await publish(tx, { id: 'd', version, hash, graph: { n: version }, by: 'r', at: instant(0), makeCurrent })
    })

  test('a draft is edited in place, published once and never changes again', async () => {
    expect([await draft('a'), await draft('b')]).toEqual([1, 1])
    await expect(release(1, 'a')).rejects.toMatchObject({ code: 'DraftChanged' })
    await release(1, 'b')
    await release(1, 'b')
    expect(await definitionOf(db, 'd', 1)).toMatchObject({
      text: 'b',
      graph: { n: 1 },
      status: 'published',
      publishedAt: instant(0),
    })
    expect(await draft('c')).toBe(2)
    for (const change of [`set text = 'x'`, `set graph = '{}'`, `set status = 'draft'`, `set version = 9`]) {
      await expect(
        db.execute(sql.raw(`update definitions ${change} where id = 'd' and version = 1`)),
      ).rejects.toMatchObject({ cause: { code: 'SF003' } })
    }
    await expect(db.execute(sql`delete from definitions where id = 'd' and version = 1`)).rejects.toMatchObject({
      cause: { code: 'SF003' },
    })
    await expect(db.transaction((tx) => pointAt(tx, 'd', 2))).rejects.toMatchObject({ code: 'NotPublished' })
    await expect(definitionOf(db, 'd', 7)).rejects.toMatchObject({ code: 'NoSuchDefinition' })
  })

  test('an order runs by the pin of the nearest partner, then centre, then city, then the current version', async () => {
    await release(2, 'c', false)
    expect(await draft('e')).toBe(3)
    await release(3, 'e', false)
    const version = (place: Parameters<typeof resolveVersion>[2]) => resolveVersion(db, 'd', place)
    const setPin = (place: Parameters<typeof pin>[2], v: number | null) =>
      db.transaction((tx) => pin(tx, 'd', place, v))
    const arya = { partnerId: 'arya', centreId: 'thr-1', cityId: 'thr' }

    expect(await version(arya)).toBe(1)
    await setPin({ cityId: 'thr' }, 2)
    expect([await version(arya), await version({ cityId: 'syz' })]).toEqual([2, 1])
    await setPin({ centreId: 'thr-1' }, 3)
    expect(await version(arya)).toBe(3)
    await setPin({ partnerId: 'tehran' }, 2)
    expect([await version(arya), await version({ partnerId: 'shiraz' })]).toEqual([2, 1])
    await setPin({ partnerId: 'arya' }, 1)
    await setPin({ partnerId: 'arya' }, 3)
    expect([await version(arya), await version({ partnerId: 'tehran' })]).toEqual([3, 2])
    await setPin({ partnerId: 'arya' }, null)
    expect(await version(arya)).toBe(2)
    expect(await resolveVersion(db, 'never', arya)).toBeNull()

    const retired = () => db.transaction((tx) => retire(tx, 'd', 3))
    await expect(retired()).rejects.toMatchObject({ cause: { code: 'SF007' } })
    await setPin({ centreId: 'thr-1' }, null)
    await retired()
    expect((await listDefinitions(db, 'd')).map((row) => [row.version, row.status, row.current])).toEqual([
      [3, 'retired', false],
      [2, 'published', false],
      [1, 'published', true],
    ])
  })
})

describe('audit log', () => {
  const act = (n: number) =>
    audit(db, { at: instant(n), actor: 'u', action: 'did', entity: 'order', entityId: String(n), detail: { n } })

  test('30 acts at once make one chain; any later change is refused, and found when it was done past the guard', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, n) => act(n)))
    expect(await verifyAudit(db)).toBeNull()
    expect(await listAudit(db, { entity: 'order', entityId: '7' })).toMatchObject([
      { detail: { n: 7 }, at: instant(7) },
    ])
    const { length } = await listAudit(db, { actor: 'u', from: instant(0), to: instant(10), limit: 200 })
    expect(length).toBe(10)
    for (const change of ['update audit_log set actor = actor', 'delete from audit_log', 'truncate audit_log']) {
      await expect(db.execute(sql.raw(change))).rejects.toMatchObject({ cause: { code: 'SF003' } })
    }
    const [middle] = (await listAudit(db, { limit: 20 })).slice(-1)
    const past = async (change: string) => {
      await db.execute(sql`alter table audit_log disable trigger audit_log_append_only`)
      await db.execute(sql.raw(change))
      await db.execute(sql`alter table audit_log enable trigger audit_log_append_only`)
    }
    await past(`update audit_log set actor = 'other' where id = ${middle?.id}`)
    expect(await verifyAudit(db)).toEqual({ id: middle?.id, fault: 'altered' })
    await past(`delete from audit_log where id = ${middle?.id}`)
    expect(await verifyAudit(db)).toMatchObject({ fault: 'unlinked' })
  })
})

describe('idempotency keys', () => {
  const request = { actor: 'u', key: 'k', route: 'POST /orders', requestHash: 'h' }

  test('one of many carries the request out, the others wait for its answer', async () => {
    const claims = await Promise.all(Array.from({ length: 10 }, () => claimKey(db, request)))
    expect(claims.map(({ state }) => state).sort()).toEqual([...Array.from({ length: 9 }, () => 'busy'), 'fresh'])
    await answerKey(db, request, { status: 201, response: { id: 1 } })
    expect(await claimKey(db, request)).toEqual({ state: 'done', status: 201, response: { id: 1 } })
    await expect(claimKey(db, { ...request, requestHash: 'other' })).rejects.toMatchObject({
      code: 'IdempotencyKeyReused',
    })
  })

  test('a claim given back or held by the dead is given out again', async () => {
    const other = { ...request, key: 'k2' }
    expect(await claimKey(db, other)).toEqual({ state: 'fresh' })
    expect(await claimKey(db, other)).toEqual({ state: 'busy' })
    expect(await claimKey(db, other, 0)).toEqual({ state: 'fresh' })
    await releaseKey(db, other)
    expect(await claimKey(db, other)).toEqual({ state: 'fresh' })
  })
})

describe('messages', () => {
  test('a message is recorded once and follows its provider; a delivered one stays delivered', async () => {
    const { id: orderId } = await anOrder(db)
    const input = {
      key: 'm1',
      orderId,
      channel: 'sms',
      template: 't',
      locale: 'fa',
      recipient: '+98',
      body: 'سلام',
      segments: 1,
    }
    const { message, created } = await recordMessage(db, input)
    expect([created, (await recordMessage(db, input)).created]).toEqual([true, false])
    await markMessageFailed(db, message.id, 'busy', false)
    await markMessageSent(db, message.id, 'p1', instant(1))
    const report = { channel: 'sms', providerId: 'p1', at: instant(2) }
    expect(await reportDelivery(db, { ...report, delivered: true })).toBe(true)
    expect(await reportDelivery(db, { ...report, delivered: false })).toBe(false)
    expect(await reportDelivery(db, { ...report, providerId: 'x', delivered: true })).toBe(false)
    expect(await messagesOf(db, orderId)).toMatchObject([
      { state: 'delivered', attempts: 2, sentAt: instant(1), deliveredAt: instant(2) },
    ])
  })

  test('texts of the administrator count their versions', async () => {
    const text = { key: 't', channel: 'sms', locale: 'fa', subject: null, body: 'یک', updatedBy: 'u' }
    await saveTemplate(db, text)
    expect(await saveTemplate(db, { ...text, body: 'دو' })).toMatchObject({ version: 2, body: 'دو' })
    expect(await templateText(db, 't', 'sms', 'fa')).toMatchObject({ body: 'دو' })
    expect(await templateText(db, 't', 'sms', 'en')).toBeNull()
    expect(await listTemplates(db)).toHaveLength(1)
    expect(await timingsOf(db, 'adsl')).toEqual([])
  })
})

describe('small tables', () => {
  test('a proposal needs a second person, once', async () => {
    const { id: orderId } = await anOrder(db)
    await propose(db, { id: 'p', orderId, incidentId: 'i', command: 'move', args: { to: 'x' }, by: 'one' })
    expect(await approveProposal(db, 'p', 'one', instant(1))).toBe(false)
    expect(await openProposals(db, orderId)).toHaveLength(1)
    expect(await approveProposal(db, 'p', 'two', instant(1))).toBe(true)
    expect(await proposalById(db, 'p')).toMatchObject({ command: 'move', args: { to: 'x' }, approvedBy: 'two' })
    expect(await approveProposal(db, 'p', 'three', instant(1))).toBe(false)
    expect(await openProposals(db, orderId)).toEqual([])
  })

  test('a file comes back byte for byte', async () => {
    const content = Uint8Array.from([0, 255, 10, 13, 92])
    await aCustomer(db, 'doc', 'arya')
    await saveDocument(db, {
      id: 'f',
      orderId: null,
      customerId: 'doc',
      name: 'کارت.png',
      mediaType: 'image/png',
      content,
      uploadedBy: 'u',
    })
    expect(Uint8Array.from((await documentById(db, 'f'))?.content ?? [])).toEqual(content)
    expect(await documentsOf(db, { customerId: 'doc' })).toMatchObject([
      { bytes: 5, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ])
  })

  test('the contact for a message is the one of the product, else the common one', async () => {
    await db.transaction((tx) =>
      saveCustomer(tx, {
        id: 'con',
        partnerId: 'arya',
        kind: 'company',
        name: 'شرکت',
        nationalId: '10380284790',
        contacts: [
          {
            id: 'con1',
            kind: 'mobile',
            value: '+989120000001',
          },
          {
            id: 'con2',
            kind: 'mobile',
            value: '+989120000002',
            product: 'adsl-16',
          },
        ],
      }),
    )
    const value = async (product: string | null) => (await contactFor(db, 'con', 'mobile', product))?.value
    expect([await value('adsl-16'), await value('host'), await value(null)]).toEqual([
      '+989120000002',
      '+989120000001',
      '+989120000001',
    ])
    expect(await contactFor(db, 'con', 'email', null)).toBeNull()
    expect((await customerByNationalId(db, '10380284790'))?.id).toBe('con')
    expect((await customerById(db, 'con'))?.search).toContain('09120000002')
    expect(await contactsOf(db, 'con')).toHaveLength(2)
  })

  test('a partner moves with all below, and never below itself', async () => {
    await createPartner(db, { id: 'sub', parentId: 'arya', code: 'sub', name: { fa: 'ز', en: 'S' } })
    await expect(
      createPartner(db, { id: 'x', parentId: null, code: 'a.b', name: { fa: 'ز', en: 'S' } }),
    ).rejects.toMatchObject({ code: 'BadPartnerCode' })
    await expect(db.transaction((tx) => movePartner(tx, 'arya', 'sub'))).rejects.toMatchObject({ code: 'PartnerCycle' })
    await db.transaction((tx) => movePartner(tx, 'arya', 'shiraz'))
    expect((await partnerTree(db, 'shiraz')).map(({ path }) => path)).toEqual([
      'hq.shiraz',
      'hq.shiraz.arya',
      'hq.shiraz.arya.sub',
    ])
  })

  test('a calendar is kept whole', async () => {
    const week = { sat: ['08:00-16:00'], sun: [], mon: [], tue: [], wed: [], thu: [], fri: [] }
    const calendar = { id: 'c', label: { fa: 'ک', en: 'C' }, utcOffsetMinutes: 210, week, holidays: [], dated: [] }
    await saveCalendar(db, calendar)
    await saveCalendar(db, { ...calendar, dated: ['1405-01-01'] })
    expect(await calendarById(db, 'c')).toEqual({ ...calendar, dated: ['1405-01-01'] })
    expect(await listCalendars(db)).toHaveLength(1)
  })
})

describe('connections', () => {
  test('migrating again, twice at once, is harmless', async () => {
    const applied = () => db.execute(sql`select hash, created_at from drizzle.__drizzle_migrations order by id`)
    const before = await applied()
    await Promise.all([migrate(database.url), migrate(database.url)])
    expect(await applied()).toEqual(before)
    expect(before.length).toBeGreaterThan(0)
  })

  test('instants come as ISO text and counts as numbers, through the query builder and in raw SQL', async () => {
    const [row] = await db.execute(sql`select ${instant(1)}::timestamptz as at, count(*) as n, 9007199254740993 as big`)
    expect(row).toEqual({ at: instant(1), n: 1, big: '9007199254740993' })
  })
})
