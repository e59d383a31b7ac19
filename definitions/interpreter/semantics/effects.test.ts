import { describe, expect, test } from '@jest/globals'
import type { Action, Notification } from '../../format.ts'
import { nextCall } from '../settle.ts'
import { byClerk, createTrial, office, operator, type Plan } from './trial.ts'

const events = { GO: { kind: 'user' }, COME: { kind: 'external' } } as const
const run = (activity: string, more: Partial<Extract<Action, { type: 'run' }>> = {}): Action => ({
  type: 'run',
  activity,
  ...more,
})
const go = (actions: Action[], more: Partial<Plan> = {}): Plan => ({
  events,
  states: { a: { on: { GO: [{ allow: byClerk, actions }] } } },
  ...more,
})
const gone = (plan: Plan) => {
  const trial = createTrial(plan)
  trial.start()
  trial.user('GO')
  return trial
}

describe('run', () => {
  test('effects are made in the order of the macrostep, one by one, with the input of that moment and a key of their own', () => {
    const trial = gone(
      go(
        [
          run('one', { input: { n: { $ctx: '$.n' } } }),
          { type: 'assign', set: { n: 2 } },
          run('two', { input: { n: { $ctx: '$.n' } } }),
        ],
        { given: { n: 1 } },
      ),
    )
    expect(trial.instance().queue).toMatchObject([
      { key: 'wf/fx/1', activity: 'one', input: { n: 1 } },
      { key: 'wf/fx/2', activity: 'two', input: { n: 2 } },
    ])
    expect(nextCall(trial.instance())?.activity).toBe('one')
    expect(trial.user('GO')).toBe('moved')
    expect(trial.instance().queue).toHaveLength(4)
    expect(trial.put({ type: 'callDone', key: 'wf/fx/9' })).toEqual({ kind: 'ignored', reason: 'stale' })
  })
  test('one that fails for good is an incident; those behind it go on', () => {
    const trial = gone(go([run('one'), run('two')]))
    trial.put({ type: 'callFailed', key: 'wf/fx/1', error: { type: 'Down', message: 'x'.repeat(900) } })
    expect(trial.instance()).toMatchObject({
      status: 'held',
      incidents: [{ kind: 'effect', place: 'one', error: { type: 'Down', message: 'x'.repeat(500) } }],
    })
    expect(trial.drain()).toEqual(['two'])
    trial.put({ type: 'retry', incident: trial.instance().incidents[0]?.id ?? '', actor: operator })
    expect(trial.drain()).toEqual(['one'])
    expect(trial.instance()).toMatchObject({ status: 'running', incidents: [], queue: [] })
  })
  test('unless the definition says to ignore it', () => {
    const trial = gone(go([run('one', { onFailure: 'ignore' })]))
    trial.put({ type: 'callFailed', key: 'wf/fx/1', error: { type: 'Down', message: '' } })
    expect(trial.instance()).toMatchObject({ status: 'running', incidents: [], queue: [] })
  })
  test('an order that has its outcome is held by an open incident, and ends when that is closed', () => {
    const trial = createTrial({
      events,
      states: {
        a: { on: { GO: [{ target: '#end', allow: byClerk }] } },
        end: { type: 'final', outcome: 'ok', entry: [run('last')] },
      },
    })
    trial.start()
    trial.user('GO')
    trial.put({ type: 'callFailed', key: 'wf/fx/1', error: { type: 'Down', message: '' } })
    expect(trial.instance()).toMatchObject({ outcome: 'ok', status: 'held' })
    trial.put({ type: 'resolve', incident: trial.instance().incidents[0]?.id ?? '', output: null, actor: operator })
    expect(trial.instance().status).toBe('ended')
  })
})

describe('start and signal', () => {
  test('go to the relay with the transition; a start is once per business key', () => {
    const trial = gone(
      go(
        [
          { type: 'start', process: 'sub', key: { $ctx: '$.order' }, input: { a: { $ctx: '$.order' } } },
          { type: 'signal', to: { $ctx: '$.to' }, event: 'PAID', payload: { n: 1 } },
        ],
        { given: { order: 'O7', to: 'wf-2' } },
      ),
    )
    expect(trial.report()).toMatchObject({
      effects: ['start:sub', 'signal:PAID'],
      outbox: [
        { key: 'wf/start/sub/O7', kind: 'start', process: 'sub', businessKey: 'O7', input: { a: 'O7' } },
        { key: 'wf/signal/1', kind: 'signal', workflowId: 'wf-2', event: 'PAID', payload: { n: 1 } },
      ],
    })
  })
  test.each([[null], [''], [{ a: 1 }], [true]])('nothing is started or signalled under the key %p', (order) => {
    const trial = createTrial(go([{ type: 'start', process: 'sub', key: { $ctx: '$.order' } }], { given: { order } }))
    trial.start()
    expect(trial.user('GO')).toBe('GuardFailed')
    const other = createTrial(go([{ type: 'signal', to: { $ctx: '$.order' }, event: 'PAID' }], { given: { order } }))
    other.start()
    expect(other.user('GO')).toBe('GuardFailed')
  })
})

describe('messages', () => {
  const message = (more: Partial<Notification> = {}): Notification => ({
    channels: ['sms'],
    template: 't',
    to: 'customer',
    ...more,
  })
  const telling = (notify: Notification[], more: Partial<Plan> = {}): Plan => ({
    events,
    states: {
      a: { on: { GO: [{ target: '#b', allow: byClerk }] } },
      b: { notify, on: { GO: [{ target: '#c', allow: byClerk }] } },
      c: {},
    },
    ...more,
  })
  const outbox = (trial: ReturnType<typeof gone>) => trial.report().outbox

  test('carry the data of that moment', () => {
    expect(outbox(gone(telling([message({ data: { n: { $ctx: '$.n' } } })], { given: { n: 3 } })))).toEqual([
      {
        key: 'wf/msg/1',
        kind: 'message',
        channels: ['sms'],
        template: 't',
        to: 'customer',
        data: { n: 3 },
        state: 'b',
      },
    ])
  })
  test('wait for their delay, in working time where they name a calendar', () => {
    const plan = telling([message({ delay: 'P1D' }), message({ delay: 'PT8H', calendar: 'cal' })], {
      calendars: { cal: 'office' },
      known: { office },
    })
    expect(outbox(gone(plan)).map(({ dueAt }) => dueAt)).toEqual([
      '2026-07-05T06:00:00.000Z',
      '2026-07-05T06:00:00.000Z',
    ])
  })
  test('without a delay wait for the opening of their calendar', () => {
    const trial = createTrial(
      telling([message({ calendar: 'cal' })], { calendars: { cal: 'office' }, known: { office } }),
    )
    trial.start()
    trial.sleep('PT14H')
    trial.user('GO')
    expect(outbox(trial)[0]?.dueAt).toBe('2026-07-05T04:30:00.000Z')
  })
  test('are sent only `when` their condition holds; one that cannot be decided stops the step', () => {
    const when = (value: number) =>
      message({ template: `t${value}`, when: { fact: 'ctx', path: '$.n', operator: 'equal', value } })
    expect(gone(telling([when(1), when(2)], { given: { n: 2 } })).report().effects).toEqual(['notify:t2'])
    const broken = createTrial(
      telling([message({ when: { fact: 'ctx', path: '$.n', operator: 'lessThan', value: 2 } })]),
    )
    broken.start()
    expect(broken.user('GO')).toBe('GuardFailed')
  })
  test('are taken back when their state is left, if they say so', () => {
    const trial = gone(telling([message({ delay: 'P1D', cancelOnExit: true }), message({ delay: 'P1D' })]))
    expect(trial.instance().pendingMessages).toEqual([{ key: 'wf/msg/1', state: 'b' }])
    trial.user('GO')
    expect(trial.report().cancel).toEqual(['wf/msg/1'])
    expect(trial.instance().pendingMessages).toEqual([])
  })
  test('of a state passed through never leave at all', () => {
    const trial = createTrial({
      events,
      states: {
        a: { on: { GO: [{ target: '#b', allow: byClerk }] } },
        b: { notify: [message({ cancelOnExit: true }), message({ template: 'stays' })], always: [{ target: '#c' }] },
        c: {},
      },
    })
    trial.start()
    trial.user('GO')
    expect(trial.report()).toMatchObject({ outbox: [{ template: 'stays' }], cancel: [] })
  })
  test('are taken back at the end', () => {
    const trial = createTrial({
      events,
      states: {
        a: { initial: 'x', notify: [message({ delay: 'P1D', cancelOnExit: true })], states: { x: {} } },
        end: { type: 'final', outcome: 'off' },
      },
    })
    trial.start()
    trial.put({ type: 'cancel' })
    expect(trial.report().cancel).toEqual(['wf/msg/1'])
  })
})
