import { parseDecimal } from '../domain/currency.ts'
import type { Text } from '../domain/errors.ts'
import type { Json } from '../domain/json.ts'
import { edgesOf, type TimeWindow } from '../domain/window.ts'
import { operators } from './operators.ts'
import type { Atom, Conditions, PriceRule } from './price-rule.ts'

/** Something about rules that is hardly meant so. `never` forbids publishing. */
export interface Finding extends Text {
  kind: 'never' | 'shadowed' | 'overlaps' | 'tooComplex'
  rule: string
  other: string | null
}

/** Knows the tree of partners and of categories: all ids above one, from the top, with itself. */
export type Above = (id: string) => readonly string[] | undefined

/**
 * Finds rules that never match, rules whose every case another one takes away (of the same effect where one alone wins: exclusive
 * discount, terminal, upgrade), and terminals or upgrades of equal rank that answer the same case differently. Decided on sample values that show every
 * difference of the conditions: the edges of amounts and windows, each named value and one that nobody names.
 */
export function conflictsOf(rules: readonly PriceRule[], above: Above, year: number): Finding[] {
  const findings: Finding[] = []
  const cases = new Map<string, Atom[][]>()
  for (const rule of rules) {
    const expanded = expand(rule.conditions as Conditions, false)
    if (expanded === null) {
      findings.push(
        finding('tooComplex', rule, null, 'شرط‌ها پیچیده‌تر از آن است که بررسی شود', 'too complex to be examined'),
      )
      continue
    }
    const possible = expanded.filter((atoms) => satisfiable(atoms, above, year))
    cases.set(rule.name, possible)
    if (possible.length === 0)
      findings.push(finding('never', rule, null, 'این قاعده هیچ‌گاه برقرار نمی‌شود', 'this rule never matches'))
  }
  for (const rule of rules) {
    const mine = cases.get(rule.name) ?? []
    if (mine.length === 0) continue
    for (const other of rules) {
      if (other === rule || !rivals(rule, other) || (cases.get(other.name) ?? []).length === 0) continue
      if (beats(other, rule) && implies(mine, other, above, year))
        findings.push(
          finding(
            'shadowed',
            rule,
            other,
            `«${other.name}» همیشه جای آن را می‌گیرد`,
            `${other.name} always takes its place`,
          ),
        )
      else if (
        rule.name < other.name &&
        rule.priority === other.priority &&
        differs(rule, other) &&
        rule.event.type !== 'discount'
      ) {
        const both = mine.some((a) => (cases.get(other.name) ?? []).some((b) => satisfiable([...a, ...b], above, year)))
        if (both)
          findings.push(
            finding(
              'overlaps',
              rule,
              other,
              `با «${other.name}» هم‌رتبه و هم‌پوشان است`,
              `overlaps ${other.name} at the same priority`,
            ),
          )
      }
    }
  }
  return findings
}

const maxCases = 256

/** The conditions as alternatives of plain conjunctions; null beyond 256 of them. */
function expand(node: Conditions, negated: boolean): Atom[][] | null {
  if ('not' in node) return expand(node.not, !negated)
  if ('all' in node || 'any' in node) {
    const parts = ('all' in node ? node.all : node.any).map((part) => expand(part, negated))
    const conjunction = 'all' in node !== negated
    let sum: Atom[][] = conjunction ? [[]] : []
    for (const part of parts) {
      if (part === null) return null
      sum = conjunction ? sum.flatMap((a) => part.map((b) => [...a, ...b])) : [...sum, ...part]
      if (sum.length > maxCases) return null
    }
    return sum
  }
  const opposite = operators[node.operator]?.opposite ?? node.operator
  return [[negated ? { ...node, operator: opposite } : node]]
}

function satisfiable(atoms: readonly Atom[], above: Above, year: number): boolean {
  const facts = new Set(atoms.map(({ fact }) => fact))
  return [...facts].every((fact) => {
    const asked = atoms.filter((atom) => atom.fact === fact)
    return samplesFor(asked, above, year).some((sample) =>
      asked.every(({ operator, value }) => operators[operator]?.holds(sample, value)),
    )
  })
}

/** Whether every case of a rule is a case of the other: none of its cases goes with the other's opposite. */
function implies(mine: Atom[][], other: PriceRule, above: Above, year: number): boolean {
  const opposite = expand(other.conditions as Conditions, true)
  return opposite !== null && mine.every((a) => opposite.every((b) => !satisfiable([...a, ...b], above, year)))
}

function samplesFor(asked: readonly Atom[], above: Above, year: number): Json[] {
  if (asked.some(({ operator }) => /window/i.test(operator))) {
    const windows = asked.flatMap(({ operator, value }) =>
      /window/i.test(operator) ? [value as unknown as TimeWindow] : [],
    )
    return [...edgesOf(windows, year), ...numbersAround(asked)]
  }
  if (asked.some(({ operator }) => /contain/i.test(operator))) {
    const named = asked.map(({ value }) => value)
    const needed = asked.filter(({ operator }) => operator === 'contains').map(({ value }) => value)
    const trees = named.flatMap((value) => {
      const path = typeof value === 'string' ? above(value) : undefined
      return path === undefined ? [] : [[...path], [...path, nobody]]
    })
    // Where the values stand in a tree a seller has one path; else anything may be together.
    const inTree = needed.some((value) => typeof value === 'string' && above(value) !== undefined)
    return [[], ...trees, ...(inTree ? [] : [needed])]
  }
  const values = asked.flatMap(({ value }) => (Array.isArray(value) ? value : [value]))
  return [nobody, null, ...values, ...numbersAround(asked)]
}

const numbersAround = (asked: readonly Atom[]): Json[] =>
  asked
    .flatMap(({ value }) => (Array.isArray(value) ? value : [value]))
    .flatMap((value) => (typeof value === 'number' ? [value - 1, value, value + 1] : []))

const nobody = '\u0000another'

/** Effects of which one alone wins. */
function rivals(a: PriceRule, b: PriceRule): boolean {
  if (a.event.type !== b.event.type) return false
  if (a.event.type === 'discount' && b.event.type === 'discount')
    return a.event.params.stacking === 'exclusive' && b.event.params.stacking === 'exclusive'
  return a.event.type === 'terminal' || a.event.type === 'upgrade'
}

/** Whether `a` wins wherever both match. */
function beats(a: PriceRule, b: PriceRule): boolean {
  if (a.event.type !== 'discount' || b.event.type !== 'discount') return a.priority > b.priority
  const [x, y] = [a.event.params, b.event.params]
  if ('percent' in x && 'percent' in y) {
    const [p, q] = [parseDecimal(x.percent), parseDecimal(y.percent)]
    const [left, right] = [BigInt(p.numerator) * BigInt(q.denominator), BigInt(q.numerator) * BigInt(p.denominator)]
    return left > right || (left === right && a.priority > b.priority)
  }
  return 'amountRial' in x && 'amountRial' in y && x.amountRial > y.amountRial
}

const differs = (a: PriceRule, b: PriceRule) => JSON.stringify(a.event) !== JSON.stringify(b.event)

const finding = (kind: Finding['kind'], rule: PriceRule, other: PriceRule | null, fa: string, en: string): Finding => ({
  kind,
  rule: rule.name,
  other: other?.name ?? null,
  fa,
  en,
})
