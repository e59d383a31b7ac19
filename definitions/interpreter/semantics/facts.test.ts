import { describe, expect, test } from '@jest/globals'
import type { Condition } from '../../format.ts'
import type { FactSnapshots } from '../instance.ts'
import { byClerk, clerk, createTrial, type Plan } from './trial.ts'

const fact = (name: string, maxAge?: string) => ({
  source: 'crm',
  query: name,
  params: { id: { $ctx: '$.id' } },
  type: true,
  ...(maxAge === undefined ? {} : { maxAge }),
})
const truthOf = (name: string): Condition => ({ fact: name, path: '$.ok', operator: 'equal', value: true })
const label = { en: 'x', fa: 'x' }

const plan: Plan = {
  facts: { credit: fact('credit'), standing: fact('standing', 'PT5M'), other: fact('other') },
  events: { GO: { kind: 'user' }, COME: { kind: 'external' }, FORM: { kind: 'user', form: 'form' } },
  forms: {
    form: {
      schema: { type: 'object' },
      steps: [{ id: 'a', label, fields: [] }],
      validate: [{ that: truthOf('credit'), message: { en: 'no credit', fa: 'x' } }],
    },
  },
  given: { id: 7, flag: false },
  states: {
    a: {
      on: {
        GO: [
          { target: '#b', guard: truthOf('credit'), allow: byClerk },
          { target: '#c', guard: truthOf('standing'), allow: byClerk },
        ],
        COME: [{ guard: truthOf('standing') }, { target: '#c' }],
        FORM: [{ target: '#b', allow: byClerk }],
      },
    },
    b: {},
    c: {},
  },
}
const started = (more: Partial<Plan> = {}) => {
  const trial = createTrial({ ...plan, ...more })
  trial.start()
  return trial
}
const go = { type: 'user', name: 'GO', payload: null, actor: clerk } as const
const come = { type: 'external', name: 'COME', payload: null } as const
const answers = (atMs: number, values: Record<string, boolean>): FactSnapshots =>
  Object.fromEntries(Object.entries(values).map(([name, ok]) => [`${name}({"id":7})`, { value: { ok }, atMs }]))

describe('facts', () => {
  test('what the candidates of an event can read is asked for at once, with parameters, and nothing changes', () => {
    const trial = started()
    expect(trial.put(go)).toEqual({
      kind: 'needs',
      facts: [
        { key: 'credit({"id":7})', name: 'credit', source: 'crm', query: 'credit', params: { id: 7 } },
        { key: 'standing({"id":7})', name: 'standing', source: 'crm', query: 'standing', params: { id: 7 } },
      ],
    })
    expect(trial.instance().seq).toBe(1)
  })
  test('with the answers the step is made, and the values read are kept with it', () => {
    const trial = started()
    expect(trial.put(go, answers(trial.nowMs(), { credit: false, standing: true })).kind).toBe('moved')
    expect(trial.instance().leaves).toEqual(['c'])
    expect(trial.report().trace).toMatchObject([
      { candidate: 'a:GO[0]', truth: 'false', leaves: [{ fact: 'credit', actual: false }] },
      { candidate: 'a:GO[1]', truth: 'true', leaves: [{ fact: 'standing', actual: true }] },
    ])
  })
  test('a fact that cannot matter is not fetched', () => {
    const trial = started({
      states: {
        a: {
          on: {
            GO: [
              {
                target: '#b',
                allow: byClerk,
                guard: { all: [{ fact: 'ctx', path: '$.flag', operator: 'equal', value: true }, truthOf('credit')] },
              },
            ],
          },
        },
        b: {},
      },
    })
    expect(trial.user('GO')).toBe('GuardFailed')
  })
  test('a snapshot serves until its maxAge has passed, and one without maxAge never serves twice', () => {
    const trial = started()
    trial.put(come, answers(trial.nowMs(), { standing: true }))
    trial.sleep('PT4M')
    expect(trial.put(come).kind).toBe('moved')
    trial.sleep('PT61S')
    expect(trial.put(come)).toMatchObject({ kind: 'needs', facts: [{ name: 'standing' }] })

    const strict = started({ states: { a: { on: { COME: [{ guard: truthOf('credit') }] } } } })
    strict.put(come, answers(strict.nowMs(), { credit: true }))
    strict.sleep('PT1S')
    expect(strict.put(come).kind).toBe('needs')
  })
  test('what was fetched for this very step is taken, although fetching it took time', () => {
    const trial = started()
    const facts = answers(trial.nowMs(), { credit: true, standing: true })
    trial.sleep('PT10M')
    expect(trial.put(go, facts).kind).toBe('moved')
  })
  test('a fact is another fact with other parameters', () => {
    const trial = started({ given: { id: 8, flag: false } })
    expect(trial.put(go, answers(trial.nowMs(), { credit: true })).kind).toBe('needs')
  })
  test('the own conditions of a form may read facts', () => {
    const trial = started()
    const form = { type: 'user', name: 'FORM', payload: {}, actor: clerk } as const
    expect(trial.put(form)).toMatchObject({ kind: 'needs', facts: [{ name: 'credit' }] })
    expect(trial.put(form, answers(trial.nowMs(), { credit: false }))).toMatchObject({
      code: 'BadInput',
      message: { en: 'no credit' },
    })
    expect(trial.put(form, answers(trial.nowMs(), { credit: true })).kind).toBe('moved')
  })
  test('an eventless guard asks too, and the whole step waits', () => {
    const trial = started({
      states: {
        a: { on: { COME: [{ target: '#b' }] } },
        b: { always: [{ target: '#c', guard: truthOf('credit') }] },
        c: {},
      },
    })
    expect(trial.put(come).kind).toBe('needs')
    expect(trial.instance().leaves).toEqual(['a'])
    trial.put(come, answers(trial.nowMs(), { credit: true }))
    expect(trial.instance().leaves).toEqual(['c'])
  })
})

describe('a guard that cannot be evaluated is never false', () => {
  const broken: Condition = { fact: 'ctx', path: '$.nothing', operator: 'greaterThan', value: 3 }
  const states = {
    a: {
      on: {
        GO: [
          { target: '#b', guard: broken, allow: byClerk },
          { target: '#c', allow: byClerk },
        ],
        COME: [{ target: '#b', guard: broken }, { target: '#c' }],
      },
    },
    b: {},
    c: {},
  }

  test('for a person it is a refusal', () => {
    const trial = started({ states })
    expect(trial.user('GO')).toBe('GuardFailed')
    expect(trial.last()).toMatchObject({ reasons: [{ truth: 'error', leaves: [{ result: 'error', actual: null }] }] })
    expect(trial.instance().seq).toBe(1)
  })
  test('for everything else it is an incident: the default branch is not taken', () => {
    const trial = started({ states })
    trial.external('COME')
    expect(trial.instance()).toMatchObject({
      leaves: ['a'],
      status: 'held',
      incidents: [{ kind: 'guard', place: 'a', error: { type: 'GuardError' } }],
    })
  })
  test('nor is a fact that nobody declared', () => {
    const undeclared: Condition = { fact: 'ghost', operator: 'equal', value: 1 }
    const trial = started({
      states: { a: { on: { COME: [{ target: '#b', guard: undeclared }, { target: '#c' }] } }, b: {}, c: {} },
    })
    trial.external('COME')
    expect(trial.instance()).toMatchObject({ leaves: ['a'], status: 'held' })
  })
  test('a candidate before it that is true is taken all the same', () => {
    const trial = started({
      states: {
        a: {
          on: {
            COME: [
              { target: '#c', guard: { fact: 'ctx', path: '$.id', operator: 'equal', value: 7 } },
              { target: '#b', guard: broken },
            ],
          },
        },
        b: {},
        c: {},
      },
    })
    trial.external('COME')
    expect(trial.instance().leaves).toEqual(['c'])
  })
})
