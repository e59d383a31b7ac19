import { describe, expect, test } from '@jest/globals'
import { byClerk, clerk, createTrial, type Plan, person } from './trial.ts'

const user = { kind: 'user' } as const
const isBig = { fact: 'event', path: '$.amount', operator: 'greaterThan', value: 100 } as const
const label = { en: 'x', fa: 'x' }

const plan: Plan = {
  events: {
    ASK: user,
    APPROVE: user,
    PAY: { kind: 'user', form: 'pay' },
    NOTE: { kind: 'user', payload: { type: 'object', required: ['text'] } },
  },
  forms: {
    pay: {
      schema: { type: 'object', required: ['amount'], properties: { amount: { type: 'integer', minimum: 1 } } },
      steps: [{ id: 'one', label, fields: ['amount'] }],
      validate: [
        {
          that: { fact: 'event', path: '$.amount', operator: 'lessThan', value: 1000 },
          message: { en: 'too much', fa: 'زیاد' },
        },
      ],
    },
  },
  states: {
    open: {
      on: {
        ASK: [{ target: '#asked', allow: [{ role: 'clerk', scope: 'subtree' }] }],
        PAY: [
          { target: '#big', guard: isBig, allow: [{ role: 'chief' }] },
          { target: '#small', allow: byClerk },
        ],
        NOTE: [{ allow: byClerk }],
      },
    },
    asked: {
      on: {
        APPROVE: [
          {
            target: '#small',
            allow: [
              { role: 'clerk', notActorOf: 'ASK' },
              { role: 'chief', scope: 'any' },
            ],
          },
        ],
      },
    },
    big: {},
    small: {},
  },
}
const opened = () => {
  const trial = createTrial(plan)
  trial.start()
  return trial
}

describe('who may', () => {
  test('a role moves the order only with a scope that covers it', () => {
    const trial = opened()
    expect(trial.user('ASK', null, person('a', 'clerk', 'own', 'city'))).toBe('Forbidden')
    expect(trial.user('ASK', null, person('a', 'other', 'subtree'))).toBe('Forbidden')
    expect(trial.user('ASK', null, { id: 'a', roles: [] })).toBe('Forbidden')
    expect(trial.instance().seq).toBe(1)
    expect(trial.user('ASK', null, person('a', 'clerk', 'own', 'subtree'))).toBe('moved')
    expect(trial.report()).toMatchObject({ role: 'clerk', actor: { id: 'a' } })
  })

  test('a role held twice counts with all of its scopes', () => {
    const trial = opened()
    const actor = {
      id: 'a',
      roles: [
        { role: 'clerk', scopes: ['own' as const] },
        { role: 'clerk', scopes: ['subtree' as const] },
      ],
    }
    expect(trial.user('ASK', null, actor)).toBe('moved')
  })

  test('the scope `any` asks for the role alone', () => {
    const trial = opened()
    trial.user('ASK')
    expect(trial.user('APPROVE', null, person('boss', 'chief'))).toBe('moved')
  })

  test('nobody approves his own request, and the refusal says so', () => {
    const trial = opened()
    trial.user('ASK', null, person('a', 'clerk', 'subtree'))
    expect(trial.user('APPROVE', null, person('a', 'clerk', 'subtree'))).toBe('Forbidden')
    expect(trial.last()).toMatchObject({
      reasons: [{ truth: 'notAllowed', allow: ['clerk@subtree, not the actor of ASK', 'chief@any'] }],
    })
    expect(trial.user('APPROVE', null, person('b', 'clerk', 'subtree'))).toBe('moved')
  })

  test('four eyes look at the last actor of the event', () => {
    const trial = createTrial({
      ...plan,
      states: {
        open: { on: { ASK: [{ allow: byClerk }], APPROVE: [{ allow: [{ role: 'clerk', notActorOf: 'ASK' }] }] } },
      },
    })
    trial.start()
    trial.user('ASK', null, person('a', 'clerk', 'subtree'))
    trial.user('ASK', null, person('b', 'clerk', 'subtree'))
    expect(trial.user('APPROVE', null, person('b', 'clerk', 'subtree'))).toBe('Forbidden')
    expect(trial.user('APPROVE', null, person('a', 'clerk', 'subtree'))).toBe('moved')
  })

  test('the guard chooses the candidate, and the permission is asked of that one: no laxer one behind it is taken', () => {
    const trial = opened()
    expect(trial.user('PAY', { amount: 500 })).toBe('Forbidden')
    expect(trial.last()).toMatchObject({ reasons: [{ allow: ['chief@subtree'] }] })
    expect(trial.instance().leaves).toEqual(['open'])
    expect(trial.user('PAY', { amount: 500 }, person('boss', 'chief', 'subtree'))).toBe('moved')
    expect(trial.instance().leaves).toEqual(['big'])
  })

  test('a transition that names nobody is open to nobody', () => {
    const trial = createTrial({ events: { GO: user }, states: { a: { on: { GO: [{ target: '#b' }] } }, b: {} } })
    trial.start()
    expect(trial.user('GO')).toBe('Forbidden')
  })

  test('in a parallel every region that reacts must allow it', () => {
    const region = (role: string) => ({
      states: { a: { on: { GO: [{ target: `#both.${role}.b`, allow: [{ role }] }] } }, b: {} },
      initial: 'a',
    })
    const trial = createTrial({
      events: { GO: user },
      states: {
        both: {
          type: 'parallel',
          order: ['clerk', 'chief'],
          states: { clerk: region('clerk'), chief: region('chief') },
        },
      },
    })
    trial.start()
    expect(trial.user('GO')).toBe('Forbidden')
    const both = { id: 'x', roles: [...clerk.roles, ...person('x', 'chief', 'subtree').roles] }
    expect(trial.user('GO', null, both)).toBe('moved')
    expect(trial.instance().leaves).toEqual(['both.clerk.b', 'both.chief.b'])
  })
})

describe('what may be handed in', () => {
  test('a form is checked before any guard, and says where', () => {
    const trial = opened()
    expect(trial.user('PAY', { amount: 0 })).toBe('BadInput')
    expect(trial.last()).toMatchObject({ reasons: [{ truth: 'badInput', candidate: '$.amount' }] })
    expect(trial.user('PAY', {})).toBe('BadInput')
    expect(trial.user('PAY')).toBe('BadInput')
  })
  test('a field that the form does not know is refused', () => {
    const trial = opened()
    expect(trial.user('PAY', { amount: 5, discount: 4 })).toBe('BadInput')
    expect(trial.user('PAY', { amount: 5 })).toBe('moved')
  })
  test('the own conditions of a form are asked after its schema', () => {
    const trial = opened()
    expect(trial.user('PAY', { amount: 1000 })).toBe('BadInput')
    expect(trial.last()).toMatchObject({ message: { en: 'too much' } })
  })
  test('an event without a form takes no input', () => {
    const trial = opened()
    expect(trial.user('ASK', { sneaky: 1 })).toBe('BadInput')
    expect(trial.user('ASK', {})).toBe('moved')
  })
  test('a payload schema is checked too', () => {
    const trial = opened()
    expect(trial.user('NOTE', {})).toBe('BadInput')
    expect(trial.user('NOTE', { text: 'x', more: 1 })).toBe('moved')
  })
  test('the input is not shown to who may not act at all', () => {
    expect(opened().user('PAY', { amount: 0 }, person('x', 'other', 'any'))).toBe('Forbidden')
  })
  test('an event of another system must be declared as external and fit its payload; a person cannot send it, nor it a person’s', () => {
    const trial = createTrial({
      events: {
        ASK: user,
        PAID: { kind: 'external', payload: { type: 'object', required: ['ref'] } },
        INNER: { kind: 'internal' },
      },
      states: {
        a: {
          on: { ASK: [{ target: '#b', allow: byClerk }], PAID: [{ target: '#b' }], INNER: [{ target: '#b' }] },
          invoke: [{ id: 'call', activity: 'x', onDone: [{ target: '#b' }] }],
        },
        b: {},
      },
    })
    trial.start()
    expect([
      trial.external('ASK'),
      trial.external('INNER'),
      trial.external('done:a/call'),
      trial.external('nothing'),
    ]).toEqual(Array(4).fill('ignored'))
    expect([trial.external('PAID', {}), trial.user('PAID', { ref: 1 }), trial.user('INNER')]).toEqual([
      'ignored',
      'NoSuchTransition',
      'NoSuchTransition',
    ])
    expect(trial.external('PAID', { ref: 1 })).toBe('moved')
  })
  test('a broken schema takes nothing, and does not break the order', () => {
    const trial = createTrial({
      events: {
        GO: { kind: 'user', payload: { type: 'object', properties: { a: { type: 'string', pattern: '(' } } } },
      },
      states: { a: { on: { GO: [{ target: '#b', allow: byClerk }] } }, b: {} },
    })
    trial.start()
    expect(trial.user('GO', { a: 'x' })).toBe('BadInput')
  })
})

describe('refusals', () => {
  test('an event that is unknown, or not possible here', () => {
    const trial = opened()
    expect(trial.user('NOTHING')).toBe('NoSuchTransition')
    expect(trial.user('constructor')).toBe('NoSuchTransition')
    expect(trial.user('APPROVE')).toBe('NoSuchTransition')
  })
  test('a person who looked at an older state is told so', () => {
    const trial = opened()
    expect(trial.put({ type: 'user', name: 'ASK', payload: null, actor: clerk, expectedSeq: 0 })).toMatchObject({
      kind: 'rejected',
      code: 'StaleSeq',
    })
    expect(trial.put({ type: 'user', name: 'ASK', payload: null, actor: clerk, expectedSeq: 1 }).kind).toBe('moved')
  })
  test('a false condition is refused with every leaf that was read, and its value', () => {
    const trial = createTrial({
      events: { GO: user },
      given: { a: 1, b: 5 },
      states: {
        a: {
          on: {
            GO: [
              {
                target: '#b',
                allow: byClerk,
                guard: {
                  all: [
                    { fact: 'ctx', path: '$.a', operator: 'equal', value: 2 },
                    { not: { fact: 'ctx', path: '$.b', operator: 'greaterThan', value: 3 } },
                  ],
                },
              },
            ],
          },
        },
        b: {},
      },
    })
    trial.start()
    expect(trial.user('GO')).toBe('GuardFailed')
    expect(trial.last()).toMatchObject({
      reasons: [
        {
          candidate: 'a:GO[0]',
          truth: 'false',
          leaves: [
            { fact: 'ctx', path: '$.a', operator: 'equal', expected: 2, actual: 1, result: 'false' },
            {
              fact: 'ctx',
              path: '$.b',
              operator: 'greaterThan',
              expected: 3,
              actual: 5,
              result: 'true',
              negated: true,
            },
          ],
        },
      ],
    })
  })
  test('an ended order takes nothing more from people, and ignores the others', () => {
    const trial = createTrial({
      events: { GO: user, LATE: { kind: 'external' } },
      states: { a: { on: { GO: [{ target: '#end', allow: byClerk }] } }, end: { type: 'final', outcome: 'ok' } },
      on: { LATE: [{ actions: [] }] },
    })
    trial.start()
    trial.user('GO')
    expect(trial.instance()).toMatchObject({ status: 'ended', outcome: 'ok', leaves: ['end'] })
    expect(trial.report().outcomeKind).toBe('success')
    expect(trial.user('GO')).toBe('Ended')
    expect(trial.external('LATE')).toBe('ignored')
  })
})
