import { describe, expect, test } from '@jest/globals'
import type { Migration } from '../format.ts'
import { byClerk, clerk, createTrial, office, type Plan } from '../interpreter/semantics/trial.ts'
import { inverseOf } from './inverse.ts'
import { migrate } from './migrate.ts'
import { mapFaults, promiseKeeper } from './promises.ts'

const hour = 3_600_000
const go = (target: string) => [{ target, allow: byClerk }]
const auto: Migration = { from: [1], auto: true, states: {} }

/** The trial's order, moved to the version of another plan. */
function moved(trial: ReturnType<typeof createTrial>, fresh: Plan, map: Migration) {
  const result = migrate(
    trial.chart,
    createTrial({ version: 2, ...fresh }).chart,
    trial.instance(),
    map,
    {},
    trial.nowMs(),
  )
  return result.kind === 'moved' ? result : { ...result, instance: trial.instance(), timers: [], report: undefined }
}

const waiting: Plan = {
  events: { GO: { kind: 'user' } },
  known: { office },
  calendars: { office: 'office' },
  states: {
    a: {
      on: { GO: go('#b') },
      after: [
        { id: 'remind', delay: 'PT2H', calendar: 'office', then: [{}] },
        { id: 'expire', delay: 'PT20H', then: [{ target: '#off' }] },
      ],
      sla: [{ id: 'answer', within: 'PT4H', calendar: 'office', steps: [{ at: 50, raise: 'GO' }] }],
    },
    b: { on: { GO: go('#ok') } },
    ok: { type: 'final', outcome: 'ok' },
    off: { type: 'final', outcome: 'off' },
  },
}

describe('a migration', () => {
  test('to a version with the same graph changes nothing but the version: every due time stays to the millisecond', () => {
    const trial = createTrial(waiting)
    trial.start()
    trial.sleep('PT1H')
    const before = trial.instance()

    const { instance, timers } = moved(trial, waiting, auto)

    expect({ ...instance, seq: before.seq }).toEqual(before)
    expect(timers.every(({ oldDueAt, freshDueAt }) => oldDueAt === freshDueAt)).toBe(true)
    expect(timers.map(({ old }) => old)).toEqual(['a/remind', 'a/expire', 'a/answer'])
  })

  test('keeps the due times that go on, drops those that the new version lacks, and arms those that are new', () => {
    const trial = createTrial(waiting)
    trial.start()
    trial.sleep('PT1H')
    const fresh: Plan = {
      ...waiting,
      states: {
        desk: {
          initial: 'review',
          states: {
            review: {
              on: { GO: go('#ok') },
              after: [
                { id: 'expire', delay: 'PT1H', then: [{ target: '#off' }] },
                { id: 'later', delay: 'PT3H', then: [{}] },
              ],
              sla: [{ id: 'answer', within: 'PT4H', calendar: 'office', steps: [{ at: 50, raise: 'GO' }] }],
            },
          },
        },
        ok: { type: 'final', outcome: 'ok' },
        off: { type: 'final', outcome: 'off' },
      },
    }

    const { instance, timers } = moved(trial, fresh, { from: [1], states: { '#a': '#desk.review' } })
    const due = (hours: number) => new Date(trial.nowMs() + hours * hour).toISOString()

    expect(instance.leaves).toEqual(['desk.review'])
    expect(timers).toEqual([
      { old: 'a/remind', fresh: null, oldDueAt: due(1), freshDueAt: null },
      { old: 'a/expire', fresh: 'desk.review/expire', oldDueAt: due(19), freshDueAt: due(19) },
      { old: 'a/answer', fresh: 'desk.review/answer', oldDueAt: due(3), freshDueAt: due(3) },
      { old: null, fresh: 'desk.review/later', oldDueAt: null, freshDueAt: due(3) },
    ])
    const restarted = moved(trial, fresh, {
      from: [1],
      states: { '#a': { target: '#desk.review', timers: 'restart' } },
    })
    expect(restarted.timers.find(({ fresh: key }) => key === 'desk.review/expire')).toMatchObject({
      freshDueAt: due(1),
    })
  })

  test('a timer that has fired does not come to life again', () => {
    const trial = createTrial(waiting)
    trial.start()
    trial.advance('PT3H')

    expect(moved(trial, waiting, auto).instance.timers.map(({ key }) => key)).toEqual(
      trial.instance().timers.map(({ key }) => key),
    )
  })

  test('of a call under way keeps it with its key; one that money hangs on, or that could need undoing, is waited for', () => {
    const calling = (more: object): Plan => ({
      states: {
        work: { invoke: [{ id: 'call', activity: 'x.do', onDone: [{ target: '#ok' }], ...more }] },
        ok: { type: 'final', outcome: 'ok' },
      },
    })
    const started = (more: object) => {
      const trial = createTrial(calling(more))
      trial.start()
      return trial
    }
    const elsewhere: Plan = {
      states: {
        hall: {
          initial: 'work',
          states: { work: { invoke: [{ id: 'call', activity: 'x.do', onDone: [{ target: '#ok' }] }] } },
        },
        rest: { on: { GO: go('#ok') } },
        ok: { type: 'final', outcome: 'ok' },
      },
      events: { GO: { kind: 'user' } },
    }
    const plain = started({})
    const to = (target: string): Migration => ({ from: [1], states: { '#work': target } })

    const kept = moved(plain, elsewhere, to('#hall.work'))
    expect(kept.instance.invocations).toMatchObject([{ key: plain.key('call'), state: 'hall.work', status: 'running' }])
    expect(kept.report?.effects).toEqual([])
    expect(moved(plain, elsewhere, to('#rest')).instance.invocations).toMatchObject([{ status: 'cancelling' }])
    expect(moved(started({ onExit: 'wait' }), elsewhere, to('#hall.work')).kind).toBe('busy')
    const undoable = started({ compensate: { activity: 'x.undo' } })
    expect(moved(undoable, elsewhere, to('#rest')).kind).toBe('busy')
    const again = moved(plain, elsewhere, {
      from: [1],
      states: { '#work': { target: '#hall.work', invocations: 'restart' } },
    })
    expect(again.instance.invocations.map(({ key, status }) => [key, status])).toEqual([
      ['wf/call/1', 'cancelling'],
      ['wf/call/2', 'running'],
    ])
  })

  test('maps a parallel region by region, or as a whole, and says which region is missing', () => {
    const regions = (names: string[]): Plan['states'] => ({
      both: {
        type: 'parallel',
        order: names,
        states: Object.fromEntries(
          names.map((name) => [name, { initial: 'x', states: { x: { on: { GO: go(`#both.${name}.y`) } }, y: {} } }]),
        ),
      },
      one: { on: { GO: go('#ok') } },
      ok: { type: 'final', outcome: 'ok' },
    })
    const trial = createTrial({ events: { GO: { kind: 'user' } }, states: regions(['l', 'r']) })
    trial.start()
    trial.user('GO')
    const three: Plan = { events: { GO: { kind: 'user' } }, states: regions(['l', 'r', 'm']) }
    const problems = (map: Migration) => {
      const result = moved(trial, three, map)
      return result.kind === 'refused'
        ? result.problems.map(({ code, place }) => `${code} ${place}`)
        : result.instance.leaves
    }

    expect(trial.instance().leaves).toEqual(['both.l.y', 'both.r.y'])
    expect(problems(auto)).toEqual(['region both.m'])
    expect(problems({ from: [1], states: { '#both': '#both' } })).toEqual(['both.l.x', 'both.r.x', 'both.m.x'])
    expect(problems({ from: [1], states: { '#both.l.y': '#one', '#both.r.y': '#one' } })).toEqual(['twice one'])
    expect(problems({ from: [1], states: { '#both.l.y': '#both.l.x', '#both.r.y': '#both.l.y' } })).toEqual([
      'apart both.l.x',
    ])
    expect(problems({ from: [1], states: { '#both.l.y': '#one' } })).toEqual(['unmapped both.r.y'])
  })

  test('holds where the map says so or its guard is false, and moves whole or not at all when data do not fit', () => {
    const trial = createTrial({ ...waiting, given: { n: 3 } })
    trial.start()
    const strict: Plan = {
      ...waiting,
      context: {
        schema: { type: 'object', additionalProperties: false, properties: { m: { type: 'integer', maximum: 5 } } },
      },
    }
    const guard = { fact: 'ctx', path: '$.n', operator: 'equal' as const, value: 4 }

    expect(moved(trial, waiting, { from: [1], states: { '#a': 'hold' } })).toMatchObject({ kind: 'hold', place: 'a' })
    expect(moved(trial, waiting, { ...auto, guard })).toMatchObject({ kind: 'hold', place: 'guard' })
    expect(moved(trial, strict, { ...auto, context: { m: { $ctx: '$.n' } } }).instance.context).toEqual({ m: 3 })
    expect(moved(trial, strict, { ...auto, context: { m: 'x' } })).toMatchObject({
      kind: 'refused',
      problems: [{ code: 'context' }],
    })
  })

  test('runs entry actions only where the map asks for it, and goes on by itself where nothing holds it', () => {
    const noted: Plan = {
      ...waiting,
      states: {
        a: { entry: [{ type: 'assign', set: { noted: true } }], on: { GO: go('#ok') } },
        pass: { always: [{ target: '#a' }] },
        ok: { type: 'final', outcome: 'ok' },
        off: { type: 'final', outcome: 'off' },
      },
    }
    const trial = createTrial(waiting)
    trial.start()

    expect(moved(trial, noted, auto).instance.context).toEqual({})
    expect(
      moved(trial, noted, { from: [1], states: { '#a': { target: '#a', entry: 'run' } } }).instance.context,
    ).toEqual({
      noted: true,
    })
    expect(moved(trial, noted, { from: [1], states: { '#a': '#pass' } }).instance.leaves).toEqual(['a'])
  })

  test('carries the undo list, and refuses a version in which nothing could call for it', () => {
    const reserve: Plan = {
      events: { GO: { kind: 'user' } },
      states: {
        work: {
          invoke: [
            {
              id: 'reserve',
              activity: 'x.reserve',
              compensate: { activity: 'x.release' },
              onDone: [{ target: '#rest' }],
            },
          ],
        },
        rest: { on: { GO: [{ target: '#off', allow: byClerk, actions: [{ type: 'compensate', of: 'all' }] }] } },
        off: { type: 'final', outcome: 'off' },
      },
    }
    const trial = createTrial(reserve)
    trial.start()
    trial.done('reserve')
    const without: Plan = {
      events: { GO: { kind: 'user' } },
      states: { rest: { on: { GO: go('#off') } }, off: { type: 'final', outcome: 'off' } },
    }

    expect(moved(trial, reserve, auto).instance.undo).toEqual(trial.instance().undo)
    expect(moved(trial, without, auto)).toMatchObject({
      kind: 'refused',
      problems: [{ code: 'undo', place: 'reserve' }],
    })
  })

  test('and its inverse lead back to where the order was', () => {
    const trial = createTrial(waiting)
    trial.start()
    trial.sleep('PT1H')
    const renamed: Plan = {
      ...waiting,
      states: { ...waiting.states, front: waiting.states['a'] ?? {}, a: { on: { GO: go('#b') } } },
      initial: 'front',
    }
    const chart = createTrial({ version: 2, ...renamed }).chart
    const map: Migration = { from: [1], auto: true, states: { '#a': '#front' } }
    const there = migrate(trial.chart, chart, trial.instance(), map, {}, trial.nowMs())
    const back = inverseOf(map, trial.chart, chart)

    expect(there.kind).toBe('moved')
    if (there.kind !== 'moved') return
    const home = migrate(chart, trial.chart, there.instance, back.map, {}, trial.nowMs())
    expect(home.kind === 'moved' && { ...home.instance, seq: 1 }).toEqual(trial.instance())
    expect(back.losses).toEqual([])
  })
})

describe('promises of the new version', () => {
  const sale = (more: Partial<Plan>): Plan => ({
    events: { PAY: { kind: 'user' }, SHIP: { kind: 'user' }, BACK: { kind: 'user' } },
    states: {
      cart: { on: { PAY: [{ target: '#paid', allow: byClerk, tags: ['money-in'] }], SHIP: go('#shipping') } },
      paid: { on: { SHIP: go('#shipping') } },
      shipping: { on: { SHIP: go('#ok') } },
      ok: { type: 'final', outcome: 'ok' },
    },
    ...more,
  })
  const requires = [{ id: 'payFirst', check: 'passesThrough' as const, to: 'outcome:ok', via: 'tag:money-in' }]
  const fresh = createTrial(
    sale({
      version: 2,
      states: {
        cart: { on: { PAY: [{ target: '#paid', allow: byClerk, tags: ['money-in'] }] } },
        paid: { on: { SHIP: go('#shipping') } },
        shipping: { on: { SHIP: go('#ok') } },
        ok: { type: 'final', outcome: 'ok' },
      },
    }),
  ).chart

  test('are looked at for each order by what it has passed: the unpaid parcel is refused, the paid one goes on', () => {
    const verdict = (...events: string[]) => {
      const trial = createTrial(sale({}))
      trial.start()
      for (const event of events) trial.user(event, null, clerk)
      const log = trial.reports().map(({ entered, effects }) => ({ version: 1, entered, effects }))
      const keeper = promiseKeeper(fresh, requires, new Map([[1, trial.chart]]), auto)
      const result = migrate(trial.chart, fresh, trial.instance(), auto, {}, trial.nowMs())
      if (result.kind !== 'moved') return result.kind
      const { leaves } = result.instance
      const active = new Set([fresh.byId.get(leaves[0] ?? '') ?? -1])
      return keeper
        .problems(log, { leaves, active, images: new Map(leaves.map((leaf) => [leaf, leaf])) })
        .map(({ place }) => place)
    }

    expect(verdict('PAY', 'SHIP')).toEqual([])
    expect(verdict('SHIP')).toEqual(['payFirst'])
    expect(verdict()).toEqual([])
  })

  test('are checked on the graph before any order is touched: what no order there could keep is named', () => {
    const old = createTrial(sale({ states: { ...sale({}).states, cart: { on: { SHIP: go('#shipping') } } } })).chart

    const { faults } = mapFaults(old, fresh, requires, auto, [{ leaves: ['shipping'], orders: 3 }])

    expect(faults.map(({ leaves, orders, problems }) => [leaves, orders, problems.map(({ code }) => code)])).toEqual([
      [['shipping'], 3, ['promise']],
    ])
    const unmapped = mapFaults(old, fresh, requires, { from: [1], states: { '#cart': '#cart' } }, [
      { leaves: ['shipping'], orders: 3 },
    ])
    expect(unmapped.faults).toMatchObject([{ leaves: ['shipping'], orders: 3, problems: [{ code: 'unmapped' }] }])
  })
})
