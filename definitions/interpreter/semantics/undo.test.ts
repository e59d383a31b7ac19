import { describe, expect, test } from '@jest/globals'
import type { Action } from '../../format.ts'
import { byClerk, createTrial, operator, type Plan } from './trial.ts'

const events = {
  GO: { kind: 'user' },
  STOP: { kind: 'user' },
  COME: { kind: 'external' },
  ONE: { kind: 'user' },
} as const
const call = (id: string) => ({
  id,
  activity: id,
  compensate: { activity: `undo-${id}`, input: { ref: { $output: '$.ref' }, n: { $ctx: '$.n' } } },
})
const stop = (of: 'all' | string[], target?: string) => [
  {
    ...(target === undefined ? {} : { target }),
    allow: byClerk,
    actions: [{ type: 'compensate', of } satisfies Action],
  },
]

const plan: Plan = {
  events,
  given: { n: 1 },
  states: {
    a: { invoke: [{ ...call('one'), onDone: [{ target: '#b', actions: [{ type: 'assign', set: { n: 2 } }] }] }] },
    b: { invoke: [{ ...call('two'), onDone: [{ target: '#c' }] }] },
    c: { invoke: [{ ...call('three'), onDone: [{ target: '#d' }] }] },
    d: {
      on: {
        STOP: stop('all', '#e'),
        ONE: stop(['one']),
        GO: [{ target: '#end', allow: byClerk }],
        COME: [{ target: '#e' }],
      },
      after: [{ id: 't', delay: 'PT1M', then: [{ target: '#e' }] }],
    },
    e: { on: { STOP: stop('all'), COME: [{ target: '#end' }] } },
    end: { type: 'final', outcome: 'ok' },
  },
}
const atD = () => {
  const trial = createTrial(plan)
  trial.start()
  trial.done('one', { ref: 'R1' })
  trial.done('two', { ref: 'R2' })
  trial.done('three', { ref: 'R3' })
  return trial
}

describe('compensation', () => {
  test('a success with a compensation goes on the undo list, with the input of that moment', () => {
    expect(atD().instance().undo).toMatchObject([
      { invokeId: 'one', entry: 1, activity: 'undo-one', input: { ref: 'R1', n: 1 } },
      { invokeId: 'two', input: { ref: 'R2', n: 2 } },
      { invokeId: 'three' },
    ])
  })
  test('a failure does not', () => {
    const trial = createTrial({
      events,
      states: { a: { invoke: [{ ...call('one'), onError: [{ target: '#b' }] }] }, b: {} },
    })
    trial.start()
    trial.fail('one')
    expect(trial.instance()).toMatchObject({ leaves: ['b'], undo: [] })
  })
  test('undoing takes all, latest first, one by one, under keys of their own', () => {
    const trial = atD()
    trial.user('STOP')
    expect(trial.instance()).toMatchObject({ status: 'compensating', undo: [], leaves: ['e'] })
    expect(trial.instance().queue.map(({ key }) => key)).toEqual(['wf/undo/three/1', 'wf/undo/two/1', 'wf/undo/one/1'])
    expect(trial.drain()).toEqual(['undo-three', 'undo-two', 'undo-one'])
    expect(trial.instance().status).toBe('running')
  })
  test('or takes only the named ones; each at most once', () => {
    const trial = atD()
    trial.user('ONE')
    expect(trial.drain()).toEqual(['undo-one'])
    trial.user('ONE')
    expect(trial.drain()).toEqual([])
    trial.user('STOP')
    expect(trial.drain()).toEqual(['undo-three', 'undo-two'])
    trial.user('STOP')
    expect(trial.drain()).toEqual([])
  })
  test('meanwhile people are told Busy, and what comes from outside waits', () => {
    const trial = atD()
    trial.user('STOP')
    expect(trial.user('STOP')).toBe('Busy')
    trial.external('COME')
    expect(trial.instance()).toMatchObject({ leaves: ['e'], deferred: [{ name: 'COME' }] })
    trial.put({ type: 'callDone', key: 'wf/undo/three/1' })
    expect(trial.put({ type: 'resume' }).kind).toBe('ignored')
    trial.drain()
    expect(trial.instance()).toMatchObject({ outcome: 'ok', deferred: [] })
  })
  test('timers, results and sla clocks wait too, and each is taken once', () => {
    const trial = createTrial({
      events: { ...events, LATE: { kind: 'internal' } },
      states: {
        a: { invoke: [{ ...call('one'), onDone: [{ target: '#b' }] }] },
        b: {
          on: { STOP: stop('all'), LATE: [{ actions: [{ type: 'run', activity: 'late' }] }] },
          after: [{ id: 't', delay: 'PT1M', then: [{ actions: [{ type: 'run', activity: 'timer' }] }] }],
          sla: [
            {
              id: 's',
              within: 'PT2M',
              steps: [
                { at: 100, raise: 'LATE' },
                { at: 150, raise: 'LATE' },
              ],
            },
          ],
          invoke: [{ id: 'more', activity: 'more', onDone: [{ actions: [{ type: 'run', activity: 'result' }] }] }],
        },
      },
    })
    trial.start()
    trial.done('one')
    trial.user('STOP')
    trial.advance('PT2M')
    trial.done('more')
    expect(trial.instance()).toMatchObject({
      deferred: [{ type: 'timer' }, { type: 'timer' }, { type: 'done' }],
      timers: [],
    })
    expect(trial.drain()).toEqual(['undo-one', 'timer', 'late', 'result'])
    expect(trial.instance()).toMatchObject({ deferred: [], invocations: [], timers: [{ key: 'b/s@150' }] })
    trial.advance('PT1M')
    expect(trial.drain()).toEqual(['late'])
  })
  test('one that fails is an incident, and those behind it wait', () => {
    const trial = atD()
    trial.user('STOP')
    trial.put({ type: 'callFailed', key: 'wf/undo/three/1', error: { type: 'Down', message: 'down' } })
    expect(trial.instance()).toMatchObject({
      status: 'compensating',
      incidents: [{ kind: 'compensation', place: 'undo three', error: { type: 'Down' } }],
    })
    expect(trial.drain()).toEqual([])
    const [incident] = trial.instance().incidents
    trial.put({ type: 'retry', incident: incident?.id ?? '', actor: operator })
    expect(trial.drain()).toEqual(['undo-three', 'undo-two', 'undo-one'])
    expect(trial.instance()).toMatchObject({ status: 'running', incidents: [] })
  })
  test('or an operator says that it is done', () => {
    const trial = atD()
    trial.user('STOP')
    trial.put({ type: 'callFailed', key: 'wf/undo/three/1', error: { type: 'Down', message: 'down' } })
    const [incident] = trial.instance().incidents
    trial.put({ type: 'resolve', incident: incident?.id ?? '', output: null, actor: operator })
    expect(trial.drain()).toEqual(['undo-two', 'undo-one'])
  })
  test('success keeps the undo list: nothing is taken back', () => {
    const trial = atD()
    trial.user('GO')
    expect(trial.instance()).toMatchObject({
      status: 'ended',
      outcome: 'ok',
      undo: [{ invokeId: 'one' }, { invokeId: 'two' }, { invokeId: 'three' }],
      queue: [],
    })
  })
  test('a result that waited while its state was left is a late success, and is undone', () => {
    const trial = createTrial({
      events,
      states: {
        a: { invoke: [{ ...call('one'), onDone: [{ target: '#b' }] }] },
        b: { on: { STOP: stop('all') }, invoke: [{ ...call('two'), onDone: [{ target: '#c' }] }] },
        c: {},
      },
    })
    trial.start()
    trial.done('one')
    trial.user('STOP')
    trial.done('two', { ref: 'R2' })
    trial.put({ type: 'move', target: '#c', actor: operator })
    expect(trial.instance()).toMatchObject({ leaves: ['c'], deferred: [], invocations: [] })
    expect(trial.drain()).toEqual(['undo-one', 'undo-two'])
    expect(trial.instance().undo).toEqual([])
  })
})

describe('cancellation', () => {
  test('goes to SYSTEM_CANCEL where the definition has it', () => {
    const trial = createTrial({ ...plan, states: { ...plan.states, d: { on: { SYSTEM_CANCEL: [{ target: '#e' }] } } } })
    trial.start()
    trial.done('one')
    trial.done('two')
    trial.done('three')
    trial.put({ type: 'cancel' })
    expect(trial.instance()).toMatchObject({ leaves: ['e'], outcome: null, undo: [{}, {}, {}] })
  })
  test('else undoes everything and ends as cancelled', () => {
    const trial = atD()
    trial.put({ type: 'cancel', actor: operator })
    expect(trial.instance()).toMatchObject({ outcome: 'off', status: 'compensating', timers: [] })
    expect(trial.report()).toMatchObject({ outcomeKind: 'cancelled', effects: ['compensate:all'] })
    expect(trial.drain()).toEqual(['undo-three', 'undo-two', 'undo-one'])
    expect(trial.instance().status).toBe('ended')
  })
  test('waits while something is being undone, but frees an order whose undoing is stuck', () => {
    const trial = atD()
    trial.user('ONE')
    trial.put({ type: 'cancel' })
    expect(trial.instance()).toMatchObject({ outcome: null, deferred: [{ type: 'cancel' }] })
    trial.drain()
    expect(trial.instance()).toMatchObject({ outcome: 'off', status: 'ended' })

    const stuck = atD()
    stuck.user('ONE')
    stuck.put({ type: 'callFailed', key: 'wf/undo/one/1', error: { type: 'Down', message: 'down' } })
    stuck.put({ type: 'cancel', actor: operator })
    expect(stuck.instance()).toMatchObject({ outcome: 'off', incidents: [] })
    expect(stuck.drain()).toEqual(['undo-three', 'undo-two'])
    expect(stuck.instance().status).toBe('ended')
  })
})
