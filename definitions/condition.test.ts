import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { Engine } from 'json-rules-engine'
import type { Json, JsonObject } from '../domain/json.ts'
import { type Evaluation, evaluate, type FactReader, factsOf, type LeafResult, type Truth } from './condition.ts'
import type { Condition, Leaf, Operator } from './format.ts'

const facts = ['a', 'b', 'c'] as const
const named = {
  big: { fact: 'a', path: '$.n', operator: 'greaterThan', value: 2 },
  both: { all: [{ condition: 'big' }, { fact: 'b', path: '$.s', operator: 'equal', value: 'x' }] },
} satisfies Record<string, Condition>

/** Paths by the type of what stands there, in every fact. */
const paths = { number: ['$.n', '$.deep.n'], text: ['$.s', '$.deep.s'], list: ['$.l'] } as const
const word = fc.constantFrom('x', 'y', 'z')
const small = fc.integer({ min: 0, max: 4 })
const scalar = fc.oneof(word, small, fc.boolean(), fc.constant(null))

const value = fc.record({
  n: small,
  s: fc.oneof(word, fc.constant(null)),
  l: fc.array(scalar, { maxLength: 3 }),
  deep: fc.record({ n: small, s: word }),
})
const world = fc.record({ a: value, b: value, c: value })

const leafOf = (
  operator: fc.Arbitrary<Operator>,
  path: readonly string[],
  right: fc.Arbitrary<Leaf['value']>,
): fc.Arbitrary<Condition> =>
  fc.record({ fact: fc.constantFrom(...facts), path: fc.constantFrom(...path), operator, value: right })
const reference = (path: readonly string[]) =>
  fc.record({ fact: fc.constantFrom(...facts), path: fc.constantFrom(...path) })
const ordering = fc.constantFrom<Operator>('lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive')

const wellTyped = fc.oneof(
  leafOf(ordering, paths.number, fc.oneof(small, reference(paths.number))),
  leafOf(
    fc.constantFrom<Operator>('equal', 'notEqual'),
    [...paths.text, ...paths.number],
    fc.oneof(scalar, reference(paths.text), reference(paths.number)),
  ),
  leafOf(
    fc.constantFrom<Operator>('in', 'notIn'),
    [...paths.text, ...paths.number],
    fc.oneof(fc.array(scalar, { maxLength: 3 }), reference(paths.list)),
  ),
  leafOf(fc.constantFrom<Operator>('contains', 'doesNotContain'), paths.list, fc.oneof(scalar, reference(paths.text))),
)
const anyOperator = fc.constantFrom<Operator>(
  'equal',
  'notEqual',
  'in',
  'notIn',
  'contains',
  'doesNotContain',
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
)
const anyhow = leafOf(
  anyOperator,
  [...paths.number, ...paths.text, ...paths.list, '$.none', '$.n.more'],
  fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), reference([...paths.number, ...paths.list])),
)

const conditionOf = (leaf: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> =>
  fc.letrec<{ any: Condition }>((tie) => {
    const list = fc.array(tie('any'), { minLength: 1, maxLength: 3 })
    return {
      any: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.record({ all: list }),
        fc.record({ any: list }),
        fc.record({ not: tie('any') }),
        fc.constantFrom<Condition>({ condition: 'big' }, { condition: 'both' }),
      ),
    }
  }).any

const reader =
  (known: JsonObject): FactReader =>
  (fact) =>
    Object.hasOwn(known, fact) ? { value: known[fact] ?? null } : undefined
const judge = (condition: Condition, known: JsonObject): Evaluation => evaluate(condition, named, reader(known))

/** The same condition in json-rules-engine. Its top level must be `all`, `any` or `not`. */
async function theirs(condition: Condition, world: JsonObject): Promise<boolean | 'throws'> {
  const engine = new Engine([], { pathResolver: dotted, allowUndefinedFacts: false })
  for (const [name, inner] of Object.entries(named)) engine.setCondition(name, { all: [inner] })
  engine.addRule({ conditions: { all: [condition] }, event: { type: 'yes' } })
  try {
    return (await engine.run(world)).events.length > 0
  } catch {
    return 'throws'
  }
}
// json-rules-engine compares undefined with null as unequal; a path that leads nowhere is null in ours.
const dotted = (found: object, path: string): Json =>
  path
    .slice(2)
    .split('.')
    .reduce<Json>((at, key) => (at as JsonObject | null)?.[key] ?? null, found as JsonObject)

describe('json-rules-engine', () => {
  test('says the same about 10,000 random conditions, with named ones and facts compared with facts', async () => {
    const counts = { true: 0, false: 0 }
    await fc.assert(
      fc.asyncProperty(conditionOf(wellTyped), world, async (condition, facts) => {
        const { truth } = judge(condition, facts)
        if (truth !== 'true' && truth !== 'false') throw new Error(`${truth} for ${JSON.stringify(condition)}`)
        expect(await theirs(condition, facts)).toBe(truth === 'true')
        counts[truth] += 1
      }),
      { numRuns: 10_000, seed: 1 },
    )
    expect(Math.min(counts.true, counts.false)).toBeGreaterThan(2500)
  })
  test('never says true where the fact has the wrong type for us, nor differs where we can compare', async () => {
    let errors = 0
    await fc.assert(
      fc.asyncProperty(anyhow, world, async (leaf, facts) => {
        const { truth, leaves } = judge(leaf, facts)
        if (truth !== 'error') return expect(await theirs(leaf, facts)).toBe(truth === 'true')
        // They coerce what can be coerced (1 > null, [1] > 0); we do not.
        if (coerced(leaves[0])) return
        errors += 1
        expect(await theirs(leaf, facts)).not.toBe(true)
      }),
      { numRuns: 5_000, seed: 2 },
    )
    expect(errors).toBeGreaterThan(500)
  })
})

function coerced({ operator, actual, expected }: Partial<LeafResult> = {}): boolean {
  if (operator === 'contains' || operator === 'doesNotContain') return false
  if (operator === 'in' || operator === 'notIn') return !Array.isArray(expected)
  return (
    typeof expected !== 'number' ||
    !Number.isNaN(Number.parseFloat(JSON.stringify(actual ?? null).replace(/^[["]/, '')))
  )
}

describe('three values', () => {
  const t: Condition = { fact: 'a', operator: 'equal', value: 1 }
  const f: Condition = { fact: 'a', operator: 'equal', value: 2 }
  const u: Condition = { fact: 'ghost', operator: 'equal', value: 1 }
  const e: Condition = { fact: 'a', operator: 'contains', value: 1 }
  const is = (condition: Condition): Truth => judge(condition, { a: 1 }).truth

  test.each<[Condition[], Truth, Truth]>([
    [[t, t], 'true', 'true'],
    [[t, f], 'false', 'true'],
    [[f, f], 'false', 'false'],
    [[t, u], 'unknown', 'true'],
    [[f, u], 'false', 'unknown'],
    [[u, u], 'unknown', 'unknown'],
    [[t, e], 'error', 'true'],
    [[f, e], 'false', 'error'],
    [[u, e], 'error', 'error'],
    [[u, f, e], 'false', 'error'],
  ])('%#: all is %p… any is', (parts, all, any) => {
    expect(is({ all: parts })).toBe(all)
    expect(is({ any: parts })).toBe(any)
    expect(is({ all: [...parts].reverse() })).toBe(all)
    expect(is({ any: [...parts].reverse() })).toBe(any)
  })
  test('not turns true and false, and nothing else', () => {
    expect([t, f, u, e].map((c) => is({ not: c }))).toEqual(['false', 'true', 'unknown', 'error'])
  })
  test('to learn a fact never turns true into false or back, and unknown means that a fact is missing and matters', () => {
    fc.assert(
      fc.property(conditionOf(fc.oneof(wellTyped, anyhow)), world, fc.subarray([...facts]), (condition, all, names) => {
        const known = Object.fromEntries(names.map((name) => [name, all[name]]))
        const [before, after] = [judge(condition, known).truth, judge(condition, all).truth]
        expect(after).not.toBe('unknown')
        if (before === 'true' || before === 'false') expect(after).toBe(before)
        if (before === 'unknown')
          expect(factsOf(condition, named).some((fact) => !Object.hasOwn(known, fact))).toBe(true)
        if (names.length === facts.length) expect(before).not.toBe('unknown')
      }),
      { numRuns: 5_000, seed: 3 },
    )
  })
  test('de Morgan', () => {
    fc.assert(
      fc.property(
        fc.array(conditionOf(anyhow), { minLength: 1, maxLength: 3 }),
        world,
        fc.subarray([...facts]),
        (parts, all, names) => {
          const known = Object.fromEntries(names.map((name) => [name, all[name]]))
          expect(judge({ not: { all: parts } }, known).truth).toBe(
            judge({ any: parts.map((not) => ({ not })) }, known).truth,
          )
          expect(judge({ not: { not: { all: parts } } }, known).truth).toBe(judge({ all: parts }, known).truth)
        },
      ),
      { seed: 4 },
    )
  })
})

describe('reasons', () => {
  test('list every leaf in order, with what was read and what was wanted', () => {
    const { leaves } = judge(
      {
        all: [
          { fact: 'a', path: '$.n', operator: 'lessThan', value: { fact: 'b', path: '$.n' } },
          { not: { fact: 'c', operator: 'equal', value: 'x' } },
          { fact: 'ghost', path: '$.x', operator: 'in', value: [1] },
        ],
      },
      { a: { n: 3 }, b: { n: 2 }, c: 'x' },
    )
    expect(leaves).toEqual([
      { fact: 'a', path: '$.n', operator: 'lessThan', expected: 2, actual: 3, result: 'false' },
      { fact: 'c', operator: 'equal', expected: 'x', actual: 'x', result: 'true', negated: true },
      { fact: 'ghost', path: '$.x', operator: 'in', expected: [1], result: 'unknown' },
    ])
  })
  test('name the other fact where that is the one missing', () => {
    expect(judge({ fact: 'a', operator: 'equal', value: { fact: 'ghost', path: '$.limit' } }, { a: 1 }).leaves).toEqual(
      [{ fact: 'a', operator: 'equal', expected: 'ghost.limit', result: 'unknown' }],
    )
  })
  test('there is one for each leaf of the condition, through named ones', () => {
    const count = (condition: Condition): number => {
      if ('all' in condition) return condition.all.reduce((sum, c) => sum + count(c), 0)
      if ('any' in condition) return condition.any.reduce((sum, c) => sum + count(c), 0)
      if ('not' in condition) return count(condition.not)
      return 'condition' in condition ? count(named[condition.condition as keyof typeof named]) : 1
    }
    fc.assert(
      fc.property(conditionOf(anyhow), world, (condition, known) => {
        expect(judge(condition, known).leaves).toHaveLength(count(condition))
      }),
      { seed: 5 },
    )
  })
})

describe('what no condition can do', () => {
  const nested = (depth: number): Condition =>
    Array.from({ length: depth }).reduce<Condition>((not) => ({ not }), { fact: 'a', operator: 'equal', value: 1 })
  test('nest deeper than 16', () => {
    expect(judge(nested(16), { a: 1 }).truth).toBe('true')
    expect(judge(nested(17), { a: 1 }).truth).toBe('error')
  })
  test('call itself by name for ever', () => {
    const circle = { one: { condition: 'two' }, two: { all: [{ condition: 'one' }] } }
    expect(evaluate({ condition: 'one' }, circle, reader({})).truth).toBe('error')
    expect(factsOf({ condition: 'one' }, circle)).toEqual([])
  })
  test('call a name that is not there, or one of Object’s own', () => {
    expect([judge({ condition: 'ghost' }, {}).truth, judge({ condition: 'constructor' }, {}).truth]).toEqual([
      'error',
      'error',
    ])
  })
  test('use an operator that is not there: that is an error, not true', () => {
    expect(judge({ all: [{ fact: 'a', operator: 'matches' as Operator, value: 1 }] }, { a: 1 }).truth).toBe('error')
  })
  test.each(['__proto__', 'constructor', 'toString', 'length', '0', '__proto__.polluted'])(
    'read %s of a fact',
    (key) => {
      expect(judge({ fact: 'a', path: `$.${key}`, operator: 'equal', value: null }, { a: {} }).truth).toBe('true')
      expect(
        judge({ fact: 'a', path: `$.list.${key}`, operator: 'equal', value: null }, { a: { list: [1] } }).truth,
      ).toBe('true')
      expect(
        judge({ fact: 'a', path: `$.word.${key}`, operator: 'equal', value: null }, { a: { word: 'x' } }).truth,
      ).toBe('true')
    },
  )
})
