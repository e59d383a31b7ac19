import { describe, expect, test } from '@jest/globals'
import type { Actor } from '../../domain/transition.ts'
import { calendars } from '../catalogue/calendars.ts'
import { smallOrder } from '../check/examples/small-order.ts'
import { compile } from '../compile.ts'
import type { Definition } from '../format.ts'
import { chartOf } from '../interpreter/chart.ts'
import type { Instance, Stimulus } from '../interpreter/instance.ts'
import { newInstance, step } from '../interpreter/step.ts'
import { explain } from './explain.ts'

const startMs = Date.parse('2026-05-02T06:00:00Z')
const sales: Actor = { id: 'ali', roles: [{ role: 'sales', scopes: ['subtree'] }] }
const nobody: Actor = { id: 'x', roles: [] }
const customer = {
  key: 'customer({"id":"C1"})',
  blocked: (blocked: boolean) => ({ value: { blocked }, atMs: startMs }),
}

function order(change: (definition: Definition) => void = () => undefined) {
  const definition = smallOrder()
  change(definition)
  const chart = chartOf(compile(definition, { calendars }, ''))
  let instance: Instance = newInstance({
    id: 'i',
    orderId: 'o',
    context: { customerId: 'C1', centreId: 'T1', phone: '1' },
    nowMs: startMs,
  })
  const facts = { [customer.key]: customer.blocked(false) }
  const go = (stimulus: Stimulus) => {
    const result = step(chart, instance, stimulus, facts, startMs)
    if (result.kind !== 'moved') throw new Error(result.kind)
    instance = result.instance
  }
  go({ type: 'start' })
  return {
    go,
    why: (actor: Actor, known: typeof facts = facts) => explain({ chart, definition }, instance, actor, known, startMs),
  }
}
/** CANCEL only for customers that are not blocked and not for one telephone. */
const guarded = (definition: Definition) => {
  const list = definition.states['waiting']?.on?.['CANCEL'] ?? []
  Object.assign(list[0] ?? {}, {
    guard: {
      all: [
        { condition: 'welcome' },
        { not: { fact: 'ctx', path: '$.phone', operator: 'equal', value: '1' } },
        { fact: 'event', path: '$.reason', operator: 'notEqual', value: '' },
      ],
    },
  })
}

describe('an explanation', () => {
  test('says of each transition every leaf of its guard, with what it read and expected, its permission and form', () => {
    const { transitions } = order(guarded).why(sales).explanation

    expect(transitions).toMatchObject([
      {
        event: 'CANCEL',
        state: 'waiting',
        position: 0,
        target: 'cancelled',
        offered: false,
        why: 'guardFalse',
        guard: {
          truth: 'false',
          leaves: [
            { fact: 'customer', path: '$.blocked', expected: false, actual: false, result: 'true' },
            { fact: 'ctx', path: '$.phone', expected: '1', actual: '1', result: 'true', negated: true },
            { fact: 'event', path: '$.reason', result: 'unknown' },
          ],
        },
        permission: { allowed: true, byRole: 'sales', allow: ['sales@subtree'] },
        form: { name: 'reason', required: ['reason'] },
      },
    ])
    expect(transitions[0]?.guard.leaves[1]?.words).toEqual({ en: 'not phone is "1"', fa: 'نه phone برابر است با «1»' })
  })

  test('leaves unknown what it has no facts for, and asks for them', () => {
    const { explanation, needs } = order(guarded).why(sales, {})

    expect(needs).toMatchObject([{ key: customer.key, source: 'crm' }])
    expect(explanation.transitions[0]?.guard.leaves[0]?.result).toBe('unknown')
  })

  test('tells who may, where the asker may not', () => {
    const [cancel] = order().why(nobody).explanation.transitions

    expect(cancel).toMatchObject({ offered: false, why: 'notAllowed', permission: { allowed: false, byRole: null } })
    expect(order().why(sales).explanation.transitions[0]).toMatchObject({ offered: true, why: 'offered' })
  })

  test('a candidate behind one that would be taken says so', () => {
    const { transitions } = order((d) =>
      d.states['waiting']?.on?.['CANCEL']?.push({ target: '#held', allow: [{ role: 'sales' }], otherwise: true }),
    ).why(sales).explanation

    expect(transitions.map(({ why }) => why)).toEqual(['offered', 'afterAnother'])
  })

  test('says for whom the order waits, until when, and what comes then', () => {
    const { waits, coming } = order().why(sales).explanation

    expect(waits.map(({ kind, until }) => [kind, until])).toEqual([
      ['people', coming[0]?.at],
      ['external', coming[0]?.at],
    ])
    expect(waits[0]?.message).toEqual({
      en: 'in "Waiting", waits for Sales: Cancel',
      fa: 'در «در انتظار پرداخت» منتظر فروش: لغو',
    })
    expect(coming).toMatchObject([
      {
        kind: 'timer',
        state: 'waiting',
        id: 'expire',
        targets: ['cancelled'],
        message: { en: 'from "Waiting" to Cancelled' },
      },
    ])
  })

  test('a call under way, an incident, and an end', () => {
    const { go, why } = order()
    go({ type: 'external', name: 'PAY', payload: null })
    expect(why(sales).explanation.waits).toMatchObject([
      { kind: 'call', state: 'reserving', for: { en: 'Reserve a port' } },
    ])

    go({ type: 'error', key: 'i/reservePort/1', error: { type: 'Broken', message: 'x' } })
    expect(why(sales).explanation.waits).toMatchObject([
      { kind: 'incident', state: 'reserving', for: { en: 'operations' } },
    ])

    go({ type: 'resolve', incident: '3-1', output: { portId: 'P1' }, actor: sales })
    expect(why(sales).explanation).toMatchObject({ outcome: 'done', transitions: [], waits: [], coming: [] })
  })

  test('changes nothing of the order', () => {
    const { why } = order(guarded)
    const before = JSON.stringify(why(sales))

    expect(JSON.stringify(why(sales))).toBe(before)
  })
})
