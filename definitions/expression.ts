import { addDuration } from '../domain/business-calendar.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import { EngineFault } from './fault.ts'
import type { Expr } from './format.ts'
import { readPath } from './paths.ts'

/** What an expression can see. */
export interface Scope {
  ctx: JsonObject
  event: Json
  output: Json
  instance: { id: string; startedAt: string; now: string; actor: string | null; definition: string; version: number }
}

/** The value of an expression; a path that leads nowhere is null. Ends in EngineFault `BadExpression` on a wrong type. */
export function resolve(expr: Expr, scope: Scope): Json {
  if (expr === null || typeof expr !== 'object') return expr
  if (Array.isArray(expr)) return expr.map((part) => resolve(part, scope))
  if (Object.hasOwn(expr, '$ctx')) return readPath(scope.ctx, expr['$ctx'] as string) ?? null
  if (Object.hasOwn(expr, '$event')) return readPath(scope.event, expr['$event'] as string) ?? null
  if (Object.hasOwn(expr, '$output')) return readPath(scope.output, expr['$output'] as string) ?? null
  if (Object.hasOwn(expr, '$instance')) return instancePart(scope, expr['$instance'] as string)
  if (Object.hasOwn(expr, '$fn')) return call(expr['$fn'] as Json[], scope)
  return Object.fromEntries(Object.entries(expr).map(([key, part]) => [key, resolve(part, scope)]))
}

function call([name, ...parts]: Json[], scope: Scope): Json {
  const values = parts.map((part) => resolve(part, scope))
  switch (name) {
    case 'add':
      return integers(values).reduce((sum, n) => safe(sum + n), 0)
    case 'sub':
      if (values.length === 0) throw fault('sub wants at least one number')
      return integers(values).reduce((rest, n) => safe(rest - n))
    case 'coalesce':
      return values.find((value) => value !== null) ?? null
    case 'concat':
      return values.map(wordOf).join('')
    case 'length':
      return Array.isArray(values[0]) || typeof values[0] === 'string' ? values[0].length : 0
    case 'plusDuration': {
      const at = typeof values[0] === 'string' ? Date.parse(values[0]) : Number.NaN
      if (Number.isNaN(at) || typeof values[1] !== 'string') throw fault('plusDuration wants an instant and a duration')
      return instantOf(addDuration(at, values[1]))
    }
    default:
      throw fault(`no function ${JSON.stringify(name)}`)
  }
}

function wordOf(value: Json): string {
  if (typeof value === 'object' && value !== null) throw fault('concat wants words and numbers')
  return value === null ? '' : String(value)
}

function instancePart({ instance }: Scope, name: string): Json {
  return Object.hasOwn(instance, name) ? instance[name as keyof Scope['instance']] : null
}

function instantOf(epochMs: number): string {
  if (!(Math.abs(epochMs) <= 8.64e15)) throw fault('the sum is beyond all time')
  return new Date(epochMs).toISOString()
}

function integers(values: Json[]): number[] {
  return values.map((value) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value))
      throw fault(`not a whole number: ${JSON.stringify(value)}`)
    return value
  })
}

/** Money goes through here: an amount beyond 2^53 must stop, not lose Rials (M1). */
function safe(value: number): number {
  if (!Number.isSafeInteger(value)) throw fault('the sum leaves the safe integers')
  return value
}

const fault = (message: string) => new EngineFault('BadExpression', message)
