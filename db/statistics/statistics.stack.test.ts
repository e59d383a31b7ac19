import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { testDatabase } from '../../dev/test-database.ts'
import { dayMs, jalaliOfEpochDay } from '../../domain/jalali.ts'
import { dayRange, isoDay, monthStart } from '../../domain/period.ts'
import type { TransitionRecord } from '../../domain/transition.ts'
import { createDb } from '../client.ts'
import { moveCustomer } from '../customers.ts'
import { type ActorScope, withActor } from '../scope.ts'
import { aCustomer, anOrder, aRecord, aWorld } from '../test-rows.ts'
import { recordTransition } from '../transitions.ts'
import { countLog } from './count.ts'
import { durationBounds, durationBucket, durationOf } from './durations.ts'
import { flowFigures, groupFigures, operatorFigures, pathFigures } from './journeys.ts'
import { moveFigures } from './moves.ts'
import { type SlowLine, type SlowStay, slowPercentile, slowStays } from './slow-recount.ts'
import { stateFigures } from './states.ts'

const base = Date.parse('2026-01-05T08:00:00.000Z')

/** A step of a random life: what happens, to which of the active states, how long after. */
const step = fc.record({
  what: fc.constantFrom('move', 'move', 'move', 'again', 'split', 'stay', 'sla', 'end', 'cancel'),
  pick: fc.nat(10),
  to: fc.constantFrom('a', 'b', 'c', 'p.x', 'p.y'),
  percent: fc.constantFrom(50, 100, 150),
  afterMs: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 40 * dayMs })),
  who: fc.constantFrom('u1', 'u2', null),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** The records of a life, and how it ended. */
function lifeOf(orderId: string, steps: readonly Step[]) {
  let at = base
  let leaves = ['a']
  let ended: 'success' | 'failure' | 'cancelled' | null = null
  const records: TransitionRecord[] = [
    aRecord(orderId, 1, {
      at: new Date(at).toISOString(),
      event: { type: 'start', name: 'start' },
      actor: null,
      from: [],
      to: leaves,
      entered: leaves,
    }),
  ]
  for (const { what, pick, to, percent, afterMs, who } of steps) {
    at += afterMs
    const leaf = leaves[pick % leaves.length] ?? 'a'
    const rest = leaves.filter((state) => state !== leaf)
    const change = (next: string[], entered: string[]): Partial<TransitionRecord> => ({
      to: next,
      entered,
      left: [leaf],
      event: { type: 'user', name: `GO_${to}` },
    })
    const after = [...new Set([...rest, to])]
    const did: Partial<TransitionRecord> =
      ended !== null
        ? { to: leaves, event: { type: 'callDone', name: 'undo x' } }
        : what === 'move'
          ? change(after, rest.includes(to) ? [] : [to])
          : what === 'again'
            ? change(leaves, [leaf])
            : what === 'split'
              ? change(
                  [...new Set([...rest, 'p.x', 'p.y'])],
                  ['p.x', 'p.y'].filter((state) => !rest.includes(state)),
                )
              : what === 'sla'
                ? { to: leaves, event: { type: 'sla', name: `${pick % 2 === 0 ? leaf : 'p'}/d@${percent}` } }
                : what === 'end'
                  ? { to: ['done'], entered: ['done'], left: leaves, event: { type: 'user', name: 'END' } }
                  : what === 'cancel'
                    ? { to: leaves, event: { type: 'command', name: 'cancel' } }
                    : { to: leaves, event: { type: 'user', name: 'NOTE' } }
    if (ended === null && what === 'end') ended = pick % 2 === 0 ? 'success' : 'failure'
    if (ended === null && what === 'cancel') ended = 'cancelled'
    records.push(
      aRecord(orderId, records.length + 1, {
        at: new Date(at).toISOString(),
        actor: who === null ? null : { id: who, role: 'sales' },
        from: leaves,
        entered: [],
        left: [],
        ...did,
        ...(ended === null ? {} : { status: 'ended', outcome: `was-${ended}`, outcomeKind: ended }),
      }),
    )
    leaves = did.to ?? leaves
  }
  return { records, ended }
}

describe('statistics', () => {
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

  const places = [
    { partnerId: 'arya', cityId: 'thr', centreId: 'thr-1' },
    { partnerId: 'shiraz', cityId: 'syz', centreId: 'syz-1' },
    { partnerId: 'tehran', cityId: 'thr', centreId: 'thr-1' },
  ]

  async function empty(): Promise<void> {
    await db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`)
      for (const table of ['visit_counts', 'visits', 'journeys', 'transitions', 'orders', 'order_search'])
        await tx.execute(sql`delete from ${sql.identifier(table)}`)
    })
  }

  const counted = () =>
    db.execute<SlowStay & Record<string, unknown>>(sql`
      select j.order_id as "order", s.word as state, v.seq, e.word as event, o.word as operator, n.word as next, v.nth, v.late, v.ended,
             v.entered_at as "enteredAt", v.left_at as "leftAt"
        from visits v join journeys j on j.id = v.journey join statistic_words s on s.id = v.state
        left join statistic_words e on e.id = v.event left join statistic_words o on o.id = v.operator left join statistic_words n on n.id = v.next`)
  const sorted = <T>(rows: Iterable<T>) => [...rows].map((row) => JSON.stringify(row)).sort()

  test('what is counted in pieces, in any order, is what a slow reading of the whole log says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { maxLength: 14 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(1_000), { maxLength: 40 }),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 1, max: 200 }),
        async (lives, turns, firstDay, length) => {
          await empty()
          const orders = []
          for (const [i, steps] of lives.entries()) {
            const id: string = randomUUID()
            const place = places[i % places.length] ?? { partnerId: 'arya', cityId: 'thr', centreId: 'thr-1' }
            await anOrder(db, { id, ...place, at: new Date(base).toISOString() })
            orders.push({ id, ...place, ...lifeOf(id, steps), told: 0 })
          }
          // Steps of the orders in a random mixture, counted now and then.
          for (const turn of turns) {
            const order = orders[turn % orders.length]
            const record = order?.records[order.told]
            if (order === undefined || record === undefined) continue
            await recordTransition(db, record)
            order.told += 1
            if (turn % 5 === 0) await countLog(db, { sweep: true })
          }
          for (const order of orders)
            for (const record of order.records.slice(order.told)) await recordTransition(db, record)
          await countLog(db, { sweep: true })

          const stays = orders.flatMap(({ records, ended }) => slowStays(records as SlowLine[], ended))
          const shape = ({
            order,
            state,
            seq,
            event,
            operator,
            next,
            nth,
            late,
            ended,
            enteredAt,
            leftAt,
          }: SlowStay) => ({ order, state, seq, event, operator, next, nth, late, ended, enteredAt, leftAt })
          expect(sorted((await counted()).map(shape))).toEqual(sorted(stays.map(shape)))

          const today = Math.floor(base / dayMs) + firstDay
          const range = { fromDay: today, toDay: today + length }
          const within = (at: string | null) => {
            const day = at === null ? -1 : Math.floor((Date.parse(at) + 210 * 60_000) / dayMs)
            return day >= range.fromDay && day < range.toDay
          }
          const left = stays.filter(({ leftAt }) => within(leftAt))
          const lasted = ({ enteredAt, leftAt }: SlowStay) => Date.parse(leftAt ?? '') - Date.parse(enteredAt)
          const slice = { range, definition: 'adsl' }
          for (const seesAll of [true, false]) {
            const figures = await stateFigures(db, slice, seesAll)
            const expected = [
              ...new Set([...left, ...stays.filter(({ leftAt }) => leftAt === null)].map(({ state }) => state)),
            ].map((state) => {
              const own = left.filter((stay) => stay.state === state)
              const times = own.map(lasted)
              const now = stays.filter((stay) => stay.state === state && stay.leftAt === null)
              return [
                state,
                own.length,
                times.reduce((sum, ms) => sum + ms, 0),
                slowPercentile(times, 50),
                slowPercentile(times, 90),
                slowPercentile(times, 95),
                own.filter(({ late }) => late).length,
                own.filter(({ nth }) => nth > 1).length,
                own.filter(({ ended }) => ended > 1).length,
                now.length,
                now.filter(({ late }) => late).length,
              ]
            })
            expect(
              sorted(
                figures.map((f) => [
                  f.state,
                  f.visits,
                  f.totalMs,
                  f.medianMs,
                  f.p90Ms,
                  f.p95Ms,
                  f.late,
                  f.again,
                  f.lost,
                  f.inHand,
                  f.lateInHand,
                ]),
              ),
            ).toEqual(sorted(expected))
            const moves = await moveFigures(db, slice, seesAll)
            expect(moves.reduce((sum, { moves }) => sum + moves, 0)).toBe(left.length)
            for (const { state, event, next, moves: n } of moves)
              expect(n).toBe(left.filter((s) => s.state === state && s.event === event && s.next === next).length)
            const people = await operatorFigures(db, slice, seesAll)
            expect(sorted(people.map(({ operator, moves }) => [operator, moves]))).toEqual(
              sorted(
                ['u1', 'u2']
                  .map((who) => [who, left.filter(({ operator }) => operator === who).length])
                  .filter(([, n]) => n !== 0),
              ),
            )
          }
          const ofArya = await stateFigures(db, { ...slice, agent: 'tehran' }, true)
          const below = new Set(orders.filter(({ partnerId }) => partnerId !== 'shiraz').map(({ id }) => id))
          expect(ofArya.reduce((sum, { visits }) => sum + visits, 0)).toBe(
            left.filter(({ order }) => below.has(order)).length,
          )

          const ends = orders.map(({ records, ended }) => ({
            ended,
            at: ended === null ? null : (records.find(({ outcome }) => outcome !== null)?.at ?? null),
            startedAt: records[0]?.at ?? '',
          }))
          const flow = await flowFigures(db, slice, 'week')
          const sum = (pick: (f: (typeof flow)[number]) => number) => flow.reduce((total, f) => total + pick(f), 0)
          expect([
            sum((f) => f.started),
            sum((f) => f.succeeded),
            sum((f) => f.failed),
            sum((f) => f.cancelled),
          ]).toEqual([
            ends.filter(({ startedAt }) => within(startedAt)).length,
            ...(['success', 'failure', 'cancelled'] as const).map(
              (kind) => ends.filter(({ ended, at }) => ended === kind && within(at)).length,
            ),
          ])
          const endDay = (at: string | null) =>
            at === null ? Number.POSITIVE_INFINITY : Math.floor((Date.parse(at) + 210 * 60_000) / dayMs)
          expect(flow.at(-1)?.inHand).toBe(
            ends.filter(({ startedAt, at }) => endDay(startedAt) < range.toDay && endDay(at) >= range.toDay).length,
          )
          const cities = await groupFigures(db, slice, 'city')
          expect(
            cities.reduce((total, { succeeded, failed, cancelled }) => total + succeeded + failed + cancelled, 0),
          ).toBe(ends.filter(({ at }) => within(at)).length)
          const paths = await pathFigures(db, slice)
          expect(paths.reduce((total, { orders }) => total + orders, 0)).toBe(
            ends.filter(({ at }) => within(at)).length,
          )
        },
      ),
      { numRuns: 25 },
    )
  }, 120_000)

  test('the sums of the database use the same calendar and the same classes as the program', async () => {
    const wanted = Array.from({ length: 40_000 }, (_, i) => i + 11_500).filter(
      (day) => jalaliOfEpochDay(day).day <= 2 || day % 97 === 0,
    )
    const months = await db.execute<{ start: string }>(
      sql`select jalali_month_start(d)::text as start from unnest(${`{${wanted.map(isoDay).join(',')}}`}::date[]) with ordinality as t (d, i) order by i`,
    )
    expect(months.map(({ start }) => start)).toEqual(wanted.map((day) => isoDay(monthStart(day))))

    const times = durationBounds.flatMap((ms) => [ms - 1, ms, ms + 1])
    const classes = await db.execute<{ bucket: number }>(
      sql`select duration_bucket(ms) as bucket from unnest(${`{${times.join(',')}}`}::bigint[]) with ordinality as t (ms, i) order by i`,
    )
    expect(classes.map(({ bucket }) => bucket)).toEqual(times.map(durationBucket))
    for (const ms of times.slice(3, -3)) expect(Math.abs(durationOf(durationBucket(ms)) / ms - 1)).toBeLessThan(0.052)
  })

  test('a reader sees the figures of his reach alone, and a moved customer takes his history along', async () => {
    await empty()
    await aCustomer(db, 'k1', 'arya')
    const year = { range: dayRange({ from: '1404-01-01', to: '1406-12-29' }, base), definition: 'adsl' }
    for (const [i, place] of [...places, places[0]].entries()) {
      const id = `o${i}`
      await anOrder(db, { id, ...place, ...(i === 0 && { customerId: 'k1' }) })
      await recordTransition(db, aRecord(id, 1, { to: ['a'], entered: ['a'] }))
      await recordTransition(db, aRecord(id, 2, { from: ['a'], to: ['b'], entered: ['b'], left: ['a'] }))
    }
    await countLog(db, { sweep: true })
    const as = (
      assignment: Partial<ActorScope['assignments'][number]>,
      customerId: string | null = null,
    ): ActorScope => ({
      userId: 'x',
      customerId,
      assignments: [
        {
          role: 'sales',
          reach: 'own',
          partnerId: null,
          partnerPath: null,
          centreId: null,
          cityId: null,
          ...assignment,
        },
      ],
    })
    const seen = async (who: ActorScope) =>
      withActor(db, who, async (tx) => {
        const all = who.assignments.some(({ reach }) => reach === 'all')
        const states = await stateFigures(tx, year, all)
        const groups = await groupFigures(tx, year, 'agent')
        const [sums] = await tx.execute<{ n: number }>(sql`select count(*) as n from visit_counts`)
        return [
          states.find(({ state }) => state === 'a')?.visits ?? 0,
          groups.reduce((n, g) => n + g.started, 0),
          (sums?.n ?? 0) > 0,
        ]
      })
    const tehran = { reach: 'subtree', partnerId: 'tehran', partnerPath: 'hq.tehran' } as const

    expect(await seen(as({ reach: 'all' }))).toEqual([4, 4, true])
    expect(await seen(as(tehran))).toEqual([3, 3, false])
    expect(await seen(as({ reach: 'own', partnerId: 'arya' }))).toEqual([2, 2, false])
    expect(await seen(as({ reach: 'city', cityId: 'syz' }))).toEqual([1, 1, false])
    expect(await seen(as({ reach: 'centre', centreId: 'thr-1' }))).toEqual([3, 3, false])
    expect(await seen(as({}, 'k1'))).toEqual([1, 1, false])
    await db.transaction((tx) => moveCustomer(tx, 'k1', 'shiraz'))
    expect(await seen(as({ reach: 'own', partnerId: 'arya' }))).toEqual([1, 1, false])
    expect(await seen(as({ reach: 'own', partnerId: 'shiraz' }))).toEqual([2, 2, false])
  })

  test('recent steps are found without a sweep, and two that count at once count nothing twice', async () => {
    await empty()
    await countLog(db, { sweep: true })
    const now = Date.now()
    for (const id of ['n1', 'n2', 'n3']) {
      await anOrder(db, { id })
      await recordTransition(db, aRecord(id, 1, { at: new Date(now).toISOString(), to: ['a'], entered: ['a'] }))
      await recordTransition(
        db,
        aRecord(id, 2, {
          at: new Date(now + 5_000).toISOString(),
          from: ['a'],
          to: ['b'],
          entered: ['b'],
          left: ['a'],
        }),
      )
    }
    await Promise.all(Array.from({ length: 12 }, () => countLog(db)))
    await countLog(db)
    const slice = { range: dayRange({}, now + 5_000), definition: 'adsl' }
    const figures = await stateFigures(db, slice, true)

    expect(figures.map(({ state, visits, inHand }) => [state, visits, inHand])).toEqual([
      ['a', 3, 0],
      ['b', 0, 3],
    ])
  })
})
