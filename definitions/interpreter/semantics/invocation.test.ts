import { describe, expect, test } from '@jest/globals'
import { byClerk, createTrial, operator, type Plan, type Sketch } from './trial.ts'

const events = { GO: { kind: 'user' }, BACK: { kind: 'user' }, COME: { kind: 'external' } } as const
const undoable = { activity: 'undo', input: { id: { $output: '$.id' } } }

describe('calls of a state', () => {
  test('start when the macrostep is over, with a key that retries share; a state passed through never starts its call', () => {
    const trial = createTrial({
      events,
      given: { n: 4 },
      states: {
        a: { on: { GO: [{ target: '#through', allow: byClerk }] } },
        through: { invoke: [{ id: 'never', activity: 'x' }], always: [{ target: '#b' }] },
        b: {
          entry: [{ type: 'assign', set: { n: 5 } }],
          invoke: [
            {
              id: 'call',
              activity: 'act',
              input: { n: { $ctx: '$.n' } },
              idempotencyKey: '{instance}-{invokeId}-{entry}',
            },
          ],
        },
      },
    })
    trial.start()
    trial.user('GO')
    expect(trial.instance().invocations).toMatchObject([
      {
        key: 'wf/call/1',
        state: 'b',
        id: 'call',
        entry: 1,
        activity: 'act',
        input: { n: 5 },
        idempotencyKey: 'wf-call-1',
        status: 'running',
        attempt: 1,
      },
    ])
  })

  test('an error goes to the first candidate that names its type or none, and whose guard holds', () => {
    const plan: Plan = {
      given: { n: 1 },
      states: {
        a: {
          invoke: [
            {
              id: 'call',
              activity: 'x',
              onError: [
                { target: '#b', errors: ['Full'] },
                { target: '#c', errors: ['Busy'], guard: { fact: 'ctx', path: '$.n', operator: 'equal', value: 2 } },
                { target: '#d', errors: ['Busy', 'Slow'] },
              ],
            },
          ],
        },
        b: {},
        c: {},
        d: {},
      },
    }
    const after = (type: string) => {
      const trial = createTrial(plan)
      trial.start()
      trial.fail('call', type)
      return trial.instance().leaves[0]
    }
    expect([after('Full'), after('Busy'), after('Slow'), after('Other')]).toEqual(['b', 'd', 'd', 'a'])
  })

  test('a result of an earlier entry is dropped', () => {
    const trial = createTrial({
      events,
      states: {
        a: {
          on: { GO: [{ target: '#a', reenter: true, allow: byClerk }] },
          invoke: [{ id: 'call', activity: 'x', onDone: [{ target: '#b' }] }],
        },
        b: {},
      },
    })
    trial.start()
    const old = trial.key('call')
    trial.user('GO')
    expect(trial.key('call')).toBe('wf/call/2')
    expect(trial.instance().invocations.map(({ status }) => status)).toEqual(['cancelling', 'running'])
    trial.put({ type: 'done', key: old, output: {} })
    expect(trial.instance().leaves).toEqual(['a'])
    expect(trial.instance().invocations).toHaveLength(1)
    expect(trial.put({ type: 'done', key: old, output: {} })).toEqual({ kind: 'ignored', reason: 'stale' })
    trial.done('call')
    expect(trial.instance().leaves).toEqual(['b'])
  })

  test('that are abandoned run on, and whatever comes of them is nobody’s any more', () => {
    const trial = createTrial({
      events,
      states: {
        a: {
          on: { GO: [{ target: '#b', allow: byClerk }] },
          invoke: [{ id: 'call', activity: 'x', onExit: 'abandon', compensate: undoable, onDone: [{ target: '#b' }] }],
        },
        b: {},
      },
    })
    trial.start()
    const key = trial.key('call')
    trial.user('GO')
    expect(trial.instance().invocations).toEqual([])
    expect(trial.put({ type: 'done', key, output: { id: 1 } })).toEqual({ kind: 'ignored', reason: 'stale' })
    expect(trial.put({ type: 'error', key, error: { type: 'X', message: '' } })).toEqual({
      kind: 'ignored',
      reason: 'stale',
    })
    expect(trial.instance()).toMatchObject({ status: 'running', queue: [], undo: [] })
  })

  test('a late success is undone when it comes, a late failure is not', () => {
    const states: Plan['states'] = {
      a: {
        on: { GO: [{ target: '#b', allow: byClerk }] },
        invoke: [{ id: 'call', activity: 'x', compensate: undoable }],
      },
      b: {},
    }
    const trial = createTrial({ events, states })
    trial.start()
    trial.user('GO')
    trial.done('call', { id: 'X9' })
    expect(trial.instance()).toMatchObject({
      status: 'compensating',
      queue: [{ activity: 'undo', input: { id: 'X9' }, undo: 'call' }],
      undo: [],
      invocations: [],
    })
    expect(trial.drain()).toEqual(['undo'])
    expect(trial.instance().status).toBe('running')

    const other = createTrial({ events, states })
    other.start()
    other.user('GO')
    other.fail('call')
    expect(other.instance()).toMatchObject({ status: 'running', queue: [], invocations: [] })
  })

  test('a late success is undone even after the end', () => {
    const trial = createTrial({
      events,
      states: {
        a: {
          on: { GO: [{ target: '#end', allow: byClerk }] },
          invoke: [{ id: 'call', activity: 'x', compensate: undoable }],
        },
        end: { type: 'final', outcome: 'off' },
      },
    })
    trial.start()
    trial.user('GO')
    expect(trial.instance()).toMatchObject({ outcome: 'off', status: 'ended', invocations: [{ status: 'cancelling' }] })
    trial.done('call', { id: 1 })
    expect(trial.drain()).toEqual(['undo'])
    expect(trial.instance()).toMatchObject({ outcome: 'off', status: 'ended' })
  })
})

describe('a call that must not be interrupted (onExit: wait)', () => {
  const paying: Sketch = {
    on: { GO: [{ target: '#away', allow: byClerk }], COME: [{ target: '#away' }] },
    after: [{ id: 'late', delay: 'PT1H', then: [{ target: '#away' }] }],
    invoke: [
      { id: 'pay', activity: 'bank', onExit: 'wait', onDone: [{ actions: [{ type: 'assign', set: { paid: true } }] }] },
    ],
  }
  const plan: Plan = { events, states: { paying, away: {} } }
  const started = (more: Partial<Plan> = {}) => {
    const trial = createTrial({ ...plan, ...more })
    trial.start()
    return trial
  }

  test('a person is told Busy', () => {
    const trial = started()
    expect(trial.user('GO')).toBe('Busy')
    trial.done('pay')
    expect(trial.user('GO')).toBe('moved')
  })
  test('timers and outside events wait their turn, and are then taken in the order in which they came', () => {
    const trial = started({
      events: { ...events, SECOND: { kind: 'external' } },
      states: {
        paying: {
          ...paying,
          on: { COME: [{ target: '#second' }], SECOND: [{ target: '#away' }] },
          after: [{ id: 'late', delay: 'PT1H', then: [{ target: '#first' }] }],
        },
        first: { on: { COME: [{ target: '#second' }] } },
        second: { on: { SECOND: [{ target: '#away' }] } },
        away: {},
      },
    })
    trial.advance('PT1H')
    trial.external('COME')
    trial.external('SECOND')
    expect(trial.instance()).toMatchObject({
      leaves: ['paying'],
      timers: [],
      deferred: [{ type: 'timer' }, { name: 'COME' }, { name: 'SECOND' }],
    })
    expect(trial.put({ type: 'resume' }).kind).toBe('ignored')
    trial.done('pay')
    trial.drain()
    expect(trial.instance()).toMatchObject({ leaves: ['away'], context: { paid: true }, deferred: [] })
    expect(
      trial
        .reports()
        .slice(-3)
        .map(({ entered }) => entered),
    ).toEqual([['first'], ['second'], ['away']])
  })
  test('nothing else inside leads out either: neither a raised event, nor an eventless transition, nor an sla', () => {
    const region: Sketch = {
      initial: 'calm',
      states: {
        calm: {
          on: {
            COME: [
              {
                actions: [
                  { type: 'raise', event: 'OUT' },
                  { type: 'assign', set: { seen: 1 } },
                ],
              },
            ],
          },
        },
      },
    }
    const trial = createTrial({
      events: { ...events, OUT: { kind: 'internal' } },
      states: {
        both: {
          type: 'parallel',
          order: ['money', 'other'],
          states: { money: { initial: 'paying', states: { paying: { ...paying, on: {}, after: [] } } }, other: region },
          on: { OUT: [{ target: '#away' }] },
          sla: [{ id: 'slow', within: 'PT2H', steps: [{ at: 100, raise: 'OUT' }] }],
        },
        away: {},
      },
    })
    trial.start()
    trial.external('COME')
    expect(trial.instance()).toMatchObject({
      leaves: ['both.money.paying', 'both.other.calm'],
      deferred: [{ name: 'COME' }],
    })
    expect(trial.instance().context).toEqual({})
    trial.advance('PT3H')
    expect(trial.instance().deferred).toHaveLength(2)
    expect(trial.instance().leaves).toHaveLength(2)
    trial.done('pay')
    trial.drain()
    expect(trial.instance()).toMatchObject({ leaves: ['away'], context: { paid: true, seen: 1 } })
  })
  test('two of them wait for each other’s end, and both results are used', () => {
    const call = (id: string) => ({
      id,
      activity: id,
      onExit: 'wait' as const,
      compensate: { activity: `undo-${id}` },
      onDone: [{ target: '#away', actions: [{ type: 'assign' as const, set: { [id]: true } }] }],
    })
    const trial = createTrial({ events, states: { paying: { invoke: [call('one'), call('two')] }, away: {} } })
    trial.start()
    trial.done('one')
    expect(trial.instance()).toMatchObject({ leaves: ['paying'], undo: [], deferred: [{ type: 'done' }] })
    trial.done('two')
    expect(trial.instance().leaves).toEqual(['away'])
    trial.drain()
    // The first one's answer came, but its state was gone by then: like any late success it is undone.
    expect(trial.instance()).toMatchObject({
      undo: [{ invokeId: 'two' }],
      invocations: [],
      queue: [],
      deferred: [],
      status: 'running',
    })
    expect(trial.reports().flatMap(({ effects }) => effects)).toContain('compensate:one')
  })
  test('a result that waits for another call’s end is used when that ends without leaving', () => {
    const trial = createTrial({
      events,
      states: {
        paying: {
          invoke: [
            {
              id: 'one',
              activity: 'one',
              onExit: 'wait',
              compensate: { activity: 'undo' },
              onDone: [{ target: '#away', actions: [{ type: 'assign', set: { one: { $output: '$.n' } } }] }],
            },
            { id: 'two', activity: 'two', onExit: 'wait' },
          ],
        },
        away: {},
      },
    })
    trial.start()
    trial.done('one', { n: 4 })
    trial.done('two')
    trial.drain()
    expect(trial.instance()).toMatchObject({
      leaves: ['away'],
      context: { one: 4 },
      undo: [{ invokeId: 'one' }],
      invocations: [],
    })
  })
  test('an operator’s cancel is told Busy, one from above waits; only a move by hand goes through', () => {
    const trial = started()
    expect(trial.put({ type: 'cancel', actor: operator })).toMatchObject({ kind: 'rejected', code: 'Busy' })
    expect(trial.put({ type: 'cancel' }).kind).toBe('moved')
    expect(trial.instance()).toMatchObject({ leaves: ['paying'], outcome: null, deferred: [{ type: 'cancel' }] })
    trial.done('pay')
    trial.drain()
    expect(trial.instance()).toMatchObject({ outcome: 'off', status: 'ended' })

    const moved = started()
    moved.put({ type: 'move', target: '#away', actor: operator })
    expect(moved.instance()).toMatchObject({ leaves: ['away'], invocations: [{ status: 'cancelling' }] })
  })
})

describe('a process as a call', () => {
  const plan: Plan = {
    events,
    states: {
      a: {
        on: { GO: [{ target: '#b', allow: byClerk }] },
        invoke: [
          {
            id: 'child',
            process: 'installation',
            version: 2,
            input: { x: 1 },
            onDone: [
              { target: '#c', guard: { fact: 'output', path: '$.outcome', operator: 'equal', value: 'active' } },
              { target: '#b' },
            ],
          },
        ],
      },
      b: {},
      c: {},
    },
  }
  test('is started through the relay once per entry, and its outcome comes back as the result', () => {
    const trial = createTrial(plan)
    trial.start()
    expect(trial.report().outbox).toEqual([
      {
        key: 'wf/child/1/open',
        kind: 'start',
        process: 'installation',
        businessKey: 'wf/child/1',
        input: { x: 1 },
        invocation: 'wf/child/1',
        version: 2,
      },
    ])
    trial.done('child', { outcome: 'active' })
    expect(trial.instance().leaves).toEqual(['c'])
  })
  test('is cancelled when its state is left, unless it is to be abandoned', () => {
    const trial = createTrial(plan)
    trial.start()
    trial.user('GO')
    expect(trial.report().outbox).toEqual([{ key: 'wf/child/1/cancel', kind: 'cancel', invocation: 'wf/child/1' }])
    expect(trial.instance().invocations).toEqual([])

    const [call] = plan.states['a']?.invoke ?? []
    const abandoned = createTrial({
      ...plan,
      states: { ...plan.states, a: { ...plan.states['a'], invoke: [{ ...call, id: 'child', onExit: 'abandon' }] } },
    })
    abandoned.start()
    abandoned.user('GO')
    expect(abandoned.report().outbox).toEqual([])
  })
})
