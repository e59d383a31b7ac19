import type { Json, JsonObject } from '../../domain/json.ts'
import type { Condition, JsonSchema } from '../format.ts'
import { underscored } from '../interpreter/draft.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { at } from './place.ts'
import { actionsOf, conditionsOf, expressionsOf, statesOf } from './walk.ts'

/** What conditions and expressions read from the order's data, from facts and visits exists; so does what `assign` sets. A typo would be null for ever. */
export function dataFindings({ definition }: Subject): Finding[] {
  const context = definition.context.schema
  const visits: JsonSchema = {
    type: 'object',
    properties: Object.fromEntries(statesOf(definition).map(({ id }) => [underscored(id), true])),
    additionalProperties: false,
  }
  const schemaOf = (fact: string): JsonSchema | undefined => {
    if (fact === 'ctx') return context
    if (fact === 'visits') return visits
    const declared =
      definition.facts !== undefined && Object.hasOwn(definition.facts, fact) ? definition.facts[fact] : undefined
    return declared === undefined || declared.type === true ? declared?.type : closed(declared.type)
  }
  const ctx = (path: string, place: string) => (leads(context, path) ? [] : [nothing(`ctx ${path}`, place)])

  return [
    ...conditionsOf(definition).flatMap(({ value, path }) =>
      leavesOf(value, path).flatMap(({ fact, read, place }) => {
        const schema = schemaOf(fact)
        return schema === undefined || leads(schema, read) ? [] : [nothing(`${fact} ${read}`, place)]
      }),
    ),
    ...expressionsOf(definition).flatMap(({ value, path }) => contextPaths(value).flatMap((read) => ctx(read, path))),
    ...actionsOf(definition).flatMap(({ path, value }) =>
      value.type === 'assign' ? Object.keys(value.set).flatMap((name) => ctx(`$.${name}`, at(path, 'set', name))) : [],
    ),
    ...Object.keys(definition.context.initial ?? {}).flatMap((name) => ctx(`$.${name}`, at('$.context.initial', name))),
  ]
}

/** A schema that takes nothing it does not name, unless it says so. */
export const closed = (schema: JsonSchema): JsonSchema =>
  typeof schema === 'boolean' || Object.hasOwn(schema, 'additionalProperties')
    ? schema
    : { ...schema, additionalProperties: false }

/** Whether a dotted path can lead to something by a schema; where the schema is open, it can. */
export function leads(schema: JsonSchema, path: string): boolean {
  let sub: Json | undefined = schema
  for (const key of path.split('.').slice(1)) {
    if (typeof sub !== 'object' || sub === null || Array.isArray(sub)) return sub !== false
    const properties: JsonObject = (sub['properties'] ?? {}) as JsonObject
    if (Object.hasOwn(properties, key)) sub = properties[key]
    else return sub['additionalProperties'] !== false
  }
  return true
}

export function leavesOf(condition: Condition, path: string): { fact: string; read: string; place: string }[] {
  if ('all' in condition) return condition.all.flatMap((one, i) => leavesOf(one, at(path, 'all', i)))
  if ('any' in condition) return condition.any.flatMap((one, i) => leavesOf(one, at(path, 'any', i)))
  if ('not' in condition) return leavesOf(condition.not, at(path, 'not'))
  if ('condition' in condition) return []
  const { fact, path: read = '$', value } = condition
  const own = { fact, read, place: at(path, 'path') }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [own]
  return [own, { fact: value.fact, read: value.path ?? '$', place: at(path, 'value', 'path') }]
}

function contextPaths(expr: Json): string[] {
  if (expr === null || typeof expr !== 'object') return []
  if (Array.isArray(expr)) return expr.flatMap(contextPaths)
  const own = typeof expr['$ctx'] === 'string' ? [expr['$ctx']] : []
  return [...own, ...Object.values(expr).flatMap(contextPaths)]
}

const nothing = (what: string, path: string) =>
  error('E20', path, { en: `there is nothing at ${what}`, fa: `در ${what} چیزی تعریف نشده است` })
