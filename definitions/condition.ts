import type { Json } from '../domain/json.ts'
import type { Condition, Leaf } from './format.ts'
import { readPath } from './paths.ts'

/** Three-valued truth, and `error` where a leaf cannot be evaluated at all (wrong type): that is never `false`. */
export type Truth = 'true' | 'false' | 'unknown' | 'error'

/** One comparison as it was read: the reason that a person sees. */
export interface LeafResult {
  fact: string
  path?: string
  operator: string
  expected: Json
  actual?: Json
  result: Truth
  negated?: boolean
}

export interface Evaluation {
  truth: Truth
  leaves: LeafResult[]
}

/**
 * Where a condition reads from: `undefined` = this fact is not known (yet). An inner `undefined` = known, but nothing
 * at that path, which compares like null.
 */
export type FactReader = (fact: string) => { value: Json } | undefined

/** Answers a leaf in place of its facts: how the checker tries both ways. `undefined` = evaluate it as usual. */
export type LeafOracle = (leaf: Leaf) => Truth | undefined

/**
 * Evaluates json-rules-engine's condition JSON, synchronously and in Kleene's three values: the same code in the
 * workflow's validator, in the API, in the lint and in a browser. Never throws; a named condition that does not exist,
 * or nests deeper than 16, is an `error`.
 */
export function evaluate(
  condition: Condition,
  named: Record<string, Condition>,
  read: FactReader,
  oracle?: LeafOracle,
): Evaluation {
  const leaves: LeafResult[] = []
  const visit = (c: Condition, negated: boolean, depth: number): Truth => {
    if (depth > 16) return 'error'
    if ('all' in c) return conjunction(c.all.map((x) => visit(x, negated, depth + 1)))
    if ('any' in c) return negate(conjunction(c.any.map((x) => negate(visit(x, negated, depth + 1)))))
    if ('not' in c) return negate(visit(c.not, !negated, depth + 1))
    if ('condition' in c) {
      const inner = Object.hasOwn(named, c.condition) ? named[c.condition] : undefined
      return inner === undefined ? 'error' : visit(inner, negated, depth + 1)
    }
    const answer = oracle?.(c)
    if (answer !== undefined) return answer
    const leaf = compareLeaf(c, read)
    leaves.push(negated ? { ...leaf, negated } : leaf)
    return leaf.result
  }
  const truth = visit(condition, false, 0)
  return { truth, leaves }
}

function conjunction(parts: Truth[]): Truth {
  if (parts.includes('false')) return 'false'
  if (parts.includes('error')) return 'error'
  return parts.includes('unknown') ? 'unknown' : 'true'
}

function negate(truth: Truth): Truth {
  if (truth === 'true') return 'false'
  return truth === 'false' ? 'true' : truth
}

function compareLeaf(leaf: Leaf, read: FactReader): LeafResult {
  const named = { fact: leaf.fact, ...(leaf.path === undefined ? {} : { path: leaf.path }), operator: leaf.operator }
  const left = read(leaf.fact)
  const reference =
    typeof leaf.value === 'object' && leaf.value !== null && !Array.isArray(leaf.value) ? leaf.value : undefined
  const right = reference === undefined ? { value: leaf.value as Json } : read(reference.fact)
  if (left === undefined || right === undefined) {
    const expected =
      reference === undefined ? (leaf.value as Json) : `${reference.fact}${(reference.path ?? '$').slice(1)}`
    return { ...named, expected, result: 'unknown' }
  }
  const actual = readPath(left.value, leaf.path) ?? null
  const expected = reference === undefined ? right.value : (readPath(right.value, reference.path) ?? null)
  return { ...named, expected, actual, result: compare(leaf.operator, actual, expected) }
}

function compare(operator: Leaf['operator'], actual: Json, expected: Json): Truth {
  switch (operator) {
    case 'equal':
      return truth(actual === expected)
    case 'notEqual':
      return truth(actual !== expected)
    case 'in':
      return Array.isArray(expected) ? truth(expected.includes(actual)) : 'error'
    case 'notIn':
      return Array.isArray(expected) ? truth(!expected.includes(actual)) : 'error'
    case 'contains':
      return Array.isArray(actual) ? truth(actual.includes(expected)) : 'error'
    case 'doesNotContain':
      return Array.isArray(actual) ? truth(!actual.includes(expected)) : 'error'
    case 'lessThan':
      return ordered(actual, expected, (a, b) => a < b)
    case 'lessThanInclusive':
      return ordered(actual, expected, (a, b) => a <= b)
    case 'greaterThan':
      return ordered(actual, expected, (a, b) => a > b)
    case 'greaterThanInclusive':
      return ordered(actual, expected, (a, b) => a >= b)
    default:
      operator satisfies never
      return 'error'
  }
}

const truth = (value: boolean): Truth => (value ? 'true' : 'false')

function ordered(actual: Json, expected: Json, holds: (a: number, b: number) => boolean): Truth {
  return typeof actual === 'number' && typeof expected === 'number' ? truth(holds(actual, expected)) : 'error'
}

/** The facts that a condition can read, through named conditions too; built-in ones included. */
export function factsOf(condition: Condition, named: Record<string, Condition>, depth = 0): string[] {
  if (depth > 16) return []
  const within = (c: Condition) => factsOf(c, named, depth + 1)
  if ('all' in condition) return condition.all.flatMap(within)
  if ('any' in condition) return condition.any.flatMap(within)
  if ('not' in condition) return within(condition.not)
  if ('condition' in condition) {
    const inner = Object.hasOwn(named, condition.condition) ? named[condition.condition] : undefined
    return inner === undefined ? [] : within(inner)
  }
  const { value } = condition
  const reference = typeof value === 'object' && value !== null && !Array.isArray(value) ? [value.fact] : []
  return [condition.fact, ...reference]
}
