import { describe, expect, test } from '@jest/globals'
import { deadlineOf } from '../timing.ts'
import { byClerk, createTrial, office, type Plan, type Sketch, startMs } from './trial.ts'

const events = {
  GO: { kind: 'user' },
  BACK: { kind: 'user' },
  COME: { kind: 'external' },
  LATE: { kind: 'internal' },
} as const
const note = (activity: string) => [{ actions: [{ type: 'run' as const, activity }] }]
const at = (iso: string) => Date.parse(iso)

describe('after', () => {
  test('several at the same instant fire in the order in which they were armed', () => {
    const trial = createTrial({
      states: {
        a: {
          after: [
            { id: 'z', delay: 'PT1H', then: note('first') },
            { id: 'b', delay: 'PT1H', then: note('second') },
            { id: 'c', delay: 'PT30M', then: note('zeroth') },
          ],
          initial: 'in',
          states: { in: { after: [{ id: 'a', delay: 'PT60M', then: note('third') }] } },
        },
      },
    })
    trial.start()
    trial.advance('PT1H')
    expect(trial.drain()).toEqual(['zeroth', 'first', 'second', 'third'])
  })
  test('leaving drops them, entering arms them anew', () => {
    const trial = createTrial({
      events,
      states: {
        a: {
          on: { GO: [{ target: '#a', reenter: true, allow: byClerk }], BACK: [{ target: '#b', allow: byClerk }] },
          after: [{ id: 't', delay: 'PT1H', then: note('late') }],
        },
        b: {},
      },
    })
    trial.start()
    trial.sleep('PT40M')
    trial.user('GO')
    expect(trial.instance().timers).toMatchObject([{ key: 'a/t', entry: 2, dueMs: startMs + 100 * 60_000 }])
    trial.user('BACK')
    expect(trial.instance().timers).toEqual([])
  })
  test('one that fired does not fire again, nor one that was never armed', () => {
    const trial = createTrial({ states: { a: { after: [{ id: 't', delay: 'PT1H', then: note('late') }] } } })
    trial.start()
    trial.advance('PT1H')
    expect(trial.put({ type: 'timer', key: 'a/t' })).toEqual({ kind: 'ignored', reason: 'stale' })
    expect(trial.put({ type: 'timer', key: 'a/u' })).toEqual({ kind: 'ignored', reason: 'stale' })
    expect(trial.put({ type: 'timer', key: 'x' })).toEqual({ kind: 'ignored', reason: 'stale' })
  })
  test('working days, an instant of the order’s data, and an offset to it', () => {
    const trial = createTrial({
      calendars: { cal: 'office' },
      known: { office },
      given: { visitAt: '2026-07-08T10:00:00Z' },
      states: {
        a: {
          after: [
            { id: 'days', delay: 'P5D', calendar: 'cal', then: [] },
            { id: 'hours', delay: 'PT10H', calendar: 'cal', then: [] },
            { id: 'at', at: { $ctx: '$.visitAt' }, then: [] },
            { id: 'before', at: { $ctx: '$.visitAt' }, offset: '-PT2H', then: [] },
          ],
        },
      },
    })
    trial.start()
    expect(Object.fromEntries(trial.instance().timers.map(({ id, dueMs }) => [id, dueMs]))).toEqual({
      days: at('2026-07-11T06:00:00Z'),
      hours: at('2026-07-05T08:00:00Z'),
      at: at('2026-07-08T10:00:00Z'),
      before: at('2026-07-08T08:00:00Z'),
    })
    expect(deadlineOf(trial.instance())).toBe(at('2026-07-05T08:00:00Z'))
  })
  test('one without an instant is a fault of the step', () => {
    for (const visitAt of [null, 'soon', 5]) {
      const trial = createTrial({
        events,
        given: { visitAt },
        states: {
          a: { on: { COME: [{ target: '#b' }] } },
          b: { after: [{ id: 't', at: { $ctx: '$.visitAt' }, then: [] }] },
        },
      })
      trial.start()
      trial.external('COME')
      expect(trial.instance()).toMatchObject({ leaves: ['a'], incidents: [{ error: { type: 'BadTimer' } }] })
    }
  })
  test('one beyond the horizon of the definition is a fault of the step', () => {
    const trial = createTrial({
      events,
      limits: { horizon: 'P10D' },
      given: { at: new Date(startMs + 11 * 86_400_000).toISOString() },
      states: {
        a: {
          on: { GO: [{ target: '#b', allow: byClerk }] },
          after: [{ id: 'near', delay: 'P10D', then: [{ target: '#b' }] }],
        },
        b: { after: [{ id: 'far', at: { $ctx: '$.at' }, then: [{ target: '#a' }] }] },
      },
    })
    trial.start()
    expect(trial.user('GO')).toBe('GuardFailed')
    trial.advance('P10D')
    expect(trial.instance()).toMatchObject({ leaves: ['b'], timers: [{ id: 'far' }] })
  })

  test('the end drops all', () => {
    const trial = createTrial({
      events,
      states: {
        a: {
          after: [{ id: 't', delay: 'PT1H', then: [] }],
          sla: [{ id: 's', within: 'PT1H', steps: [{ at: 50 }] }],
          on: { GO: [{ target: '#end', allow: byClerk }] },
        },
        end: { type: 'final', outcome: 'ok' },
      },
    })
    trial.start()
    trial.user('GO')
    expect(trial.instance()).toMatchObject({ timers: [], clocks: [] })
    expect(deadlineOf(trial.instance())).toBeNull()
  })
})

describe('sla clocks', () => {
  const sla: NonNullable<Sketch['sla']> = [
    {
      id: 's',
      within: 'PT8H',
      calendar: 'cal',
      pauseIn: ['#a.waiting'],
      steps: [
        {
          at: 100,
          assignTo: 'chief',
          raise: 'LATE',
          notify: [{ channels: ['inbox'], template: 'late', to: 'role:chief' }],
        },
        { at: 75, notify: [{ channels: ['inbox'], template: 'soon', to: 'role:clerk' }] },
      ],
    },
  ]
  const plan: Plan = {
    events,
    calendars: { cal: 'office' },
    known: { office },
    states: {
      a: {
        sla,
        initial: 'working',
        on: { LATE: note('late') },
        states: {
          working: { on: { GO: [{ target: '#a.waiting', allow: byClerk }] } },
          waiting: { on: { BACK: [{ target: '#a.working', allow: byClerk }], GO: [{ target: '#b', allow: byClerk }] } },
        },
      },
      b: {},
    },
  }
  const started = (more: Partial<Plan> = {}) => {
    const trial = createTrial({ ...plan, ...more })
    trial.start()
    return trial
  }

  test('run in working hours, step by step, and never move the state', () => {
    const trial = started()
    expect(trial.instance()).toMatchObject({
      clocks: [{ totalMs: 8 * 3_600_000, deadlineMs: at('2026-07-05T06:00:00Z') }],
      timers: [{ key: 'a/s@75', dueMs: at('2026-07-04T12:00:00Z'), kind: 'sla' }],
    })
    trial.advance('PT6H')
    expect(trial.report()).toMatchObject({
      event: { type: 'sla', name: 'a/s@75' },
      effects: ['notify:soon'],
      left: [],
      entered: [],
    })
    expect(trial.instance().timers).toMatchObject([{ key: 'a/s@100', dueMs: at('2026-07-05T06:00:00Z') }])
    trial.advance('P1D')
    expect(trial.report().effects).toEqual(['assign:chief', 'notify:late', 'run:late'])
    expect(trial.instance()).toMatchObject({ assigned: { a: 'chief' }, leaves: ['a.working'], timers: [] })
    expect(trial.put({ type: 'timer', key: 'a/s@100' })).toEqual({ kind: 'ignored', reason: 'stale' })
  })
  test('stand still in a state that pauses them, and go on from there', () => {
    const trial = started()
    trial.sleep('PT2H')
    trial.user('GO')
    expect(trial.instance()).toMatchObject({
      timers: [],
      clocks: [{ usedMs: 2 * 3_600_000, runningSinceMs: null, deadlineMs: null }],
    })
    expect(deadlineOf(trial.instance())).toBeNull()
    trial.sleep('P3D')
    trial.user('BACK')
    expect(trial.instance()).toMatchObject({
      clocks: [{ usedMs: 2 * 3_600_000, deadlineMs: at('2026-07-08T06:00:00Z') }],
      timers: [{ key: 'a/s@75', dueMs: at('2026-07-07T12:00:00Z') }],
    })
  })
  test('go with their state, and the hand-over too', () => {
    const trial = started()
    trial.advance('P2D')
    trial.user('GO')
    trial.user('GO')
    expect(trial.instance()).toMatchObject({ leaves: ['b'], clocks: [], timers: [] })
    expect(trial.instance().assigned).toEqual({})
  })
  test('one of the whole process counts from its start', () => {
    const trial = createTrial({
      events,
      states: {
        a: { on: { GO: [{ target: '#b', allow: byClerk }] } },
        b: {
          sla: [
            { id: 's', within: 'PT10H', from: 'process', steps: [{ at: 100 }] },
            { id: 'own', within: 'PT10H', steps: [{ at: 100 }] },
          ],
        },
      },
    })
    trial.start()
    trial.sleep('PT3H')
    trial.user('GO')
    expect(trial.instance().clocks.map(({ deadlineMs }) => deadlineMs)).toEqual([
      startMs + 10 * 3_600_000,
      startMs + 13 * 3_600_000,
    ])
  })
  test('a step whose message cannot be decided is an incident once, not with every event', () => {
    const trial = createTrial({
      events,
      states: {
        a: {
          on: { COME: [{ actions: [] }] },
          sla: [
            {
              id: 's',
              within: 'PT1H',
              steps: [
                {
                  at: 100,
                  notify: [
                    {
                      channels: ['inbox'],
                      template: 't',
                      to: 'x',
                      when: { fact: 'ctx', path: '$.none', operator: 'lessThan', value: 1 },
                    },
                  ],
                },
              ],
            },
          ],
        },
      },
    })
    trial.start()
    trial.advance('PT2H')
    trial.external('COME')
    trial.advance('PT1H')
    expect(trial.instance().incidents).toHaveLength(1)
    expect(trial.instance().timers).toEqual([])
  })
})
