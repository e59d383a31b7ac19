import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'drizzle-orm'
import { testDatabase } from '../dev/test-database.ts'
import { createDb } from './client.ts'
import { childrenOf, createOrder, listOrders, type OrderFilters, orderByWorkflow } from './orders.ts'
import { stateMap } from './state-map.ts'
import { aCustomer, anOrder, aRecord, aWorld, instant } from './test-rows.ts'
import { recordTransition } from './transitions.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let db: ReturnType<typeof createDb>

beforeAll(async () => {
  database = await testDatabase()
  db = createDb(database.url)
  await aWorld(db)
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

describe('createOrder', () => {
  test('writes row, number of the Jalali year and the start entry together, once for a workflow id', async () => {
    const input = { start: { businessKey: 'b1', input: { a: 1 } }, workflowId: 'order:once' }
    const order = await anOrder(db, { id: 'once', ...input })

    expect(order).toMatchObject({
      number: expect.stringMatching(/^1405-\d{6}$/),
      partnerPath: 'hq.tehran.arya',
      seq: 0,
      states: [],
    })
    expect(await db.execute(sql`select key, kind, payload from outbox where order_id = 'once'`)).toEqual([
      {
        key: 'start:once',
        kind: 'start',
        payload: { process: 'adsl', version: 1, businessKey: 'b1', input: { a: 1 } },
      },
    ])
    const again = await Promise.all(Array.from({ length: 5 }, () => anOrder(db, { id: 'another', ...input })))
    expect(new Set(again.map(({ id }) => id))).toEqual(new Set(['once']))
    expect(await orderByWorkflow(db, 'order:once')).toMatchObject({ id: 'once' })
  })

  test('at once for the same workflow id makes one order', async () => {
    const made = await Promise.all(
      Array.from({ length: 10 }, (_, i) => anOrder(db, { id: `race-${i}`, workflowId: 'order:race' })),
    )
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
  })

  test('leaves nothing behind when the transaction fails', async () => {
    await expect(
      db.transaction(async (tx) => {
        await createOrder(tx, {
          id: 'gone',
          kind: 'order',
          workflowId: 'gone',
          definitionId: 'adsl',
          definitionVersion: 1,
          engineVersion: 1,
          at: instant(0),
          start: {
            businessKey: 'b',
            input: {},
          },
        })
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await db.execute(sql`select 1 from outbox where key = 'start:gone'`)).toHaveLength(0)
    expect(await orderByWorkflow(db, 'gone')).toBeNull()
  })

  test('knows its children', async () => {
    await anOrder(db, { id: 'parent' })
    await anOrder(db, {
      id: 'child-1',
      kind: 'installation',
      parentOrderId: 'parent',
      parentInvocation: 'install',
      at: instant(1),
    })
    await anOrder(db, { id: 'child-2', kind: 'installation', parentOrderId: 'parent', at: instant(2) })
    expect((await childrenOf(db, 'parent')).map(({ id }) => id)).toEqual(['child-1', 'child-2'])
  })
})

describe('lists and maps', () => {
  const ids = async (filters: OrderFilters) => {
    const { rows } = await listOrders(db, { scope: 'all', limit: 200, subscription: 'list', ...filters })
    return rows.map(({ id }) => id).sort()
  }

  beforeAll(async () => {
    await aCustomer(db, 'sara', 'shiraz', 'سارا كريمي')
    const common = { subscriptionId: 'list' }
    await anOrder(db, {
      id: 'l1',
      ...common,
      customerId: 'sara',
      partnerId: 'shiraz',
      cityId: 'syz',
      phone: '+987132245566',
    })
    await anOrder(db, { id: 'l2', ...common, kind: 'ticket', centreId: 'thr-1', productId: 'adsl-16', at: instant(10) })
    await anOrder(db, { id: 'l3', ...common, partnerId: 'tehran', at: instant(20), words: ['کابل پاره'] })
    await recordTransition(
      db,
      aRecord('l1', 1, { to: ['wait'], dueAt: '2020-01-01T00:00:00.000Z', owners: ['mdf', 'sales'] }),
    )
    await recordTransition(
      db,
      aRecord('l2', 1, { to: ['wait', 'clock'], dueAt: '2999-01-01T00:00:00.000Z', owners: ['noc'] }),
    )
    await recordTransition(
      db,
      aRecord('l3', 1, {
        to: ['done'],
        status: 'ended',
        dueAt: '2020-01-01T00:00:00.000Z',
        outcome: 'ok',
        outcomeKind: 'success',
      }),
    )
  })

  test.each<[OrderFilters, string[]]>([
    [{}, ['l1', 'l2', 'l3']],
    [{ kind: 'ticket' }, ['l2']],
    [{ definition: 'other' }, []],
    [{ state: 'wait' }, ['l1', 'l2']],
    [{ state: 'clock' }, ['l2']],
    [{ status: 'ended' }, ['l3']],
    [{ late: true }, ['l1']],
    [{ held: true }, []],
    [{ owners: ['noc', 'mdf'] }, ['l1', 'l2']],
    [{ agent: 'tehran' }, ['l2', 'l3']],
    [{ agent: 'hq' }, ['l1', 'l2', 'l3']],
    [{ city: 'syz' }, ['l1']],
    [{ centre: 'thr-1' }, ['l2']],
    [{ product: 'adsl-16' }, ['l2']],
    [{ customer: 'sara' }, ['l1']],
    [{ phone: '+987132245566' }, ['l1']],
    [{ from: instant(10), to: instant(20) }, ['l2']],
    [{ search: 'کریم' }, ['l1']],
    [{ search: '۰۷۱۳۲۲۴' }, ['l1']],
    [{ search: 'پاره كا' }, ['l3']],
    [{ search: 'ار' }, []], // two letters find the beginnings of words only
    [{ search: ' ، ' }, ['l1', 'l2', 'l3']],
  ])('filter %j', async (filters, expected) => {
    expect(await ids(filters)).toEqual(expected)
  })

  test('a list names the customer and carries instants as ISO text', async () => {
    const { rows } = await listOrders(db, { scope: 'all', customer: 'sara' })
    expect(rows).toMatchObject([
      { id: 'l1', customerName: 'سارا كريمي', createdAt: instant(0), dueAt: '2020-01-01T00:00:00.000Z' },
    ])
  })

  test.each(['newest', 'oldest', 'due'] as const)('pages by cursor, %s first, meet every order once', async (sort) => {
    await Promise.all(
      Array.from({ length: 23 }, (_, i) => anOrder(db, { subscriptionId: `paged ${sort}`, at: instant(i % 4) })),
    )
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listOrders(db, {
        scope: 'all',
        subscription: `paged ${sort}`,
        sort,
        limit: 5,
        ...(cursor === undefined ? {} : { cursor }),
      })
      seen.push(...page.rows.map(({ createdAt, id }) => `${createdAt} ${id}`))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toHaveLength(23)
    const once = Array.from(new Set(seen)).sort()
    // None of them has a due instant: then the id decides.
    if (sort === 'due') expect(Array.from(seen).sort()).toEqual(once)
    else expect(seen).toEqual(sort === 'newest' ? once.reverse() : once)
  })

  test.each(['x', 'W10', 'WyJ4IiwieSJd'])('cursor %s is refused', async (cursor) => {
    await expect(listOrders(db, { scope: 'all', cursor })).rejects.toMatchObject({ code: 'BadCursor' })
  })

  test('the map counts states and the late ones, from the standing counts and from the orders alike', async () => {
    const counts = async (filters: Parameters<typeof stateMap>[1]['filters']) =>
      (await stateMap(db, { scope: 'all', definition: 'adsl', ...(filters === undefined ? {} : { filters }) })).map(
        ({ state, count, late }) => [state, count, late],
      )
    const everything = [
      ['clock', 1, 0],
      ['done', 1, 0],
      ['wait', 2, 1],
    ]
    expect(await counts(undefined)).toEqual(everything)
    expect(await counts({ from: '2000-01-01T00:00:00Z' })).toEqual(everything)
    expect(await counts({ agent: 'shiraz' })).toEqual([['wait', 1, 1]])
    expect(await counts({ agent: 'shiraz', from: '2000-01-01T00:00:00Z' })).toEqual([['wait', 1, 1]])
    expect(await counts({ city: 'syz' })).toEqual([['wait', 1, 1]])
    expect(await counts({ centre: 'thr-1' })).toEqual([
      ['clock', 1, 0],
      ['wait', 1, 0],
    ])
    expect(await counts({ kind: 'ticket' })).toEqual([
      ['clock', 1, 0],
      ['wait', 1, 0],
    ])
    expect(await counts({ to: '2000-01-01T00:00:00Z' })).toEqual([])
  })
})
