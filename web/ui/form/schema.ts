import { Validator } from '@cfworker/json-schema'
import type { Text } from '../../../domain/errors.ts'
import type { JsonObject } from '../../../domain/json.ts'
import { enumWords, fieldWords } from './field-words.ts'

/** How a value is asked for. */
export type Widget =
  | 'text'
  | 'textarea'
  | 'integer'
  | 'money'
  | 'boolean'
  | 'choice'
  | 'day'
  | 'moment'
  | 'file'
  | 'files'
  | 'technician'

/** One question of a form. */
export interface Field {
  name: string
  label: Text
  widget: Widget
  required: boolean
  options: { value: string; label: Text }[]
  /** Left to right in any language: numbers of things, addresses. */
  code: boolean
}

/** The form of an event as the API tells it. */
export interface FormSource {
  schema?: unknown
  ui?: unknown
  steps: unknown[]
}

type Shape = { [key: string]: unknown }
const isShape = (value: unknown): value is Shape => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The questions of a form in the order of its steps; what no step names comes last. */
export function fieldsOf({ schema, ui, steps }: FormSource): Field[] {
  if (!isShape(schema) || !isShape(schema['properties'])) return []
  const properties = schema['properties']
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const named = steps.flatMap((step) => (isShape(step) && Array.isArray(step['fields']) ? step['fields'] : []))
  const names = [...new Set([...named.map(String), ...Object.keys(properties)])].filter((name) =>
    isShape(properties[name]),
  )
  return names.map((name) => {
    const property = properties[name] as Shape
    const hint = isShape(ui) && isShape(ui[name]) ? ui[name] : {}
    const values = Array.isArray(property['enum']) ? property['enum'].filter((v) => v !== null).map(String) : []
    return {
      name,
      label: labelOf(name, property, hint),
      widget: widgetOf(property, hint),
      required: required.includes(name),
      options: values.map((value) => ({ value, label: enumWords[value] ?? { fa: value, en: value } })),
      code: typeof property['pattern'] === 'string' || /serial|ref$|id$/i.test(name),
    }
  })
}

/** What the browser finds wrong with the answers, by field; the engine checks by the same library. Null: nothing. */
export function faultsOf(schema: unknown, answers: JsonObject): Set<string> {
  const validator = new Validator(schema as object, '2020-12', false)
  const { valid, errors } = validator.validate(answers)
  if (valid) return new Set()
  const named = errors.flatMap(({ keyword, instanceLocation, error }) => {
    const inside = instanceLocation.split('/')[1]
    if (inside !== undefined) return [inside]
    const missing = /property "([^"]+)"/.exec(error)?.[1]
    return keyword === 'required' && missing !== undefined ? [missing] : []
  })
  return new Set(named.length > 0 ? named : [''])
}

function labelOf(name: string, property: Shape, hint: Shape): Text {
  const { label } = hint
  if (isShape(label) && typeof label['fa'] === 'string' && typeof label['en'] === 'string')
    return { fa: label['fa'], en: label['en'] }
  const { title } = property
  return fieldWords[name] ?? (typeof title === 'string' ? { fa: title, en: title } : { fa: name, en: name })
}

function widgetOf(property: Shape, hint: Shape): Widget {
  const { widget } = hint
  const types = [property['type']].flat()
  const { format } = property
  if (Array.isArray(property['enum'])) return 'choice'
  if (types.includes('boolean')) return 'boolean'
  if (widget === 'money') return 'money'
  if (types.includes('integer') || types.includes('number')) return 'integer'
  if (types.includes('array')) return 'files'
  if (format === 'date') return 'day'
  if (format === 'date-time') return 'moment'
  if (format === 'uri-reference' || widget === 'file') return 'file'
  if (widget === 'technician-picker') return 'technician'
  return widget === 'textarea' || (typeof property['maxLength'] === 'number' && property['maxLength'] > 200)
    ? 'textarea'
    : 'text'
}
