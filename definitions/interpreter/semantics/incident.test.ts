import { describe, expect, test } from '@jest/globals'
import type { Condition } from '../../format.ts'
import { byClerk, createTrial, operator, type Plan } from './trial.ts'

const events = { GO: { kind: 'user' }, COME: { kind: 'external' } } as const
const broken: Condition = { fact: 'ctx', path: '$.limit', operator: 'greaterThan', value: 3 }
const incidentOf = (trial: ReturnType<typeof createTrial>) => trial.instance().incidents[0]?.id ?? ''

describe('an error that nobody takes', () => {
  const plan: Plan = {
    events,
    states: {
      a: {
        on: { GO: [{ target: '#b', allow: byClerk }] },
        invoke: [
          {
            id: 'call',
            activity: 'x',
            compensate: { activity: 'undo' },
            onDone: [{ target: '#b', actions: [{ type: 'assign', set: { got: { $output: '$.v' } } }] }],
          },
        ],
      },
      b: {},
    },
  }
  const failed = () => {
    const trial = createTrial(plan)
    trial.start()
    trial.fail('call', 'Down')
    return trial
  }
  test('is an incident: the order stands where it is, is held, and still takes events', () => {
    const trial = failed()
    expect(trial.instance()).toMatchObject({
      leaves: ['a'],
      status: 'held',
      incidents: [
        {
          id: '2-1',
          kind: 'invocation',
          place: 'a/call',
          error: { type: 'Down' },
          key: 'wf/call/1',
          openedAt: '2026-07-04T06:00:00.000Z',
        },
      ],
      invocations: [{ status: 'incident' }],
    })
    expect(trial.report().effects).toEqual(['incident:a/call'])
    expect(trial.user('GO')).toBe('moved')
    expect(trial.instance()).toMatchObject({ status: 'running', incidents: [], invocations: [] })
  })
  test('retry makes the call again under the same key', () => {
    const trial = failed()
    trial.put({ type: 'retry', incident: incidentOf(trial), actor: operator })
    expect(trial.instance()).toMatchObject({
      status: 'running',
      incidents: [],
      invocations: [{ key: 'wf/call/1', status: 'running', attempt: 2 }],
    })
    expect(trial.report()).toMatchObject({ actor: { id: 'operator-1' }, role: 'operator', event: { type: 'command' } })
    trial.done('call', { v: 1 })
    expect(trial.instance()).toMatchObject({ leaves: ['b'], context: { got: 1 } })
  })
  test('resolve gives the result by hand, as if the call had succeeded', () => {
    const trial = failed()
    trial.put({ type: 'resolve', incident: incidentOf(trial), output: { v: 7 }, actor: operator })
    expect(trial.instance()).toMatchObject({
      leaves: ['b'],
      context: { got: 7 },
      incidents: [],
      undo: [{ invokeId: 'call' }],
    })
  })
  test('a result that comes after all closes it', () => {
    const trial = failed()
    trial.done('call', { v: 2 })
    expect(trial.instance()).toMatchObject({ leaves: ['b'], status: 'running', incidents: [] })
  })
  test('an incident that is not there is unknown', () => {
    expect(failed().put({ type: 'retry', incident: 'no', actor: operator })).toEqual({
      kind: 'ignored',
      reason: 'unknown',
    })
  })
})

describe('a step that cannot be finished', () => {
  const plan: Plan = {
    events: { ...events, SET: { kind: 'external' } },
    states: {
      a: {
        on: { COME: [{ target: '#b', guard: broken }], SET: [{ actions: [{ type: 'assign', set: { limit: 9 } }] }] },
        after: [{ id: 't', delay: 'PT1H', then: [{ target: '#b', guard: broken }] }],
      },
      b: {},
    },
  }
  const started = (more: Partial<Plan> = {}) => {
    const trial = createTrial({ ...plan, ...more })
    trial.start()
    return trial
  }
  test('changes nothing but its incident, which keeps what was handed in; once it can be, it is done', () => {
    const trial = started()
    const before = trial.instance()
    trial.external('COME')
    const { incidents, seq, status, ...rest } = trial.instance()
    expect({ ...rest, incidents: [], seq: 1, status: 'running' }).toEqual(before)
    expect({ incidents, seq, status }).toMatchObject({
      seq: 2,
      status: 'held',
      incidents: [{ stimulus: { type: 'external', name: 'COME' } }],
    })
    trial.external('SET')
    trial.put({ type: 'retry', incident: incidentOf(trial), actor: operator })
    expect(trial.instance()).toMatchObject({ leaves: ['b'], incidents: [], status: 'running' })
  })
  test('a retry that fails again is told to the operator, and the one incident stays', () => {
    const trial = started()
    trial.external('COME')
    expect(trial.put({ type: 'retry', incident: incidentOf(trial), actor: operator })).toMatchObject({
      kind: 'rejected',
      code: 'GuardFailed',
    })
    expect(trial.instance().incidents).toHaveLength(1)
  })
  test('an operator may let it go', () => {
    const trial = started()
    trial.external('COME')
    trial.put({ type: 'resolve', incident: incidentOf(trial), output: null, actor: operator })
    expect(trial.instance()).toMatchObject({ leaves: ['a'], incidents: [], status: 'running' })
  })
  test('a timer does not fire for ever, and its retry fires it once', () => {
    const trial = started()
    trial.advance('PT2H')
    expect(trial.instance()).toMatchObject({ timers: [], incidents: [{ stimulus: { type: 'timer' } }] })
    trial.external('SET')
    trial.put({ type: 'retry', incident: incidentOf(trial), actor: operator })
    expect(trial.instance().leaves).toEqual(['b'])
  })
  test('a timer’s incident goes with its state', () => {
    const trial = started({
      states: { ...plan.states, a: { ...plan.states['a'], on: { COME: [{ target: '#a', reenter: true }] } } },
    })
    trial.advance('PT1H')
    trial.external('COME')
    expect(trial.instance()).toMatchObject({ incidents: [], timers: [{ key: 'a/t' }], status: 'running' })
  })
  test('a result is not asked for again, and its incident can be given another', () => {
    const trial = createTrial({
      events,
      states: {
        a: {
          invoke: [
            {
              id: 'call',
              activity: 'x',
              onDone: [{ target: '#b', guard: { fact: 'output', path: '$.n', operator: 'greaterThan', value: 1 } }],
            },
          ],
        },
        b: {},
      },
    })
    trial.start()
    trial.done('call', { wrong: true })
    expect(trial.instance()).toMatchObject({
      leaves: ['a'],
      invocations: [{ status: 'settled' }],
      incidents: [{ kind: 'guard', stimulus: { type: 'done' } }],
    })
    expect(
      trial.put({ type: 'resolve', incident: incidentOf(trial), output: { n: 'x' }, actor: operator }),
    ).toMatchObject({ code: 'GuardFailed' })
    trial.put({ type: 'resolve', incident: incidentOf(trial), output: { n: 2 }, actor: operator })
    expect(trial.instance()).toMatchObject({ leaves: ['b'], incidents: [], invocations: [] })
  })
  test('a kept success is undone when its state is left without it', () => {
    const trial = createTrial({
      events,
      states: {
        a: {
          on: { COME: [{ target: '#b' }] },
          invoke: [
            { id: 'call', activity: 'x', compensate: { activity: 'undo' }, onDone: [{ target: '#b', guard: broken }] },
          ],
        },
        b: {},
      },
    })
    trial.start()
    trial.done('call')
    trial.external('COME')
    expect(trial.instance()).toMatchObject({ leaves: ['b'], incidents: [], invocations: [], status: 'compensating' })
    expect(trial.drain()).toEqual(['undo'])
  })
  test('whoever was handed in, but is not wanted any more, closes the incident', () => {
    const trial = started({
      states: { a: { on: { COME: [{ target: '#b', guard: broken }], SET: [{ target: '#b' }] } }, b: {} },
    })
    trial.external('COME')
    trial.external('SET')
    expect(trial.put({ type: 'retry', incident: incidentOf(trial), actor: operator }).kind).toBe('moved')
    expect(trial.instance().incidents).toEqual([])
  })
  test('facts that cannot be had become an incident by the driver’s word', () => {
    const trial = started()
    trial.put({
      type: 'fault',
      stimulus: { type: 'timer', key: 'a/t' },
      error: { type: 'NoFacts', message: 'crm is down' },
    })
    expect(trial.instance()).toMatchObject({
      timers: [],
      incidents: [{ kind: 'guard', place: 'a', error: { type: 'NoFacts' }, stimulus: { key: 'a/t' } }],
    })
  })
  test('an endless loop is an incident `loop`, and nothing else has changed', () => {
    const trial = createTrial({
      events,
      given: { n: 0 },
      states: {
        a: { on: { COME: [{ target: '#b', actions: [{ type: 'assign', set: { n: 1 } }] }] } },
        b: { always: [{ target: '#c' }] },
        c: { always: [{ target: '#b' }] },
      },
    })
    trial.start()
    const before = trial.instance()
    trial.external('COME')
    const { incidents, ...rest } = trial.instance()
    expect({ ...rest, seq: 1, status: 'running', incidents: [] }).toEqual(before)
    expect(incidents).toMatchObject([{ kind: 'loop', error: { type: 'Loop', message: 'more than 100 microsteps' } }])
  })
  test('the bound is the definition’s own: as many microsteps as it allows are taken', () => {
    const steps = (maxMicrosteps: number) => {
      const chain = Object.fromEntries(
        Array.from({ length: 5 }, (_, i) => [`s${i}`, { always: [{ target: `#s${i + 1}` }] }]),
      )
      const trial = createTrial({ limits: { maxMicrosteps }, states: { ...chain, s5: {} } })
      trial.start()
      return trial.instance()
    }
    expect(steps(5).leaves).toEqual(['s5'])
    expect(steps(4)).toMatchObject({ leaves: [], incidents: [{ kind: 'loop', place: 'start' }] })
  })
  test('a state that is entered more often than the definition allows is an incident; an operator may move there all the same', () => {
    const trial = createTrial({
      events: { ...events, HOP: { kind: 'user' } },
      limits: { maxVisits: 2 },
      states: {
        a: { on: { COME: [{ target: '#b' }], HOP: [{ target: '#b', allow: byClerk }] } },
        b: { on: { COME: [{ target: '#a' }] } },
      },
    })
    trial.start()
    for (const _ of [1, 2, 3]) trial.external('COME')
    expect(trial.instance()).toMatchObject({ leaves: ['b'], status: 'running' })
    trial.external('COME')
    expect(trial.instance()).toMatchObject({
      leaves: ['b'],
      status: 'held',
      incidents: [{ kind: 'loop', error: { message: expect.stringContaining('limits.maxVisits') } }],
    })
    trial.put({ type: 'move', target: '#a', actor: operator })
    expect(trial.instance()).toMatchObject({ leaves: ['a'], status: 'running', incidents: [] })
    expect(trial.user('HOP')).toBe('GuardFailed')
  })
  test('a start that could not be finished is started again by a retry', () => {
    const trial = createTrial({
      context: { schema: { type: 'object', properties: { n: { type: 'integer' } } } },
      given: { n: 'x' },
      states: { a: {} },
    })
    trial.start()
    expect(trial.instance()).toMatchObject({
      leaves: [],
      incidents: [{ place: 'start', error: { type: 'BadContext' } }],
    })
    expect(trial.put({ type: 'retry', incident: incidentOf(trial), actor: operator })).toMatchObject({
      code: 'BadInput',
    })
  })
  test('a second start is nothing', () => {
    const trial = started()
    expect(trial.put({ type: 'start' })).toEqual({ kind: 'ignored', reason: 'stale' })
  })
})

describe('the order’s own data', () => {
  const set = (value: { $event: string }) => [
    { allow: byClerk, actions: [{ type: 'assign' as const, set: { n: value, other: 1 } }] },
  ]
  const plan: Plan = {
    context: {
      schema: {
        type: 'object',
        additionalProperties: false,
        properties: { n: {}, other: { type: 'integer' }, word: { type: 'string' } },
      },
    },
    events: { GO: { kind: 'user', payload: true }, COME: { kind: 'external', payload: true } },
    states: {
      a: {
        on: { GO: set({ $event: '$.n' }), COME: [{ actions: [{ type: 'assign', set: { word: { $event: '$.n' } } }] }] },
      },
    },
  }
  test('what breaks their schema is refused whole; from outside it is an incident', () => {
    const trial = createTrial({
      ...plan,
      states: {
        a: {
          on: {
            GO: [
              {
                allow: byClerk,
                actions: [
                  { type: 'assign', set: { word: 'kept?' } },
                  { type: 'assign', set: { other: 'no number' } },
                ],
              },
            ],
            COME: plan.states['a']?.on?.['COME'] ?? [],
          },
        },
      },
    })
    trial.start()
    expect(trial.user('GO', {})).toBe('BadInput')
    expect(trial.instance().context).toEqual({})
    trial.external('COME', { n: 5 })
    expect(trial.instance()).toMatchObject({ status: 'held', incidents: [{ error: { type: 'BadContext' } }] })
    expect(trial.instance().context).toEqual({})
  })
  test('they may not exceed 128 KB, counted in bytes', () => {
    const trial = createTrial(plan)
    trial.start()
    expect(trial.user('GO', { n: 'a'.repeat(131_000) })).toBe('moved')
    expect(trial.user('GO', { n: 'a'.repeat(131_072) })).toBe('BadInput')
    expect(trial.user('GO', { n: 'س'.repeat(70_000) })).toBe('BadInput')
  })
  test('an expression that means nothing is a fault of the step, not of the engine', () => {
    const trial = createTrial({
      events: { COME: { kind: 'external', payload: true } },
      states: {
        a: {
          on: {
            COME: [
              {
                actions: [
                  { type: 'assign', set: { at: { $fn: ['plusDuration', { $event: '$.at' }, { $event: '$.by' }] } } },
                ],
              },
            ],
          },
        },
      },
    })
    trial.start()
    for (const payload of [
      {},
      { at: 'noon', by: 'P1D' },
      { at: '2026-01-01', by: 'tomorrow' },
      { at: '+275760-09-12T00:00:00Z', by: 'P90Y' },
    ])
      trial.external('COME', payload)
    expect(trial.instance().incidents.map(({ error }) => error.type)).toEqual(Array(4).fill('BadExpression'))
  })
})

describe('move by hand', () => {
  const plan: Plan = {
    events,
    states: {
      a: {
        exit: [{ type: 'run', activity: 'exit' }],
        on: { COME: [{ guard: broken }] },
        entry: [{ type: 'run', activity: 'x' }],
      },
      both: {
        type: 'parallel',
        order: ['p', 'q'],
        states: {
          p: { initial: 'one', states: { one: {}, two: {} } },
          q: { initial: 'one', states: { one: {}, two: {} } },
        },
      },
    },
  }
  test('leaves everything with its exit actions, enters the target with all that belongs to it, and closes the incidents', () => {
    const trial = createTrial(plan)
    trial.start()
    trial.external('COME')
    const [call] = trial.instance().queue
    trial.put({ type: 'callFailed', key: call?.key ?? '', error: { type: 'Down', message: 'x' } })
    expect(trial.instance().incidents).toHaveLength(2)
    trial.put({ type: 'move', target: '#both.q.two', actor: operator })
    expect(trial.instance()).toMatchObject({ leaves: ['both.p.one', 'both.q.two'], incidents: [], status: 'running' })
    expect(trial.drain()).toEqual(['exit'])
    expect(trial.report()).toBeDefined()
  })
  test('to a state that is not there does nothing', () => {
    const trial = createTrial(plan)
    trial.start()
    expect(trial.put({ type: 'move', target: '#nowhere', actor: operator })).toEqual({
      kind: 'ignored',
      reason: 'unknown',
    })
  })
})
