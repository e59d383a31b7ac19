import type { Json, JsonObject } from '../../domain/json.ts'
import type { Condition, JsonSchema, Leaf } from '../format.ts'
import type { TypeOf } from './cells.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { at } from './place.ts'
import { typeOfFacts } from './types.ts'
import { meets, typeName, typesAt } from './value-type.ts'
import { conditionsOf, transitionsOf } from './walk.ts'

/** Operators against types, and constants against enums, in every condition whose types are known. */
export function typeFindings(subject: Subject): Finding[] {
  const triggers = new Map(
    transitionsOf(subject.definition).map(({ path, trigger }) => [at(path, 'guard'), trigger] as const),
  )
  return conditionsOf(subject.definition).flatMap(({ path, value }) => {
    const typeOf = typeOfFacts(subject, triggers.get(path) ?? '')
    return leavesWithPlace(value, path).flatMap(({ leaf, place }) => leafFindings(leaf, place, typeOf))
  })
}

function leafFindings(leaf: Leaf, place: string, typeOf: TypeOf): Finding[] {
  const { fact, path = '$', operator, value } = leaf
  const types = typesAt(typeOf(fact), path)
  if (fact === 'state' || types === undefined) return []
  const wrong = (en: string, fa: string) => [error('E20', at(place, 'operator'), { en, fa })]
  const said = [...types].join(' | ')
  if (/^(less|greater)Than/.test(operator)) {
    if (!meets(types, new Set(['number'])))
      return wrong(
        `${operator} wants a number; ${fact} ${path} is ${said}`,
        `${operator} عدد می‌خواهد؛ ${fact} ${path} از نوع ${said} است`,
      )
    if (typeof value !== 'number' && !isReference(value))
      return wrong(`${operator} wants a number to compare with`, `${operator} عددی برای مقایسه می‌خواهد`)
    return []
  }
  if (operator === 'contains' || operator === 'doesNotContain')
    return types.has('array')
      ? []
      : wrong(
          `${operator} wants a list; ${fact} ${path} is ${said}`,
          `${operator} فهرست می‌خواهد؛ ${fact} ${path} از نوع ${said} است`,
        )
  if ((operator === 'in' || operator === 'notIn') && !Array.isArray(value) && !isReference(value))
    return wrong(`${operator} wants a list to compare with`, `${operator} فهرستی برای مقایسه می‌خواهد`)
  if (isReference(value)) return []
  const constants = Array.isArray(value) && (operator === 'in' || operator === 'notIn') ? value : [value as Json]
  const allowed = enumAt(typeOf(fact), path)
  return constants
    .filter(
      (one) =>
        one !== null && (allowed === undefined ? !meets(new Set([typeName(one)]), types) : !allowed.includes(one)),
    )
    .map((one) =>
      error('E20', at(place, 'value'), {
        en: `${fact} ${path} is never ${JSON.stringify(one)}: it is ${allowed === undefined ? said : allowed.map((item) => JSON.stringify(item)).join(' | ')}`,
        fa: `${fact} ${path} هرگز ${JSON.stringify(one)} نیست`,
      }),
    )
}

const isReference = (value: Leaf['value']) => typeof value === 'object' && value !== null && !Array.isArray(value)

function enumAt(root: JsonSchema | undefined, path: string): Json[] | undefined {
  let schema: Json | undefined = root
  for (const key of path.split('.').slice(1)) {
    if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) return undefined
    schema = ((schema['properties'] ?? {}) as JsonObject)[key]
  }
  return schema !== null && typeof schema === 'object' && !Array.isArray(schema) && Array.isArray(schema['enum'])
    ? schema['enum']
    : undefined
}

function leavesWithPlace(condition: Condition, path: string): { leaf: Leaf; place: string }[] {
  if ('all' in condition) return condition.all.flatMap((one, i) => leavesWithPlace(one, at(path, 'all', i)))
  if ('any' in condition) return condition.any.flatMap((one, i) => leavesWithPlace(one, at(path, 'any', i)))
  if ('not' in condition) return leavesWithPlace(condition.not, at(path, 'not'))
  return 'condition' in condition ? [] : [{ leaf: condition, place: path }]
}
