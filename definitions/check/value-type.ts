import type { Json, JsonObject } from '../../domain/json.ts'
import type { Expr, JsonSchema } from '../format.ts'
import type { TypeOf } from './cells.ts'

/** JSON types that a value may have; undefined = anything. `integer` stands beside `number`. */
export type Types = ReadonlySet<string> | undefined

/** The types of what a schema allows at a dotted path. */
export function typesAt(root: JsonSchema | undefined, path: string): Types {
  let schema: Json | undefined = root
  for (const key of path.split('.').slice(1)) {
    if (!isObject(schema)) return undefined
    schema = ((schema['properties'] ?? {}) as JsonObject)[key]
  }
  return isObject(schema) ? typesOf(schema) : undefined
}

export function typesOf(schema: JsonObject): Types {
  const { type } = schema
  if (Array.isArray(schema['enum'])) return new Set(schema['enum'].map(typeName))
  if (schema['const'] !== undefined) return new Set([typeName(schema['const'])])
  if (typeof type === 'string') return new Set([type])
  return Array.isArray(type) ? new Set(type as string[]) : undefined
}

/** The types of what an expression gives. */
export function typesOfExpr(expr: Expr, typeOf: TypeOf): Types {
  if (!isObject(expr)) return new Set([typeName(expr)])
  for (const [reference, fact] of references)
    if (typeof expr[reference] === 'string') return typesAt(typeOf(fact), expr[reference])
  if (typeof expr['$instance'] === 'string')
    return new Set(
      expr['$instance'] === 'version' ? ['integer'] : expr['$instance'] === 'actor' ? ['string', 'null'] : ['string'],
    )
  if (Array.isArray(expr['$fn'])) return functions[expr['$fn'][0] as string]
  return new Set(['object'])
}

const references = [
  ['$ctx', 'ctx'],
  ['$event', 'event'],
  ['$output', 'output'],
] as const

const functions: Record<string, Types> = {
  add: new Set(['integer']),
  sub: new Set(['integer']),
  length: new Set(['integer']),
  concat: new Set(['string']),
  plusDuration: new Set(['string']),
}

/** Whether some value of the first types is one of the second. */
export function meets(given: Types, wanted: Types): boolean {
  if (given === undefined || wanted === undefined) return true
  return [...given].some((type) => wanted.has(type) || (isNumber(type) && [...wanted].some(isNumber)))
}

const isNumber = (type: string) => type === 'number' || type === 'integer'

export function typeName(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
