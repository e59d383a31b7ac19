import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Engine } from 'json-rules-engine'
import type { Json } from '../domain/json.ts'
import { conflictsOf } from './conflicts.ts'
import { builtInDimensions } from './dimensions.ts'
import { operators } from './operators.ts'
import { type Conditions, readRules } from './price-rule.ts'
import { createRuleBook, holds } from './rule-book.ts'

const when = (fact: string, operator: string, value: Json): Json => ({ fact, operator, value })
const rule = (name: string, conditions: Json[], event: Json = off('10'), priority = 1): Json => ({
  name,
  priority,
  conditions: { all: conditions },
  event,
})
const off = (percent: string, stacking = 'exclusive'): Json => ({ type: 'discount', params: { stacking, percent } })
const terminal = (...gateways: string[]): Json => ({ type: 'terminal', params: { gateways } })
const read = (...rules: Json[]) => readRules(rules, builtInDimensions)
const tree: Record<string, string[]> = {
  hq: ['hq'],
  tehran: ['hq', 'tehran'],
  arya: ['hq', 'tehran', 'arya'],
  shiraz: ['hq', 'shiraz'],
}
const found = (...rules: Json[]) =>
  conflictsOf(read(...rules), (id) => tree[id], 2026).map(({ kind, rule, other }) => [kind, rule, other])

describe('reading rules', () => {
  test.each([
    [rule('', []), '$.rules[0].name'],
    [rule('a', [when('colour', 'equal', 'red')]), '$.rules[0].conditions.all[0].fact'],
    [rule('a', [when('city', 'resembles', 'x')]), '$.rules[0].conditions.all[0].operator'],
    [rule('a', [when('city', 'lessThan', 5)]), '$.rules[0].conditions.all[0].operator'],
    [rule('a', [when('amount', 'lessThan', 1.5)]), '$.rules[0].conditions.all[0].value'],
    [rule('a', [when('at', 'inWindow', { calendar: 'jalali', from: '13-01' })]), '$.rules[0].conditions.all[0].value'],
    [rule('a', [{ ...(when('city', 'equal', 'x') as object), path: '$.x' }]), '$.rules[0].conditions.all[0].path'],
    [rule('a', [], off('101')), '$.rules[0].event.params.percent'],
    [rule('a', [], off('10', 'sideways')), '$.rules[0].event.params.stacking'],
    [rule('a', [], { type: 'explode' }), '$.rules[0].event.type'],
  ])('%j is refused at its place', (json, place) => {
    expect(() => readRules([json], builtInDimensions)).toThrow(expect.objectContaining({ code: 'BadRule', place }))
  })
  test('a name that is there twice is refused', () => {
    expect(() => read(rule('a', []), rule('a', []))).toThrow('BadRule at $.rules[1].name')
  })
})

describe('asking rules (BR1–BR7)', () => {
  const facts = {
    city: 'tehran',
    agent: ['hq', 'tehran', 'arya'],
    amount: 1_000,
    at: Date.parse('2026-03-21T09:00:00Z'),
    group: ['students'],
  }
  test.each([
    ['an agent’s rule holds for all below him', when('agent', 'contains', 'tehran'), true],
    ['and for nobody beside him', when('agent', 'contains', 'shiraz'), false],
    ['a group', when('group', 'contains', 'students'), true],
    ['Nowruz', when('at', 'inWindow', { calendar: 'jalali', from: '01-01', to: '01-13' }), true],
    ['hours of Tehran', when('at', 'inWindow', { calendar: 'gregorian', hours: '12:00-13:00' }), true],
    ['an amount', when('amount', 'greaterThanInclusive', 1_001), false],
    ['what nobody said', when('campaign', 'equal', 'x'), false],
  ])('%s', async (_, condition, matched) => {
    const [told] = await createRuleBook(read(rule('r', [condition]))).consider(facts)
    expect(told?.matched).toBe(matched)
    const { fact, operator } = condition as { fact: string; operator: string }
    expect(told?.why).toEqual([expect.objectContaining({ dimension: fact, operator, holds: matched })])
  })
  test('why tells the conditions that decided, with the facts that they met', async () => {
    const json = rule('r', [when('city', 'equal', 'tehran'), { not: when('amount', 'lessThan', 2_000) }])
    const [told] = await createRuleBook(read(json)).consider(facts)
    expect(told).toMatchObject({
      matched: false,
      why: [{ dimension: 'amount', actual: 1_000, value: 2_000, holds: true }],
    })
  })
  test('200 rules are asked about a line within 20 ms', async () => {
    const many = Array.from({ length: 200 }, (_, i) =>
      rule(`r${i}`, [
        when('city', 'in', ['a', 'b', `c${i}`]),
        when('amount', 'greaterThan', i),
        when('agent', 'contains', 'tehran'),
      ]),
    )
    const book = createRuleBook(read(...many))
    const times: number[] = []
    for (let i = 0; i < 60; i++) {
      const start = performance.now()
      await book.consider(facts)
      times.push(performance.now() - start)
    }
    // The median: other tests share the processor.
    expect(times.sort((a, b) => a - b)[30]).toBeLessThan(20)
  })
})

describe('the operators and json-rules-engine', () => {
  const leaf = fc.oneof(
    fc.record({
      fact: fc.constant('city'),
      operator: fc.constantFrom('equal', 'notEqual'),
      value: fc.constantFrom('x', 'y', null),
    }),
    fc.record({
      fact: fc.constant('city'),
      operator: fc.constantFrom('in', 'notIn'),
      value: fc.array(fc.constantFrom('x', 'y'), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      fact: fc.constant('group'),
      operator: fc.constantFrom('contains', 'doesNotContain'),
      value: fc.constantFrom('g', 'h'),
    }),
    fc.record({
      fact: fc.constant('amount'),
      operator: fc.constantFrom('lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive', 'equal'),
      value: fc.integer({ min: 0, max: 3 }),
    }),
  )
  const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc.record({ all: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ not: tie('tree') }),
    ),
  }))
  const facts = fc.record({
    city: fc.constantFrom('x', 'y', 'z', null),
    group: fc.subarray(['g', 'h']),
    amount: fc.constantFrom(0, 1, 2, 3, null),
  })
  test('answer any conditions on any facts alike', async () => {
    await fc.assert(
      fc.asyncProperty(tree, facts, async (node, given) => {
        const [read1] = read({ name: 'r', conditions: { all: [node] }, event: off('1') })
        const engine = new Engine([], { allowUndefinedFacts: true, pathResolver: (value) => value })
        for (const [word, { holds: is }] of Object.entries(operators)) engine.addOperator<Json, Json>(word, is)
        engine.addRule({ name: 'r', conditions: read1!.conditions, event: { type: 'x' } })
        const { results } = await engine.run(given)
        expect(holds(read1!.conditions as Conditions, given)).toBe(results.length === 1)
      }),
      { numRuns: 300 },
    )
  })
})

describe('conflicts', () => {
  test('a rule that never matches is found: amounts, values, branches of the tree, windows', () => {
    expect(found(rule('a', [when('amount', 'greaterThan', 5), when('amount', 'lessThan', 6)]))).toEqual([
      ['never', 'a', null],
    ])
    expect(found(rule('a', [when('amount', 'greaterThan', 5), when('amount', 'lessThan', 7)]))).toEqual([])
    expect(found(rule('a', [when('city', 'equal', 'x'), when('city', 'notIn', ['x', 'y'])]))).toEqual([
      ['never', 'a', null],
    ])
    expect(found(rule('a', [when('agent', 'contains', 'arya'), when('agent', 'contains', 'shiraz')]))).toEqual([
      ['never', 'a', null],
    ])
    expect(found(rule('a', [when('agent', 'contains', 'arya'), when('agent', 'contains', 'tehran')]))).toEqual([])
    const window = (from: string, to: string) => when('at', 'inWindow', { calendar: 'jalali', from, to })
    expect(found(rule('a', [window('01-01', '01-05'), window('01-06', '01-10')]))).toEqual([['never', 'a', null]])
    expect(found(rule('a', [window('01-01', '01-06'), window('01-06', '01-10')]))).toEqual([])
  })
  test('a rule whose every case a stronger one takes is shadowed', () => {
    const small = rule('small', [when('city', 'equal', 'x'), when('amount', 'greaterThan', 100)], off('5'))
    expect(found(small, rule('big', [when('city', 'in', ['x', 'y'])], off('10')))).toEqual([
      ['shadowed', 'small', 'big'],
    ])
    expect(found(small, rule('big', [when('city', 'in', ['y', 'z'])], off('10')))).toEqual([])
    expect(
      found(
        rule('child', [when('agent', 'contains', 'arya')], off('5')),
        rule('parent', [when('agent', 'contains', 'tehran')], off('6')),
      ),
    ).toEqual([['shadowed', 'child', 'parent']])
    expect(found(rule('a', [], off('5', 'additive')), rule('b', [], off('10', 'additive')))).toEqual([])
  })
  test('rules of equal rank that answer the same case differently overlap', () => {
    const a = rule('a', [when('product', 'in', ['p', 'q'])], terminal('mellat'))
    expect(found(a, rule('b', [when('product', 'equal', 'q')], terminal('zarinpal')))).toEqual([['overlaps', 'a', 'b']])
    expect(found(a, rule('b', [when('product', 'equal', 'r')], terminal('zarinpal')))).toEqual([])
  })
  test('whatever is said to never match matches no facts that are tried', async () => {
    const atom = fc.oneof(
      fc.record({
        fact: fc.constant('city'),
        operator: fc.constantFrom('equal', 'notEqual'),
        value: fc.constantFrom('x', 'y'),
      }),
      fc.record({
        fact: fc.constant('amount'),
        operator: fc.constantFrom('lessThan', 'greaterThan', 'equal', 'greaterThanInclusive'),
        value: fc.integer({ min: 0, max: 6 }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(atom, { minLength: 1, maxLength: 4 }), async (atoms) => {
        const json = rule('r', atoms)
        const never = found(json).length > 0
        const book = createRuleBook(read(json))
        let matched = false
        for (const city of ['x', 'y', 'z'])
          for (let amount = -1; amount <= 8; amount++)
            matched ||= (await book.consider({ city, amount }))[0]?.matched === true
        expect(never).toBe(!matched)
      }),
      { numRuns: 60 },
    )
  })
})
