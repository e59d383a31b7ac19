import { describe, expect, test } from '@jest/globals'
import type { Condition } from '../../format.ts'
import { offersOf } from '../offer.ts'
import { standingOf } from '../standing.ts'
import { byClerk, clerk, createTrial, type Plan, person, startMs } from './trial.ts'

const isTrue = (path: string): Condition => ({ fact: 'ctx', path, operator: 'equal', value: true })
const credit: Condition = { fact: 'credit', path: '$.ok', operator: 'equal', value: true }
const user = { kind: 'user' } as const

const plan: Plan = {
  facts: { credit: { source: 'x', query: 'credit', type: true } },
  events: {
    OPEN: user,
    CLOSED: user,
    FORM: user,
    ASK: user,
    INNER: user,
    OUTSIDE: { kind: 'external' },
    ELSEWHERE: user,
  },
  given: { yes: true, no: false },
  states: {
    g: {
      stage: 'sales',
      tmfState: 'inProgress',
      tags: ['group'],
      initial: 'a',
      on: { INNER: [{ target: '#z', allow: byClerk }] },
      states: {
        a: {
          owner: 'clerk',
          tags: ['leaf'],
          sla: [{ id: 's', within: 'PT8H', steps: [{ at: 100, assignTo: 'chief' }] }],
          on: {
            OPEN: [{ target: '#z', allow: byClerk, guard: isTrue('$.yes') }],
            CLOSED: [{ target: '#z', allow: byClerk, guard: { all: [isTrue('$.no'), credit] } }],
            FORM: [
              {
                target: '#z',
                allow: byClerk,
                guard: { fact: 'event', path: '$.n', operator: 'greaterThan', value: 3 },
              },
            ],
            ASK: [{ target: '#z', allow: byClerk, guard: credit }],
            INNER: [{ target: '#z', allow: [{ role: 'chief' }] }],
            OUTSIDE: [{ target: '#z' }],
          },
        },
      },
    },
    z: { on: { ELSEWHERE: [{ allow: byClerk }] } },
  },
}
const offers = (actor = clerk, facts = {}) => {
  const trial = createTrial(plan)
  trial.start()
  const found = offersOf(trial.chart, trial.instance(), actor, facts, startMs)
  return { why: Object.fromEntries(found.offers.map(({ event, why }) => [event, why])), found, trial }
}

describe('buttons', () => {
  test('an event is offered if a candidate is true or unknown for this actor, else with every leaf that was read', () => {
    const { why, found } = offers()
    expect(why).toEqual({ ASK: 'offered', CLOSED: 'guardFalse', FORM: 'offered', INNER: 'notAllowed', OPEN: 'offered' })
    expect(found.offers.find(({ event }) => event === 'CLOSED')).toMatchObject({
      offered: false,
      reasons: [
        {
          candidate: 'g.a:CLOSED[0]',
          truth: 'false',
          leaves: [
            { path: '$.no', actual: false, result: 'false' },
            { fact: 'credit', result: 'unknown' },
          ],
        },
      ],
      allow: ['clerk@subtree'],
    })
    expect(found.needs).toEqual([{ key: 'credit({})', name: 'credit', source: 'x', query: 'credit', params: {} }])
  })
  test('with facts, what was unknown is decided', () => {
    expect(offers(clerk, { 'credit({})': { value: { ok: false }, atMs: startMs } }).why).toMatchObject({
      ASK: 'guardFalse',
    })
  })
  test('a candidate further out does not count where an inner one would be taken', () => {
    expect(offers(person('x', 'chief', 'subtree')).why).toMatchObject({ INNER: 'offered', OPEN: 'notAllowed' })
    expect(offers().why['INNER']).toBe('notAllowed')
    expect(offers().trial.user('INNER')).toBe('Forbidden')
  })
  test('what is offered without conditions is also taken', () => {
    expect(offers().trial.user('OPEN')).toBe('moved')
  })
  test('an ended order offers nothing', () => {
    const trial = createTrial({
      events: { GO: user },
      states: { a: { type: 'final', outcome: 'ok' } },
      on: { GO: [{ allow: byClerk }] },
    })
    trial.start()
    expect(offersOf(trial.chart, trial.instance(), clerk, {}, startMs)).toEqual({ offers: [], needs: [] })
  })
})

describe('where an order stands', () => {
  test('stage, TM Forum state, owner, tags and due time of the active states; an escalation changes the owner, an incident the state', () => {
    const { trial } = offers()
    expect(standingOf(trial.chart, trial.instance())).toEqual({
      stage: 'sales',
      tmfState: 'inProgress',
      owners: ['clerk'],
      dueAt: '2026-07-04T14:00:00.000Z',
      tags: ['group', 'leaf'],
    })
    trial.advance('PT8H')
    expect(standingOf(trial.chart, trial.instance()).owners).toEqual(['chief'])
    trial.put({ type: 'fault', stimulus: { type: 'timer', key: 'g.a/x' }, error: { type: 'NoFacts', message: '' } })
    expect(standingOf(trial.chart, trial.instance()).tmfState).toBe('held')
  })
})
