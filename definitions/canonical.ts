import type { Json } from '../domain/json.ts'

/**
 * The one text of a definition that is hashed and compared: keys in code-point order at every depth, arrays as they
 * are (their order means something), no white space. Two documents with the same canonical text mean the same.
 */
export function canonicalText(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalText(value[key] as Json)}`).join(',')}}`
}
