import type { Json } from '../../domain/json.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { patternFault } from './pattern.ts'
import { at } from './place.ts'
import { schemasOf } from './walk.ts'

const subschema = new Set(['items', 'not', 'if', 'then', 'else', 'additionalProperties', 'contains'])
const listOfSchemas = new Set(['anyOf', 'oneOf', 'allOf'])
const numbers = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
])
const plain = new Set(['const', 'default', 'title', 'description', 'examples', '$comment', '$schema'])
const types = new Set(['string', 'integer', 'number', 'boolean', 'null', 'array', 'object'])
const formats = new Set(['date', 'date-time', 'time', 'email', 'uri', 'uri-reference', 'uuid', 'duration'])
const maxPatternLength = 1000

/** E36: the JSON Schemas that come with a definition keep to a closed subset (no references, no patterns for names), and their patterns cannot hang. */
export function schemaFindings({ definition }: Subject): Finding[] {
  return schemasOf(definition).flatMap(({ path, schema }) => faultsOf(schema, path))
}

function faultsOf(schema: Json, path: string): Finding[] {
  if (typeof schema === 'boolean') return []
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema))
    return [unsafe(path, 'not a schema', 'طرح‌واره نیست')]
  return Object.entries(schema).flatMap(([keyword, value]): Finding[] => {
    const place = at(path, keyword)
    const wrong = () => [unsafe(place, `the value of ${keyword} is wrong`, `مقدار ${keyword} درست نیست`)]
    if (subschema.has(keyword)) return faultsOf(value, place)
    if (listOfSchemas.has(keyword))
      return Array.isArray(value) && value.length > 0 ? value.flatMap((one, i) => faultsOf(one, at(place, i))) : wrong()
    if (keyword === 'properties') {
      if (value === null || typeof value !== 'object' || Array.isArray(value)) return wrong()
      return Object.entries(value).flatMap(([name, one]) => faultsOf(one, at(place, name)))
    }
    if (numbers.has(keyword)) return typeof value === 'number' ? [] : wrong()
    if (plain.has(keyword)) return []
    switch (keyword) {
      case 'type': {
        const list = Array.isArray(value) ? value : [value]
        return list.every((one) => typeof one === 'string' && types.has(one)) ? [] : wrong()
      }
      case 'enum':
        return Array.isArray(value) && value.length > 0 ? [] : wrong()
      case 'required':
        return Array.isArray(value) && value.every((one) => typeof one === 'string') ? [] : wrong()
      case 'uniqueItems':
        return typeof value === 'boolean' ? [] : wrong()
      case 'format':
        return typeof value === 'string' && formats.has(value) ? [] : wrong()
      case 'pattern': {
        if (typeof value !== 'string') return wrong()
        const fault = patternFault(value)
        if (fault !== undefined) return [unsafe(place, fault, `الگو پذیرفته نیست: ${fault}`)]
        const { maxLength } = schema
        if (/[*+]|,\}/.test(value) && !(typeof maxLength === 'number' && maxLength <= maxPatternLength))
          return [
            unsafe(
              place,
              `a pattern without a bound needs maxLength <= ${maxPatternLength}`,
              `کنار این الگو maxLength تا ${maxPatternLength} لازم است`,
            ),
          ]
        return []
      }
      default:
        return [unsafe(place, `the keyword ${keyword} is not supported`, `کلیدواژه ${keyword} پشتیبانی نمی‌شود`)]
    }
  })
}

const unsafe = (path: string, en: string, fa: string) => error('E36', path, { en, fa })
