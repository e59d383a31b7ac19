import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { orderById } from '../db/orders.ts'
import { transitionsOf, verifyChain } from '../db/transitions.ts'
import type { Instance } from '../definitions/interpreter/instance.ts'
import type { Loose } from './api/api-world.ts'
import { startFullWorld } from './full-world.ts'
import { first, second } from './move-me.ts'
import { publishTogether, type Somebody, signIn } from './people.ts'
import { eventually } from './small-world.ts'

const count = 60
/** Half of the orders are at work, a sixth each at the intake, waiting and at the check. */
const ways = [[], ['NEXT'], ['NEXT'], ['NEXT'], ['NEXT', 'WAIT'], ['NEXT', 'READY']]
let world: Awaited<ReturnType<typeof startFullWorld>>
let designer: Somebody
let reviewer: Somebody
let sales: Somebody
const ids: string[] = []

beforeAll(async () => {
  world = await startFullWorld()
  ;[designer, reviewer, sales] = await Promise.all([
    signIn(world.address, 'designer'),
    signIn(world.address, 'designer-2'),
    signIn(world.address, 'sales'),
  ])
  await publishTogether(designer, reviewer, first)
})
afterAll(() => world.close())

/** A press that is tried again while the engine is busy; answers its key when it was taken, else null. */
async function press(orderId: string, event: string): Promise<string | null> {
  const key = randomUUID()
  for (;;) {
    const { status, body } = await sales.post(`/v1/orders/${orderId}/transitions`, { event }, key)
    if (status === 200) return key
    if (status === 409 && body['code'] !== 'Busy' && body['code'] !== 'InFlight') return null
    if (status >= 400 && ![409, 429, 503].includes(status)) throw new Error(JSON.stringify(body))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const rowOf = async (id: string) => {
  const row = await orderById(world.db, id)
  if (row === null) throw new Error(`order ${id} is lost`)
  return { ...row, instance: row.instance as unknown as Instance }
}
const dues = ({ timers, clocks }: Instance) => ({
  timers: timers.filter(({ kind }) => kind === 'after').map(({ id, dueMs }) => [id, dueMs]),
  clocks: clocks.map(({ id, deadlineMs }) => [id, deadlineMs]),
})

describe('orders in flight', () => {
  const taken = new Map<string, string[]>()
  const before = new Map<string, ReturnType<typeof dues>>()
  const waited = new Set<string>()
  let migration = ''

  test('are placed by a dry run that moves nothing: from, to, due times, problems', async () => {
    await Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const { body } = await sales.post('/v1/orders', { definition: 'move-me', customerId: 'maryam' })
        const id: string = body['id']
        ids.push(id)
        const way = ways[Math.floor((i * ways.length) / count)] ?? []
        for (const event of way) if ((await press(id, event)) === null) throw new Error(`${id} does not take ${event}`)
        await eventually(async () => (await rowOf(id)).seq === way.length + 1)
      }),
    )
    await publishTogether(designer, reviewer, second)
    for (const id of ids) before.set(id, dues((await rowOf(id)).instance))

    const { status, body } = await designer.post('/v1/definitions/move-me/migrations/dry-run', { to: 2, limit: 200 })
    const orders: Loose[] = body['orders']

    expect(status).toBe(200)
    expect(body['maps']).toMatchObject([{ from: 1, faults: [], held: ['waiting'], inverse: { whole: true } }])
    expect(orders).toHaveLength(count)
    const verdicts = orders.map(({ from, to, verdict }) => `${from} ${verdict} ${to}`)
    expect(new Set(verdicts)).toEqual(
      new Set(['intake moves intake', 'work moves desk.work', 'waiting held ', 'check moves check']),
    )
    for (const { verdict, timers, context } of orders.filter((each) => each.verdict === 'moves')) {
      expect(timers.every((timer: Loose) => timer.old !== null && timer.oldDueAt === timer.freshDueAt)).toBe(true)
      expect([verdict, context]).toEqual(['moves', [{ name: 'urgent', old: null, fresh: false }]])
    }
    for (const id of ids) expect((await rowOf(id)).definitionVersion).toBe(1)
  })

  test('move in a batch while people work on them: paused, resumed, none lost, none moved twice, every deadline kept', async () => {
    const started = await designer.post('/v1/definitions/move-me/migrations', { to: 2, rate: 12 })
    migration = started.body['id']
    const path = `/v1/definitions/move-me/migrations/${migration}`
    const counts = async () => (await designer.get(path)).body['counts']
    let working = true
    let pressed = 0
    const work = Promise.all(
      [0, 1, 2].map(async (desk) => {
        for (let i = desk; working; i += 3) {
          const id = ids[i % count] ?? ''
          const key = await press(id, 'NOTE')
          if (key === null) continue
          taken.set(id, [...(taken.get(id) ?? []), key])
          pressed += 1
        }
      }),
    )
    await eventually(async () => (await counts())['moved'] >= 8, 'some orders have moved')
    const paused = await designer.post(`${path}/pause`)
    // What was on its way when the pause was said may still arrive; then nothing more does, while people go on.
    const still = await eventually(async () => {
      const [a, worked] = [await counts(), pressed]
      await eventually(async () => pressed > worked + 3)
      const b = await counts()
      return a['moved'] === b['moved'] && b
    }, 'the pause holds')
    const resumed = await designer.post(`${path}/resume`)
    const after = await eventually(async () => {
      const now = await counts()
      return now['open'] + now['busy'] === 0 && now
    }, 'all orders are looked at')
    working = false
    await work

    expect([started.status, paused.status, resumed.status]).toEqual([201, 200, 200])
    expect(still['moved']).toBeLessThan(after['moved'])
    expect(after).toEqual({ open: 0, moved: 50, held: 10, busy: 0, refused: 0, ended: 0 })
    expect(pressed).toBeGreaterThan(10)
    for (const id of ids) {
      const row = await rowOf(id)
      const { rows } = await transitionsOf(world.db, id)
      const moves = rows.filter(({ event }) => event.type === 'migrate')
      const notes = rows.filter(({ event }) => event.name === 'NOTE').map(({ event }) => event.updateId)
      expect(await verifyChain(world.db, id)).toBeNull()
      expect(moves).toHaveLength(row.states.includes('waiting') ? 0 : 1)
      expect(row.definitionVersion).toBe(row.states.includes('waiting') ? 1 : 2)
      expect(notes).toEqual((taken.get(id) ?? []).map((key) => `sales:${key}`))
      expect(row.instance.context['rounds']).toBe(notes.length)
      expect(dues(row.instance)).toEqual(before.get(id))
    }
  })

  test('that the map holds follow when they leave the state, and all work by the new version', async () => {
    const held = await eventually(async () => {
      const rows = await Promise.all(ids.map(rowOf))
      return rows.filter(({ states }) => states.includes('waiting'))
    })
    const [one] = held
    for (const { id } of held) waited.add(id)
    expect(await press(one?.id ?? '', 'BACK')).not.toBeNull()
    await world.db.$client`update migration_items set next_at = now() where state = 'held'`
    await designer.post(`/v1/definitions/move-me/migrations/${migration}/pause`)
    await designer.post(`/v1/definitions/move-me/migrations/${migration}/resume`)
    const moved = await eventually(async () => {
      const row = await rowOf(one?.id ?? '')
      return row.definitionVersion === 2 && row
    }, 'the held order follows')

    expect(moved.states).toEqual(['desk.work'])
    expect(await press(moved.id, 'LOOK')).not.toBeNull()
    expect((await rowOf(moved.id)).states).toEqual(['desk.look'])
    const { rows } = await transitionsOf(world.db, moved.id)
    expect(rows.find(({ event }) => event.type === 'migrate')).toMatchObject({
      actor: { id: 'designer' },
      payload: { from: 1, to: 2 },
    })
    expect(await press(moved.id, 'BACK')).not.toBeNull()
  })

  test('come back by the inverse map, with their data and deadlines', async () => {
    const path = `/v1/definitions/move-me/migrations/${migration}`
    const early = await designer.post(`${path}/inverse`)
    await designer.post(`${path}/stop`)
    const inverse = await eventually(async () => {
      const answer = await designer.post(`${path}/inverse`)
      return answer.status === 201 && answer.body
    })
    const done = await eventually(async () => {
      const { body } = await designer.get(`/v1/definitions/move-me/migrations/${inverse['id']}`)
      return body['status'] === 'done' && body
    }, 'the inverse is done')

    expect([early.status, early.body['code']]).toEqual([409, 'NotNow'])
    expect(inverse['losses']).toEqual([])
    expect(done['counts']).toMatchObject({ moved: 51, refused: 0 })
    for (const id of ids) {
      const row = await rowOf(id)
      expect([row.definitionVersion, Object.keys(row.instance.context).includes('urgent')]).toEqual([1, false])
      if (!waited.has(id)) expect(dues(row.instance)).toEqual(before.get(id))
      expect(await verifyChain(world.db, id)).toBeNull()
    }
    const [action] = await world.db
      .$client`select count(*)::int as n from audit_log where action like 'definition.migration.%'`
    expect(action?.['n']).toBeGreaterThanOrEqual(5)
  })
})
