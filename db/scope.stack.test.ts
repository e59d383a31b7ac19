import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'drizzle-orm'
import { testDatabase } from '../dev/test-database.ts'
import { rial } from '../domain/money.ts'
import { createDb } from './client.ts'
import { listCustomers, moveCustomer } from './customers.ts'
import { saveDocument } from './documents.ts'
import { issueProforma } from './invoices.ts'
import { recordMessage } from './messages.ts'
import { createOrder, listOrders } from './orders.ts'
import { openAttempt } from './payments.ts'
import { users } from './schema/users.ts'
import { type ActorScope, type Assignment, assignmentsOf, reachOf, rolesCovering, withActor } from './scope.ts'
import { stateMap } from './state-map.ts'
import { createSubscription } from './subscriptions.ts'
import { aCustomer, aLine, anOrder, aRecord, aWorld, instant } from './test-rows.ts'
import { recordTransition } from './transitions.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let db: ReturnType<typeof createDb>

beforeAll(async () => {
  database = await testDatabase()
  db = createDb(database.url)
  await aWorld(db)
  await db.insert(users).values({ id: 'tech', username: 'tech', passwordHash: 'secret', name: 'رضا', partnerId: 'hq' })
  await aFullOrder('arya', { centreId: 'thr-1', cityId: 'thr', technicianId: 'tech' })
  await aFullOrder('shiraz', { centreId: 'syz-1', cityId: 'syz' })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

/** One row in every table with a partner's data, with ids that begin with the partner's. */
async function aFullOrder(partner: string, place: { centreId: string; cityId: string; technicianId?: string }) {
  const customerId = await aCustomer(db, `${partner}-customer`, partner)
  const { id } = await anOrder(db, { id: `${partner}-order`, customerId, partnerId: partner, ...place })
  const incident = {
    id: 'i',
    kind: 'guard' as const,
    place: 'x',
    error: { type: 'T', message: 'm' },
    openedAt: instant(1),
  }
  await recordTransition(db, aRecord(id, 1, { incidents: [incident] }))
  await recordMessage(db, {
    key: id,
    orderId: id,
    channel: 'sms',
    template: 't',
    locale: 'fa',
    recipient: 'r',
    body: 'b',
    segments: 1,
  })
  await db.transaction(async (tx) => {
    await issueProforma(tx, {
      id: `${partner}-invoice`,
      key: partner,
      orderId: id,
      customerId,
      partnerId: partner,
      issuedAt: instant(0),
      lines: [aLine()],
    })
    await openAttempt(tx, {
      key: id,
      pathToken: `${partner}-token`,
      gateway: 'bank',
      amountRial: rial(5),
      invoiceId: `${partner}-invoice`,
    })
    await createSubscription(tx, {
      id: `${partner}-subscription`,
      orderId: id,
      customerId,
      partnerId: partner,
      productId: 'adsl-16',
      startsAt: instant(0),
      expiresAt: instant(9),
    })
    await saveDocument(tx, {
      id: `${partner}-document`,
      orderId: null,
      customerId,
      name: 'n',
      mediaType: 'm',
      content: new Uint8Array(3),
      uploadedBy: 'u',
    })
    await tx.execute(sql`insert into incident_proposals (id, order_id, incident_id, command, args, proposed_by)
      values (${`${partner}-proposal`}, ${id}, 'i', 'cancel', '{}', 'u')`)
    await tx.execute(sql`insert into users (id, username, password_hash, name, partner_id)
      values (${`${partner}-user`}, ${`${partner}-user`}, 'secret', 'n', ${partner})`)
    await tx.execute(
      sql`insert into role_assignments (user_id, role, reach, partner_id) values (${`${partner}-user`}, 'agent', 'own', ${partner})`,
    )
  })
}

const assignment = (given: Partial<Assignment> & Pick<Assignment, 'reach'>): Assignment => ({
  role: 'agent',
  partnerId: null,
  partnerPath: null,
  centreId: null,
  cityId: null,
  ...given,
})
const actor = (given: Partial<Assignment> & Pick<Assignment, 'reach'>, more: Partial<ActorScope> = {}): ActorScope => ({
  userId: 'nobody',
  customerId: null,
  assignments: [assignment(given)],
  ...more,
})
const actors = {
  arya: actor({ reach: 'own', partnerId: 'arya', partnerPath: 'hq.tehran.arya' }),
  tehran: actor({ reach: 'subtree', partnerId: 'tehran', partnerPath: 'hq.tehran' }),
  shiraz: actor({ reach: 'own', partnerId: 'shiraz', partnerPath: 'hq.shiraz' }),
  centre: actor({ reach: 'centre', centreId: 'thr-1' }),
  city: actor({ reach: 'city', cityId: 'thr' }),
  technician: actor({ reach: 'own' }, { userId: 'tech' }),
  customer: actor({ reach: 'own' }, { customerId: 'arya-customer' }),
  office: actor({ reach: 'all' }),
  nobody: { userId: 'nobody', customerId: null, assignments: [] },
}

describe('row-level security', () => {
  test('stands on every table that has rows of a partner, a customer or an order and that a person may read', async () => {
    const open = await db.execute(sql`
      select distinct c.table_name from information_schema.columns c join pg_class k on k.oid = c.table_name::regclass
       where c.table_schema = 'public' and c.column_name in ('partner_id', 'partner_path', 'customer_id', 'order_id', 'invoice_id')
         and has_any_column_privilege('samfony_api', c.table_name, 'select') and c.table_name <> 'outbox'
         and not (k.relrowsecurity and exists (
           select 1 from pg_policies p where p.tablename = c.table_name and p.roles @> '{samfony_api}' and p.qual <> 'true'))`)
    expect(open).toEqual([])
  })

  test('secrets and the search words of all are read by no person', async () => {
    for (const column of [
      'users.password_hash',
      'sessions.token_hash',
      'api_keys.hash',
      'order_search.search',
      'outbox.payload',
      'inbox.payload',
    ]) {
      const [table, name] = column.split('.')
      const rights = await db.execute(sql`select r from unnest(array['samfony_api', 'samfony_office']) as r
        where has_column_privilege(r, ${table}, ${name}, 'select')`)
      expect([column, ...rights]).toEqual([column])
    }
  })

  const tables = [
    'orders.id',
    'transitions.order_id',
    'incidents.order_id',
    'incident_proposals.id',
    'messages.key',
    'customers.id',
    'contacts.id',
    'subscriptions.id',
    'invoices.id',
    'invoice_lines.invoice_id',
    'payment_attempts.path_token',
    'documents.id',
    'tally.partner_id',
    'users.id',
    'role_assignments.user_id',
  ]
  const visible = (who: ActorScope, column: string, prefix: string) =>
    withActor(db, who, async (tx) => {
      const [table, name] = column.split('.')
      const [row] = await tx.execute<{ n: number }>(
        sql`select count(*) as n from ${sql.identifier(table ?? '')} where starts_with(${sql.identifier(name ?? '')}, ${prefix})`,
      )
      return (row?.n ?? 0) > 0
    })

  test.each(tables)(
    '%s: an agent sees his own and nothing of the other, both ways; the tree sees below',
    async (column) => {
      const seen = async (who: ActorScope) => [await visible(who, column, 'arya'), await visible(who, column, 'shiraz')]
      expect(await seen(actors.arya)).toEqual([true, false])
      expect(await seen(actors.shiraz)).toEqual([false, true])
      expect(await seen(actors.tehran)).toEqual([true, false])
      expect(await seen(actors.office)).toEqual([true, true])
      expect(await seen(actors.nobody)).toEqual([false, false])
    },
  )

  test.each(['orders.id', 'transitions.order_id', 'customers.id', 'invoices.id', 'documents.id'])(
    '%s: a centre, a city, a technician and a customer see what reaches them',
    async (column) => {
      for (const who of [actors.centre, actors.city, actors.technician, actors.customer]) {
        expect([await visible(who, column, 'arya'), await visible(who, column, 'shiraz')]).toEqual([true, false])
      }
    },
  )

  test('an agent cannot write into the reach of another, nor move his own there', async () => {
    const orderOf = (partnerId: string) => ({
      id: `w-${partnerId}`,
      kind: 'order' as const,
      workflowId: `w-${partnerId}`,
      definitionId: 'adsl',
      definitionVersion: 1,
      engineVersion: 1,
      at: instant(0),
      partnerId,
      start: {
        businessKey: 'b',
        input: {},
      },
    })
    const { created } = await withActor(db, actors.arya, (tx) => createOrder(tx, orderOf('arya')))
    expect(created).toBe(true)
    await expect(withActor(db, actors.arya, (tx) => createOrder(tx, orderOf('shiraz')))).rejects.toMatchObject({
      cause: { code: '42501' },
    })
    await expect(
      withActor(db, actors.arya, (tx) =>
        tx.execute(sql`update orders set partner_id = 'shiraz' where id = 'arya-order'`),
      ),
    ).rejects.toMatchObject({ cause: { code: '42501' } })
    const touched = await withActor(db, actors.arya, (tx) =>
      tx.execute(sql`update orders set phone = '1' where id = 'shiraz-order' returning id`),
    )
    expect(touched).toHaveLength(0)
  })

  test('nothing of the actor stays on the connection after the transaction', async () => {
    await withActor(db, actors.arya, async () => undefined)
    await expect(withActor(db, actors.arya, async () => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
    const rows = await Promise.all(
      Array.from({ length: 12 }, () =>
        db.execute(sql`select current_user = session_user as back, actor_list('partners') as partners`),
      ),
    )
    expect(new Set(rows.map((row) => JSON.stringify(row[0])))).toEqual(
      new Set([JSON.stringify({ back: true, partners: [] })]),
    )
  })

  test('a hostile id is a value and never a part of a statement', async () => {
    const hostile = actor({ reach: 'own', partnerId: `x","shiraz'}\\` })
    expect(await visible(hostile, 'orders.id', 'shiraz')).toBe(false)
  })
})

describe('queries by scope', () => {
  test('the same reach without row-level security: lists, searches and the map', async () => {
    for (const [name, who] of Object.entries(actors)) {
      const expected = await withActor(db, who, (tx) => listOrders(tx, { scope: who }))
      const plain = await listOrders(db, { scope: who })
      expect([name, plain.rows.map(({ id }) => id)]).toEqual([name, expected.rows.map(({ id }) => id)])
      const map = (await stateMap(db, { scope: who })).map(({ state, count }) => [state, count])
      expect([name, map]).toEqual([
        name,
        await withActor(db, who, async (tx) =>
          (await stateMap(tx, { scope: who })).map(({ state, count }) => [state, count]),
        ),
      ])
      const inReview = plain.rows.filter(({ states }) => states.includes('review')).length
      expect([name, map]).toEqual([name, inReview === 0 ? [] : [['review', inReview]]])
    }
  })

  test('a search under row-level security finds a customer by any part of his name, and none of another agent', async () => {
    const names = (search: string, who: ActorScope) =>
      withActor(db, who, async (tx) => (await listCustomers(tx, { search })).map(({ id }) => id))
    expect(await names('میرزا', actors.arya)).toEqual(['arya-customer'])
    expect(await names('رزائی علي', actors.arya)).toEqual(['arya-customer'])
    expect(await names('۰۹۱۲۱۲۳', actors.shiraz)).toEqual(['shiraz-customer'])
    expect(await names('نیست', actors.office)).toEqual([])
  })

  test('a customer who moves is seen by the new agent and no more by the old one (PR8)', async () => {
    await aFullOrder('hq', { centreId: 'thr-1', cityId: 'thr' })
    const seen = async (who: ActorScope) =>
      withActor(db, who, async (tx) => [
        (await listOrders(tx, { scope: who, customer: 'hq-customer' })).rows.length,
        (await tx.execute(sql`select 1 from contacts where customer_id = 'hq-customer'`)).length,
      ])
    await db.transaction((tx) => moveCustomer(tx, 'hq-customer', 'arya'))
    expect([await seen(actors.arya), await seen(actors.shiraz)]).toEqual([
      [1, 1],
      [0, 0],
    ])
    await db.transaction((tx) => moveCustomer(tx, 'hq-customer', 'shiraz'))
    expect([await seen(actors.arya), await seen(actors.shiraz)]).toEqual([
      [0, 0],
      [1, 1],
    ])
  })

  test('roles with the scopes that cover an order', async () => {
    const order = {
      customerId: 'c',
      partnerId: 'arya',
      partnerPath: 'hq.tehran.arya',
      centreId: 'thr-1',
      cityId: 'thr',
      technicianId: 'tech',
    }
    const scopes = (who: ActorScope) => rolesCovering(who, order).flatMap(({ scopes }) => scopes)
    expect(scopes(actors.arya)).toEqual(['own'])
    expect(scopes(actors.tehran)).toEqual(['subtree'])
    expect(scopes(actor({ reach: 'subtree', partnerId: 'arya', partnerPath: 'hq.tehran.arya' }))).toEqual([
      'own',
      'subtree',
    ])
    expect(scopes(actor({ reach: 'subtree', partnerId: 'x', partnerPath: 'hq.teh' }))).toEqual([])
    expect(scopes(actors.shiraz)).toEqual([])
    expect([scopes(actors.centre), scopes(actors.city)]).toEqual([['centre'], ['city']])
    expect(scopes(actors.office)).toEqual(['any', 'subtree', 'centre', 'city'])
    expect(scopes({ ...actors.office, userId: 'tech' })).toEqual(['any', 'subtree', 'centre', 'city', 'own'])
    expect([scopes(actors.technician), scopes(actors.customer)]).toEqual([['own'], []])
  })

  test('assignments come with the paths of their partners', async () => {
    const assignments = await assignmentsOf(db, 'arya-user')
    expect(assignments).toEqual([assignment({ reach: 'own', partnerId: 'arya', partnerPath: 'hq.tehran.arya' })])
    expect(reachOf({ userId: 'u', customerId: 'c', assignments })).toMatchObject({
      all: false,
      customerId: null,
      partners: ['arya'],
    })
  })
})
