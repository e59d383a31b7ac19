import { type OutputUnit, Validator } from '@cfworker/json-schema'
import type { Text } from '../../domain/errors.ts'
import type { Json, JsonObject } from '../../domain/json.ts'
import type { JsonSchema } from '../format.ts'
import type { GraphEvent } from '../graph.ts'
import { type Draft, judge } from './draft.ts'
import { FactsNeeded } from './select.ts'

/** A fault in what was handed in: where, and why. */
export interface InputFault {
  place: string
  message: Text
}

/**
 * Faults of a value against a JSON Schema 2020-12; at most ten. The interpreter needs no code generation, so it runs in the
 * sandbox and the browser alike. A text beyond 1,000 characters never meets a `pattern` (A10): it is a fault by itself.
 */
export function schemaFaults(schema: JsonSchema, value: Json): InputFault[] {
  const tooLong = tooLongForPattern(schema, value, '$')
  if (tooLong.length > 0)
    return tooLong.slice(0, 10).map((place) => ({
      place,
      message: {
        en: `The text is longer than ${maxMatched} characters`,
        fa: `متن بلندتر از ${maxMatched} نویسه است`,
      },
    }))
  const errors = errorsOf(schema, value)
  return errors
    .filter(({ keyword }) => keyword !== 'properties' && keyword !== 'items' && keyword !== '$ref')
    .slice(0, 10)
    .map(({ instanceLocation, keyword, error }) => ({
      place: placeOf(instanceLocation),
      message: { en: error, fa: persian(keyword) },
    }))
}

/** `#/contacts/0/value` as `$.contacts[0].value`. */
function placeOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((place, part) => (/^\d+$/.test(part) ? `${place}[${part}]` : `${place}.${part}`), '$')
}

const maxMatched = 1000
const sameValue = ['anyOf', 'oneOf', 'allOf', 'not', 'if', 'then', 'else'] as const

/** Places of texts that a `pattern` of the schema would be run on and that are longer than 1,000 characters. */
function tooLongForPattern(schema: Json | undefined, value: Json, place: string): string[] {
  if (!isObject(schema)) return []
  const alternatives = sameValue.flatMap((keyword) => [schema[keyword] ?? true].flat())
  const here = alternatives.flatMap((one) => tooLongForPattern(one, value, place))
  if (typeof value === 'string') {
    return value.length > maxMatched && schema['pattern'] !== undefined ? [place] : here
  }
  if (Array.isArray(value)) {
    const items = [schema['items'], schema['contains']]
    return [
      ...here,
      ...value.flatMap((item, i) => items.flatMap((one) => tooLongForPattern(one, item, `${place}[${i}]`))),
    ]
  }
  if (!isObject(value)) return here
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  return [
    ...here,
    ...Object.entries(value).flatMap(([name, inner]) =>
      tooLongForPattern(
        Object.hasOwn(properties, name) ? properties[name] : schema['additionalProperties'],
        inner,
        `${place}.${name}`,
      ),
    ),
  ]
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A schema that cannot be evaluated (a broken pattern, say) takes nothing. */
function errorsOf(schema: JsonSchema, value: Json): OutputUnit[] {
  try {
    const { valid, errors } = new Validator(schema, '2020-12', false).validate(value)
    return valid ? [] : errors
  } catch (error) {
    return [
      {
        instanceLocation: '#',
        keyword: 'schema',
        keywordLocation: '#',
        error: `the schema is broken: ${String(error)}`,
      },
    ]
  }
}

/** Faults of an event's payload: its form or payload schema, then the form's own `validate` conditions. Ends in FactsNeeded. */
export function payloadFaults(draft: Draft, event: GraphEvent | undefined, payload: Json): InputFault[] {
  if (event?.schema === undefined) return []
  const faults = schemaFaults(event.schema, payload ?? {})
  if (faults.length > 0) return faults
  return (event.validate ?? [])
    .filter(({ that }) => {
      const { truth } = judge(draft, that)
      if (truth === 'unknown' && draft.needed.size > 0) throw new FactsNeeded()
      return truth !== 'true'
    })
    .map(({ message }) => ({ place: '$', message }))
}

const persianWords: Record<string, string> = {
  required: 'یک مقدار الزامی داده نشده است',
  type: 'نوع مقدار درست نیست',
  enum: 'مقدار از گزینه‌های مجاز نیست',
  pattern: 'شکل مقدار درست نیست',
  minimum: 'مقدار کمتر از حد مجاز است',
  maximum: 'مقدار بیشتر از حد مجاز است',
  minLength: 'متن کوتاه‌تر از حد مجاز است',
  maxLength: 'متن بلندتر از حد مجاز است',
  format: 'قالب مقدار درست نیست',
  additionalProperties: 'مقداری ناشناخته داده شده است',
  minItems: 'تعداد کمتر از حد مجاز است',
}
const persian = (keyword: string) => persianWords[keyword] ?? 'مقدار پذیرفته نیست'
