import { Problem } from './problem.ts'
import { placeOf } from './zod-faults.ts'

export const maxDepth = 32
export const maxKeys = 5_000

/**
 * Refuses JSON that is made to break those who handle it: deeper than 32, more than 5,000 keys and items, or a key through
 * which a prototype could be reached, at any depth. Throws Problem 400 `TooDeep`, `TooManyKeys` or `ForbiddenKey` with the place.
 * Walks with a stack of its own, since depth is what it guards against.
 */
export function refusePoison(body: unknown): void {
  const waiting: { value: unknown; path: PropertyKey[] }[] = [{ value: body, path: [] }]
  let keys = 0
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const { value, path } = at
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) continue
    if (path.length >= maxDepth)
      throw refusal('TooDeep', path, `داده بیش از ${maxDepth} لایه دارد`, `deeper than ${maxDepth}`)
    for (const [key, inner] of Object.entries(value)) {
      keys += 1
      if (keys > maxKeys)
        throw refusal('TooManyKeys', path, `داده بیش از ${maxKeys} کلید دارد`, `more than ${maxKeys} keys`)
      const inside = [...path, Array.isArray(value) ? Number(key) : key]
      if (forbiddenKeys.has(key))
        throw refusal('ForbiddenKey', inside, 'این نام کلید پذیرفته نیست', 'this key is not accepted')
      waiting.push({ value: inner, path: inside })
    }
  }
}

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

function refusal(code: string, path: PropertyKey[], fa: string, en: string): Problem {
  return new Problem(400, code, { fa, en }, { errors: [{ place: placeOf('$.body', path), fa, en }] })
}
