import type { Json, JsonObject } from '../../domain/json.ts'
import { evaluate, type Truth } from '../condition.ts'
import type { Condition, Definition, JsonSchema, Leaf } from '../format.ts'

/** The schema of what a fact holds; undefined = anything. */
export type TypeOf = (fact: string) => JsonSchema | undefined

/** What must come out of each condition, all at the same time. */
export interface Wish {
  condition: Condition
  truth: readonly Truth[]
}

/** `no`: proved. `yes`: with values that show it. `unknown`: it depends on what cannot be decided (fact against fact, present states), or there are too many cases. */
export type Satisfaction = { answer: 'no' | 'unknown' } | { answer: 'yes'; witness: string }

const maxCases = 20_000
const maxMembers = 6

/**
 * Whether data exist for which every condition has one of the truths wished for. Each line (a path of a fact) is split by
 * the constants it is compared with into cells on which no condition changes; one value of each cell decides exactly.
 * `fixed` gives lines one value each.
 */
export function satisfy(
  wishes: readonly Wish[],
  guards: NonNullable<Definition['guards']>,
  typeOf: TypeOf,
  fixed: Readonly<Record<string, Json>> = {},
): Satisfaction {
  const lines = linesOf(wishes, guards, typeOf, fixed)
  const cases = lines.reduce((product, { values }) => product * values.length, 1)
  if (cases > maxCases) return { answer: 'unknown' }
  let undecided = false
  for (let number = 0; number < cases; number++) {
    let rest = number
    const chosen = lines.map((line) => {
      const value = line.values[rest % line.values.length] as Json
      rest = Math.floor(rest / line.values.length)
      return value
    })
    const facts = factsOf(lines, chosen)
    const oracle = (leaf: Leaf): Truth | undefined => {
      const at = lines.findIndex(({ key }) => key === atomKey(leaf))
      return at === -1 ? undefined : (chosen[at] as Truth)
    }
    const read = (fact: string) => ({ value: facts[fact] ?? null })
    if (!wishes.every(({ condition, truth }) => truth.includes(evaluate(condition, guards, read, oracle).truth)))
      continue
    if (lines.every(({ exact }) => exact)) return { answer: 'yes', witness: told(lines, chosen) }
    undecided = true
  }
  return { answer: undecided ? 'unknown' : 'no' }
}

interface Line {
  key: string
  fact: string
  path: string
  values: Json[]
  exact: boolean
}

/** A comparison of two facts, or with the present states: true or false as it likes. */
const atomKey = (leaf: Leaf) => `atom ${JSON.stringify(leaf)}`
const isAtom = ({ fact, value }: Leaf) =>
  fact === 'state' || (typeof value === 'object' && value !== null && !Array.isArray(value))

function linesOf(
  wishes: readonly Wish[],
  guards: NonNullable<Definition['guards']>,
  typeOf: TypeOf,
  fixed: Readonly<Record<string, Json>>,
): Line[] {
  const leaves = wishes.flatMap(({ condition }) => leavesIn(condition, guards))
  const byLine = new Map<string, Leaf[]>()
  for (const leaf of leaves) {
    const key = isAtom(leaf) ? atomKey(leaf) : `${leaf.fact} ${leaf.path ?? '$'}`
    byLine.set(key, [...(byLine.get(key) ?? []), leaf])
  }
  return [...byLine].map(([key, list]) => {
    const { fact, path = '$' } = list[0] as Leaf
    if (key.startsWith('atom ')) return { key, fact, path, values: ['true', 'false'], exact: false }
    if (Object.hasOwn(fixed, key)) return { key, fact, path, values: [fixed[key] as Json], exact: true }
    return { key, fact, path, ...valuesOf(list, typeAt(typeOf(fact), path)) }
  })
}

/** All comparisons of a condition, through named conditions too. */
export function leavesIn(condition: Condition, guards: NonNullable<Definition['guards']>, depth = 0): Leaf[] {
  if (depth > 16) return []
  const within = (c: Condition) => leavesIn(c, guards, depth + 1)
  if ('all' in condition) return condition.all.flatMap(within)
  if ('any' in condition) return condition.any.flatMap(within)
  if ('not' in condition) return within(condition.not)
  if ('condition' in condition) {
    const inner = Object.hasOwn(guards, condition.condition) ? guards[condition.condition] : undefined
    return inner === undefined ? [] : within(inner)
  }
  return [condition]
}

interface Typed {
  types: Set<string> | undefined
  schema: JsonObject
  nullable: boolean
}

/** What may stand at a path; null too where the way there is not required. */
function typeAt(root: JsonSchema | undefined, path: string): Typed {
  let schema: Json | undefined = root
  let nullable = false
  for (const key of path.split('.').slice(1)) {
    if (schema === null || typeof schema !== 'object' || Array.isArray(schema))
      return { types: undefined, schema: {}, nullable: true }
    const required: Json = schema['required'] ?? []
    nullable ||= !(Array.isArray(required) && required.includes(key)) || typesOf(schema)?.has('null') === true
    schema = ((schema['properties'] ?? {}) as JsonObject)[key]
  }
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema))
    return { types: undefined, schema: {}, nullable: true }
  const types = typesOf(schema)
  return { types, schema, nullable: nullable || types === undefined || types.has('null') }
}

function typesOf(schema: JsonObject): Set<string> | undefined {
  const { type } = schema
  if (Array.isArray(schema['enum'])) return new Set(schema['enum'].map((one) => (one === null ? 'null' : typeof one)))
  if (typeof type === 'string') return new Set([type])
  return Array.isArray(type) ? new Set(type as string[]) : undefined
}

/** One value of each cell that the comparisons cut a line into. */
function valuesOf(leaves: Leaf[], { types, schema, nullable }: Typed): { values: Json[]; exact: boolean } {
  const constants = leaves.flatMap(({ value }) => (Array.isArray(value) ? value : [value as Json]))
  const members = leaves.some(({ operator }) => operator === 'contains' || operator === 'doesNotContain')
  const may = (type: string) => types === undefined || types.has(type)
  const none: Json[] = nullable ? [null] : []
  if (members) {
    const distinct = [...new Set(constants)]
    if (distinct.length > maxMembers) return { values: [[], distinct], exact: false }
    const sets = distinct.reduce<Json[][]>((all, one) => all.flatMap((set) => [set, [...set, one]]), [[]])
    return { values: [...sets, ...none], exact: true }
  }
  if (Array.isArray(schema['enum']))
    return { values: [...schema['enum'].filter((one) => one !== null), ...none], exact: true }
  const values: Json[] = []
  if (may('boolean') && (types !== undefined || constants.some((one) => typeof one === 'boolean')))
    values.push(true, false)
  if (may('number') || may('integer')) values.push(...numbersOf(constants, schema, !may('number')))
  if (may('string')) {
    const words = constants.filter((one) => typeof one === 'string')
    values.push(...words, otherThan(words))
  }
  if (may('array') && types !== undefined) values.push([])
  if (may('object') && types !== undefined) values.push({})
  return { values: [...new Set([...values, ...none])], exact: true }
}

/** Each constant, and a number between each two, below and above; within the bounds of the schema. */
function numbersOf(constants: Json[], schema: JsonObject, whole: boolean): number[] {
  const points = [...new Set(constants.filter((one): one is number => typeof one === 'number'))].sort((a, b) => a - b)
  if (points.length === 0) return [1]
  const gaps = points.flatMap((point, i) => {
    const next = points[i + 1]
    if (next === undefined) return [point + 1]
    const middle = whole ? point + 1 : (point + next) / 2
    return middle < next ? [middle] : []
  })
  const inside = (n: number) =>
    !(typeof schema['minimum'] === 'number' && n < schema['minimum']) &&
    !(typeof schema['maximum'] === 'number' && n > schema['maximum'])
  return [(points[0] as number) - 1, ...points, ...gaps].filter(inside)
}

function otherThan(words: string[]): string {
  let other = 'something else'
  while (words.includes(other)) other += '!'
  return other
}

function factsOf(lines: readonly Line[], chosen: readonly Json[]): JsonObject {
  const facts: JsonObject = {}
  for (const [i, { key, fact, path }] of lines.entries()) {
    if (key.startsWith('atom ')) continue
    const keys = path.split('.').slice(1)
    if (keys.length === 0) {
      facts[fact] = chosen[i] as Json
      continue
    }
    let holder = (facts[fact] ??= {}) as JsonObject
    for (const one of keys.slice(0, -1)) holder = (holder[one] ??= {}) as JsonObject
    holder[keys.at(-1) as string] = chosen[i] as Json
  }
  return facts
}

const told = (lines: readonly Line[], chosen: readonly Json[]) =>
  lines.map(({ fact, path }, i) => `${fact}${path.slice(1)} = ${JSON.stringify(chosen[i])}`).join(', ')
