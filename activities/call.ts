import { DomainError } from '../domain/errors.ts'
import type { Json, JsonObject } from '../domain/json.ts'

/** What a call of a definition brings: its idempotency key, the order it is for, and its input as the catalogue describes it. */
export interface Call {
  key: string
  orderId: string
  input: Json
}

/** A text of a call's input. Ends in DomainError `BadCallInput` naming the field: a definition that passed the checks never gets there. */
export function textOf(call: Call, field: string): string {
  const value = (call.input as JsonObject)[field]
  if (typeof value === 'string' && value !== '') return value
  throw new DomainError(
    'BadCallInput',
    { en: `the call needs ${field}`, fa: `ورودی ${field} برای این فراخوانی لازم است` },
    field,
  )
}

export function optionalTextOf(call: Call, field: string): string | undefined {
  const value = (call.input as JsonObject)[field]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A whole number of a call's input (Rial, hours). Ends in DomainError `BadCallInput`. */
export function integerOf(call: Call, field: string): number {
  const value = (call.input as JsonObject)[field]
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new DomainError(
    'BadCallInput',
    { en: `the call needs a whole ${field}`, fa: `ورودی ${field} باید عدد صحیح باشد` },
    field,
  )
}
