import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'drizzle-orm'
import { testDatabase } from '../dev/test-database.ts'
import type { OutboxEntry } from '../domain/transition.ts'
import { createDb } from './client.ts'
import { moveCustomer } from './customers.ts'
import { openIncidents } from './incidents.ts'
import { saveTiming } from './messages.ts'
import { type OrderChange, onOrderChange, onOutbox } from './notifications.ts'
import { childrenOf, orderById } from './orders.ts'
import { movePartner } from './partners.ts'
import { aCustomer, anOrder, aRecord, aWorld, instant } from './test-rows.ts'
import { fateOf, recordTransition, stepsBeyond, transitionsOf, verifyChain } from './transitions.ts'

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

/** Waits until something holds, 10 seconds at most. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await holds()); ) {
    if (Date.now() > end) throw new Error('it never came to hold')
    await new Promise((wake) => setTimeout(wake, 2))
  }
}

/** Counters that differ from a recount of the orders. */
const wrongTallies = () =>
  db.execute(sql`
    select * from (select definition_id, state, partner_id, centre_id, city_id, n from tally where n <> 0) as kept
    full join (select definition_id, s as state, coalesce(partner_id, '') as partner_id, coalesce(centre_id, '') as centre_id,
                      coalesce(city_id, '') as city_id, count(*) as m from orders, unnest(states) as s group by 1, 2, 3, 4, 5) as counted
      using (definition_id, state, partner_id, centre_id, city_id) where n is distinct from m`)

describe('recordTransition', () => {
  test('writes log and projection together', async () => {
    const { id } = await anOrder(db)

    const result = await recordTransition(db, aRecord(id, 1, { dueAt: instant(90), to: ['a.x', 'b.y'] }))

    expect(result).toEqual({ verdict: 'applied', seq: 1 })
    expect(await orderById(db, id)).toMatchObject({
      seq: 1,
      states: ['a.x', 'b.y'],
      status: 'running',
      dueAt: instant(90),
      updatedAt: instant(1),
      endedAt: null,
      owners: ['sales'],
      instance: { seq: 1 },
    })
    const { rows, next } = await transitionsOf(db, id)
    expect(rows).toMatchObject([
      {
        seq: 1,
        at: instant(1),
        toStates: ['a.x', 'b.y'],
        actor: { name: 'سارا' },
        payload: { note: 'متن' },
        definitionVersion: 1,
      },
    ])
    expect(next).toBeNull()
  })

  test('the same transition again changes nothing and says so, even with other content', async () => {
    const { id } = await anOrder(db)
    await recordTransition(db, aRecord(id, 1))
    await recordTransition(db, aRecord(id, 2, { to: ['paid'] }))
    const before = await orderById(db, id)

    expect(
      await recordTransition(
        db,
        aRecord(id, 2, { to: ['elsewhere'], outbox: [{ kind: 'cancel', key: `x:${id}`, invocation: 'w' }] }),
      ),
    ).toEqual({
      verdict: 'known',
      seq: 2,
    })
    expect(await recordTransition(db, aRecord(id, 1))).toEqual({ verdict: 'known', seq: 2 })

    expect(await orderById(db, id)).toEqual(before)
    expect(await db.execute(sql`select 1 from outbox where key = ${`x:${id}`}`)).toHaveLength(0)
  })

  test('another step in the place of a written one is not taken for it, and one that came too late is not written', async () => {
    const { id } = await anOrder(db)
    await recordTransition(db, aRecord(id, 1))
    const event = { type: 'user', name: 'OTHER', updateId: 'u-2' }
    const past = new Date(Date.now() - 1_000).toISOString()

    expect(await recordTransition(db, aRecord(id, 1, { event }))).toEqual({ verdict: 'ahead', seq: 1 })
    expect(await recordTransition(db, aRecord(id, 2, { event, notAfter: past }))).toEqual({ verdict: 'late', seq: 1 })
    expect(await fateOf(db, id, 'u-2', past)).toEqual({ step: null, past: true })

    const soon = new Date(Date.now() + 60_000).toISOString()
    expect(await recordTransition(db, aRecord(id, 2, { event, notAfter: soon }))).toEqual({
      verdict: 'applied',
      seq: 2,
    })
    // Written in time, it stays written, however late it is told again.
    expect(await recordTransition(db, aRecord(id, 2, { event, notAfter: past }))).toEqual({ verdict: 'known', seq: 2 })
    expect(await fateOf(db, id, 'u-2', soon)).toMatchObject({ step: { seq: 2 }, past: false })
    expect(await stepsBeyond(db, id, 1)).toMatchObject({ instance: { seq: 2 }, steps: [{ seq: 2, event }] })
    expect(await stepsBeyond(db, id, 2)).toBeNull()
  })

  test('the fate of a press waits for a write that is under way', async () => {
    const { id } = await anOrder(db)
    const soon = new Date(Date.now() + 60_000).toISOString()
    const event = { type: 'user', name: 'GO', updateId: 'u-slow' }
    let fate: ReturnType<typeof fateOf> | undefined

    await db.$client.begin(async (tx) => {
      await tx`select record_step(${JSON.stringify(aRecord(id, 1, { event, notAfter: soon }))}::text::jsonb)`
      fate = fateOf(db, id, 'u-slow', soon)
      await until(async () => (await db.$client`select 1 from pg_locks where not granted`).length > 0)
    })

    expect(await fate).toMatchObject({ step: { seq: 1 } })
  })

  test('20 repeats at once are applied once', async () => {
    const { id } = await anOrder(db)

    const results = await Promise.all(Array.from({ length: 20 }, () => recordTransition(db, aRecord(id, 1))))

    expect(results.filter(({ verdict }) => verdict === 'applied')).toHaveLength(1)
    expect(await wrongTallies()).toHaveLength(0)
  })

  test('a gap and an unknown order are refused with errors of their own and leave no trace', async () => {
    const { id } = await anOrder(db)

    await expect(recordTransition(db, aRecord(id, 2))).rejects.toMatchObject({ name: 'TransitionGap' })
    await expect(recordTransition(db, aRecord('nobody', 1))).rejects.toMatchObject({ name: 'UnknownOrder' })

    expect((await transitionsOf(db, id)).rows).toHaveLength(0)
    expect(await orderById(db, id)).toMatchObject({ seq: 0, states: [] })
  })

  test('the end of an order keeps its instant and outcome', async () => {
    const { id } = await anOrder(db)
    await recordTransition(
      db,
      aRecord(id, 1, { status: 'ended', outcome: 'delivered', outcomeKind: 'success', to: ['done'] }),
    )
    await recordTransition(
      db,
      aRecord(id, 2, { status: 'ended', outcome: 'delivered', outcomeKind: 'success', to: ['done'] }),
    )

    expect(await orderById(db, id)).toMatchObject({ endedAt: instant(1), outcome: 'delivered', outcomeKind: 'success' })
  })
})

describe('tally', () => {
  test('equals a recount after 50 concurrent walks over the same states, with customers and partners moved meanwhile', async () => {
    const states = ['a', 'b', 'c', 'd']
    await aCustomer(db, 'walker', 'arya')
    const orders = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        anOrder(db, {
          customerId: 'walker',
          centreId: i % 2 === 0 ? 'thr-1' : null,
          cityId: i % 3 === 0 ? 'thr' : null,
        }),
      ),
    )
    const walk = async (id: string, i: number) => {
      for (let seq = 1; seq <= 6; seq++) {
        const to = [states[(i + seq) % 4] ?? '', states[(i * seq + 1) % 4] ?? '']
        await recordTransition(db, aRecord(id, seq, { to: Array.from(new Set(to)) }))
      }
    }

    await Promise.all([
      ...orders.map(({ id }, i) => walk(id, i)),
      db.transaction((tx) => moveCustomer(tx, 'walker', 'shiraz')),
      db.transaction((tx) => movePartner(tx, 'arya', 'shiraz')),
    ])

    expect(await wrongTallies()).toHaveLength(0)
    const [{ n } = { n: 0 }] = await db.execute<{ n: number }>(
      sql`select sum(n) as n from tally where partner_id = 'shiraz'`,
    )
    expect(n).toBeGreaterThanOrEqual(50)
    const places = await db.execute(
      sql`select distinct partner_id, partner_path from orders where customer_id = 'walker'`,
    )
    expect(places).toEqual([{ partner_id: 'shiraz', partner_path: 'hq.shiraz' }])
  })
})

describe('outbox and incidents', () => {
  const message = (key: string, template = 'adsl.expired'): OutboxEntry => ({
    kind: 'message',
    key,
    channels: ['sms'],
    template,
    to: 'customer',
    data: {},
    state: 'review',
  })

  test('entries are written once; a message waits as the administrator says, or not at all', async () => {
    const { id } = await anOrder(db)
    await saveTiming(db, { definitionId: 'adsl', state: 'review', template: 'later', enabled: true, delay: 'P1DT2H' })
    await saveTiming(db, { definitionId: 'adsl', state: 'review', template: 'never', enabled: false, delay: null })

    await recordTransition(
      db,
      aRecord(id, 1, {
        outbox: [
          message(`${id}:now`),
          { ...message(`${id}:due`), dueAt: instant(500) },
          message(`${id}:later`, 'later'),
          message(`${id}:never`, 'never'),
          { kind: 'signal', key: `${id}:signal`, workflowId: 'w', event: 'paid', payload: null },
        ],
      }),
    )
    await recordTransition(db, aRecord(id, 2, { outbox: [message(`${id}:now`)] }))

    const rows = await db.execute(
      sql`select key, kind, payload, due_at, cancelled_at is null as waits from outbox where order_id = ${id} order by id`,
    )
    expect(rows).toMatchObject([
      { key: `${id}:now`, payload: { channels: ['sms'], template: 'adsl.expired' }, waits: true },
      { key: `${id}:due`, due_at: instant(500), waits: true },
      { key: `${id}:later`, due_at: instant(1 + 26 * 3600), waits: true },
      { key: `${id}:never`, waits: false },
      { key: `${id}:signal`, kind: 'signal', payload: { event: 'paid', payload: null }, waits: true },
    ])
  })

  test('a step takes waiting messages back, and only those', async () => {
    const { id } = await anOrder(db)
    await recordTransition(
      db,
      aRecord(id, 1, {
        outbox: [message(`${id}:m1`), message(`${id}:m2`), { kind: 'cancel', key: `${id}:c`, invocation: 'w' }],
      }),
    )

    await recordTransition(db, aRecord(id, 2, { cancel: [`${id}:m1`, `${id}:c`, 'unknown'] }))

    const rows = await db.execute(sql`select key from outbox where order_id = ${id} and cancelled_at is not null`)
    expect(rows).toEqual([{ key: `${id}:m1` }])
  })

  test('the list of incidents is followed: opened, kept, closed, opened again', async () => {
    const { id } = await anOrder(db)
    const incident = (name: string) => ({
      id: name,
      kind: 'invocation' as const,
      place: 'ranging',
      error: { type: 'Unavailable', message: 'no answer' },
      openedAt: instant(1),
    })
    const open = async () => (await openIncidents(db, id)).map(({ incidentId }) => incidentId).sort()

    await recordTransition(db, aRecord(id, 1, { status: 'held', incidents: [incident('i1'), incident('i2')] }))
    expect(await open()).toEqual(['i1', 'i2'])
    expect(await orderById(db, id)).toMatchObject({ incidentCount: 2, status: 'held' })

    await recordTransition(
      db,
      aRecord(id, 2, { incidents: [incident('i2')], event: { type: 'repair', name: 'retry' } }),
    )
    expect(await open()).toEqual(['i2'])
    expect(
      await db.execute(sql`select resolution from incidents where order_id = ${id} and incident_id = 'i1'`),
    ).toEqual([{ resolution: 'retry' }])

    await recordTransition(db, aRecord(id, 3, { incidents: [incident('i1')] }))
    expect(await open()).toEqual(['i1'])
    await recordTransition(db, aRecord(id, 4))
    expect(await open()).toEqual([])
    expect(await childrenOf(db, id)).toEqual([])
  })

  test('listeners learn of a committed transition and of work that is due', async () => {
    const { id } = await anOrder(db)
    const changes: OrderChange[] = []
    let rings = 0
    const stops = [
      await onOrderChange(db, (change) => changes.push(change)),
      await onOutbox(db, () => {
        rings++
      }),
    ]
    for (let seq = 1; seq <= 20; seq++) {
      const ringsBefore = rings
      await recordTransition(db, aRecord(id, seq, { outbox: [message(`${id}:ring-${seq}`)] }))
      await until(() => changes.some((change) => change.orderId === id && change.seq === seq) && rings > ringsBefore)
    }

    expect(changes.find((change) => change.orderId === id)).toMatchObject({
      seq: 1,
      definitionId: 'adsl',
      from: [],
      states: ['review'],
      partnerPath: 'hq.shiraz.arya',
    })
    await Promise.all(stops.map((stop) => stop()))
  })
})

describe('hash chain', () => {
  const walked = async (steps: number) => {
    const { id } = await anOrder(db)
    for (let seq = 1; seq <= steps; seq++) await recordTransition(db, aRecord(id, seq, { to: [`s${seq}`] }))
    return id
  }
  /** What only the owner of the server can do: with the guard taken away. */
  const tamper = (statement: ReturnType<typeof sql>) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`alter table transitions disable trigger transitions_append_only`)
      await tx.execute(statement)
      await tx.execute(sql`alter table transitions enable trigger transitions_append_only`)
    })

  test('of an untouched order holds', async () => {
    expect(await verifyChain(db, await walked(4))).toBeNull()
    expect(await verifyChain(db, (await anOrder(db)).id)).toBeNull()
  })

  test.each([
    ['altered', 2, sql`actor = '{"id": "someone else"}'`],
    ['altered', 2, sql`at = at + interval '1 minute'`],
    ['altered', 2, sql`payload = null`],
    ['altered', 2, sql`trace = '[]'`],
    ['unlinked', 2, sql`prev_hash = ''`],
  ])('finds a row %s at %i', async (fault, seq, change) => {
    const id = await walked(3)

    await tamper(sql`update transitions set ${change} where order_id = ${id} and seq = 2`)

    expect(await verifyChain(db, id)).toEqual({ seq, fault })
  })

  test('finds a row taken out, the end cut off, and a row recomputed in place', async () => {
    const missing = await walked(3)
    await tamper(sql`delete from transitions where order_id = ${missing} and seq = 2`)
    expect(await verifyChain(db, missing)).toEqual({ seq: 3, fault: 'missing' })

    const cut = await walked(3)
    await tamper(sql`delete from transitions where order_id = ${cut} and seq = 3`)
    expect(await verifyChain(db, cut)).toEqual({ seq: 3, fault: 'cut' })

    const recomputed = await walked(3)
    await tamper(sql`update transitions set payload = null where order_id = ${recomputed} and seq = 2`)
    await tamper(
      sql`update transitions t set hash = chain_hash(prev_hash, transition_canonical(t)) where order_id = ${recomputed} and seq = 2`,
    )
    expect(await verifyChain(db, recomputed)).toEqual({ seq: 3, fault: 'unlinked' })
  })

  test.each(['update transitions set seq = seq', 'delete from transitions', 'truncate transitions'])(
    '%s is refused',
    async (statement) => {
      await expect(db.execute(sql.raw(statement))).rejects.toMatchObject({ cause: { code: 'SF003' } })
    },
  )
})
