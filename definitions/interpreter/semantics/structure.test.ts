import { describe, expect, test } from '@jest/globals'
import { byClerk, createTrial, type Plan, type Sketch } from './trial.ts'

const events = {
  GO: { kind: 'user' },
  COME: { kind: 'external' },
  HOLD: { kind: 'external' },
  RESUME: { kind: 'external' },
} as const
const mark = (activity: string) => [{ type: 'run' as const, activity }]

describe('what XState does not decide for us', () => {
  test('assign reads all values before it writes any, in whatever order the keys stand', () => {
    const swapped = (set: Record<string, { $ctx: string }>) => {
      const trial = createTrial({
        events,
        given: { a: 1, b: 2 },
        states: { s: { on: { COME: [{ actions: [{ type: 'assign', set }] }] } } },
      })
      trial.start()
      trial.external('COME')
      return trial.instance().context
    }
    expect(swapped({ a: { $ctx: '$.b' }, b: { $ctx: '$.a' } })).toEqual({ a: 2, b: 1 })
    expect(swapped({ b: { $ctx: '$.a' }, a: { $ctx: '$.b' } })).toEqual({ a: 2, b: 1 })
  })
  test('initial values are laid under what the order brings', () => {
    const trial = createTrial({
      context: { schema: true, initial: { a: 1, id: { $instance: 'id' } } },
      given: { a: 5 },
      states: { s: {} },
    })
    trial.start()
    expect(trial.instance().context).toEqual({ a: 5, id: 'order-1' })
    expect(trial.report().set).toEqual({ a: 5, id: 'order-1' })
  })

  const region = (name: string): Sketch => ({
    initial: 'x',
    entry: mark(`enter ${name}`),
    states: { x: { on: { HOLD: [{ target: '#both.p.memory' }] } }, y: {}, memory: { type: 'history' } },
  })
  test('a history reached from inside its parent does not enter what is active, nor another region twice', () => {
    const trial = createTrial({
      events,
      states: {
        both: {
          type: 'parallel',
          order: ['p', 'q'],
          states: {
            p: region('p'),
            q: {
              initial: 'x',
              entry: mark('enter q'),
              after: [{ id: 't', delay: 'PT1H', then: [] }],
              states: { x: { on: { COME: [{ target: '#both.q.y' }] } }, y: {} },
            },
          },
        },
      },
    })
    trial.start()
    trial.external('COME')
    trial.drain()
    trial.external('HOLD')
    expect(trial.report().entered).toEqual([])
    expect(trial.drain()).toEqual([])
    expect(trial.instance()).toMatchObject({
      leaves: ['both.p.x', 'both.q.y'],
      visits: { both_q: 1 },
      timers: [{ key: 'both.q/t' }],
    })
  })
  test('a history that remembers nothing leads to its default, or to where its parent starts', () => {
    const to = (memory: Sketch) => {
      const trial = createTrial({
        events,
        states: {
          a: { on: { COME: [{ target: '#g.memory' }] } },
          g: { initial: 'x', states: { x: {}, y: {}, memory } },
        },
      })
      trial.start()
      trial.external('COME')
      return trial.instance().leaves
    }
    expect(to({ type: 'history', target: '#g.y' })).toEqual(['g.y'])
    expect(to({ type: 'history' })).toEqual(['g.x'])
  })
  test('hold and resume: a deep history brings every region back to where it was', () => {
    const line = (name: string): Sketch => ({
      initial: 'a',
      states: {
        a: { on: { COME: [{ target: `#work.${name}.b` }] } },
        b: { initial: 'in', states: { in: { always: [{ target: `#work.${name}.b.deep` }] }, deep: {} } },
      },
    })
    const plan: Plan = {
      events,
      states: {
        work: {
          type: 'parallel',
          order: ['p', 'q', 'memory'],
          states: { p: line('p'), q: line('q'), memory: { type: 'history', history: 'deep' } },
          on: { HOLD: [{ target: '#held' }] },
        },
        held: { on: { RESUME: [{ target: '#work.memory' }] } },
      },
    }
    const trial = createTrial(plan)
    trial.start()
    trial.external('COME')
    trial.external('HOLD')
    expect(trial.instance()).toMatchObject({
      leaves: ['held'],
      history: { 'work.memory': ['work.p.b.deep', 'work.q.b.deep'] },
    })
    trial.external('RESUME')
    expect(trial.instance().leaves).toEqual(['work.p.b.deep', 'work.q.b.deep'])
  })
  test('of two ways out of a parallel the earlier region’s is taken, alone', () => {
    const out = (name: string): Sketch => ({
      initial: 'x',
      states: { x: { on: { COME: [{ target: `#${name}`, actions: mark(name) }] } } },
    })
    const trial = createTrial({
      events,
      states: {
        both: { type: 'parallel', order: ['q', 'p'], states: { p: out('one'), q: out('two') } },
        one: {},
        two: {},
      },
    })
    trial.start()
    trial.external('COME')
    expect(trial.instance().leaves).toEqual(['two'])
    expect(trial.drain()).toEqual(['two'])
  })
  test('guards see the active states, the actor and how often a state was entered', () => {
    const trial = createTrial({
      events,
      states: {
        a: {
          on: {
            GO: [
              {
                target: '#end',
                allow: byClerk,
                guard: { fact: 'visits', path: '$.a', operator: 'greaterThanInclusive', value: 3 },
              },
              {
                target: '#a',
                reenter: true,
                allow: byClerk,
                guard: {
                  all: [
                    { fact: 'state', operator: 'contains', value: 'a' },
                    { fact: 'actor', path: '$.id', operator: 'equal', value: 'clerk-1' },
                    { fact: 'visits', path: '$.end', operator: 'equal', value: 0 },
                  ],
                },
              },
            ],
          },
        },
        end: { type: 'final', outcome: 'ok' },
      },
    })
    trial.start()
    trial.user('GO')
    trial.user('GO')
    expect(trial.instance().visits).toMatchObject({ a: 3 })
    trial.user('GO')
    expect(trial.instance().outcome).toBe('ok')
  })
  test('the end: what is still active leaves with its exit actions, once, and stays on record', () => {
    const trial = createTrial({
      events,
      states: {
        a: { on: { COME: [{ target: '#end' }] }, exit: mark('exit a') },
        end: { type: 'final', outcome: 'off', entry: mark('entry end'), exit: mark('exit end') },
      },
    })
    trial.start()
    trial.external('COME')
    expect(trial.instance()).toMatchObject({ leaves: ['end'], outcome: 'off', status: 'ended' })
    expect(trial.report()).toMatchObject({
      outcomeKind: 'cancelled',
      from: ['a'],
      to: ['end'],
      left: ['a'],
      entered: ['end'],
    })
    expect(trial.drain()).toEqual(['exit a', 'entry end', 'exit end'])
  })
  test('seq counts the steps, and a refusal or a stale event is none', () => {
    const trial = createTrial({ events, states: { a: { on: { GO: [{ allow: byClerk }] } } } })
    trial.start()
    trial.user('GO')
    trial.user('NO')
    trial.external('COME')
    expect(trial.instance().seq).toBe(2)
  })
})
