import type { Json } from '../domain/json.ts'

/** Reads a dotted path (`$.a.b`) of own properties only; `undefined` where nothing is. Never reaches a prototype. */
export function readPath(value: Json | undefined, path: string | undefined): Json | undefined {
  if (path === undefined || path === '$') return value
  let at: Json | undefined = value
  for (const key of path.slice(2).split('.')) {
    if (at === null || typeof at !== 'object' || Array.isArray(at) || !Object.hasOwn(at, key)) return undefined
    at = at[key]
  }
  return at
}
