import { type OutputUnit, Validator } from '@cfworker/json-schema'
import type { Text } from '../../domain/errors.ts'
import type { Json } from '../../domain/json.ts'
import type { JsonSchema } from '../format.ts'
import type { GraphEvent } from '../graph.ts'
import { type Draft, judge } from './draft.ts'
import { FactsNeeded } from './select.ts'

/** A fault in what was handed in: where, and why. */
export interface InputFault {
  place: string
  message: Text
}

/** Faults of a value against a JSON Schema 2020-12; at most ten. The interpreter needs no code generation, so it runs in the sandbox and the browser alike. */
export function schemaFaults(schema: JsonSchema, value: Json): InputFault[] {
  const errors = errorsOf(schema, value)
  return errors
    .filter(({ keyword }) => keyword !== 'properties' && keyword !== 'items' && keyword !== '$ref')
    .slice(0, 10)
    .map(({ instanceLocation, keyword, error }) => ({
      place: `$${instanceLocation.slice(1)}`,
      message: { en: error, fa: persian(keyword) },
    }))
}

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
