import type { RuleGroupType, RuleType } from 'react-querybuilder'
import type { Condition, Leaf, Operator } from '../../../../definitions/format.ts'
import type { Json } from '../../../../domain/json.ts'

/** The field by which a rule says that a guard of the definition, called by name, holds. */
export const namedField = '@guard'

const out: Record<string, Operator> = {
  '=': 'equal',
  '!=': 'notEqual',
  '<': 'lessThan',
  '<=': 'lessThanInclusive',
  '>': 'greaterThan',
  '>=': 'greaterThanInclusive',
  in: 'in',
  notIn: 'notIn',
  contains: 'contains',
  doesNotContain: 'doesNotContain',
}
const into = Object.fromEntries(Object.entries(out).map(([rule, operator]) => [operator, rule])) as Record<
  Operator,
  string
>

/** Fact and path as one name for the builder: `ctx|$.paidRial`. */
export const fieldOf = (fact: string, path?: string) => (path === undefined || path === '$' ? fact : `${fact}|${path}`)

function factOf(field: string): { fact: string; path?: string } {
  const [fact = '', path] = field.split('|')
  return path === undefined ? { fact } : { fact, path }
}

/** A condition of the format as the builder's tree. No condition = an empty group. */
export function toQuery(condition: Condition | undefined): RuleGroupType {
  if (condition === undefined) return { combinator: 'and', rules: [] }
  if ('all' in condition) return { combinator: 'and', rules: condition.all.map(toRule) }
  if ('any' in condition) return { combinator: 'or', rules: condition.any.map(toRule) }
  if ('not' in condition) {
    const group = toQuery(condition.not)
    // A group that is already turned round is put inside another, so that no "not" gets lost.
    return group.not === true ? { combinator: 'and', not: true, rules: [group] } : { ...group, not: true }
  }
  return { combinator: 'and', rules: [toRule(condition)] }
}

function toRule(condition: Condition): RuleGroupType | RuleType {
  if ('condition' in condition) return { field: namedField, operator: '=', value: condition.condition }
  if (!('fact' in condition)) return toQuery(condition)
  const rule = { field: fieldOf(condition.fact, condition.path), operator: into[condition.operator] }
  const { value } = condition
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { ...rule, valueSource: 'field', value: fieldOf(value.fact, value.path) }
  return { ...rule, valueSource: 'value', value }
}

/** The builder's tree as a condition of the format; undefined where nothing is said. */
export function fromQuery(query: RuleGroupType): Condition | undefined {
  const parts = query.rules.flatMap((rule): Condition[] => {
    if (typeof rule === 'string') return []
    const one = 'rules' in rule ? fromQuery(rule) : fromRule(rule)
    return one === undefined ? [] : [one]
  })
  if (parts.length === 0) return undefined
  const [only] = parts
  const plain: Condition =
    parts.length === 1 && only !== undefined ? only : query.combinator === 'or' ? { any: parts } : { all: parts }
  return query.not === true ? { not: plain } : plain
}

function fromRule({ field, operator, value, valueSource }: RuleType): Condition | undefined {
  if (field === namedField) return value === '' || value === undefined ? undefined : { condition: String(value) }
  const known = out[operator]
  if (field === '' || field === '~' || known === undefined) return undefined
  const leaf = { ...factOf(field), operator: known }
  if (valueSource === 'field') return { ...leaf, value: factOf(String(value)) }
  return { ...leaf, value: value as Leaf['value'] }
}

/** A typed word as the value that the fact has: a number, yes or no, a list for `in`. */
export function typedValue(text: string | number | boolean, type: string, operator: string): Json {
  if (operator === 'in' || operator === 'notIn')
    return String(text)
      .split(/[,،]/)
      .map((part) => typedValue(part.trim(), type, '='))
      .filter((part) => part !== '')
  if (type === 'number') return typeof text === 'number' ? text : Number.parseInt(String(text), 10) || 0
  if (type === 'boolean') return text === true || text === 'true'
  return String(text)
}
