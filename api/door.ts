import { Problem } from './problem.ts'
import { placeOf } from './zod-faults.ts'

export const maxDepth = 32
export const maxKeys = 5_000

/**
 * Refuses input that is made to break those who handle it: deeper than 32, more than 5,000 keys and items, a key through
 * which a prototype could be reached, at any depth, or a NUL, which no text of the database holds. Throws Problem 400
 * `TooDeep`, `TooManyKeys`, `ForbiddenKey` or `ForbiddenCharacter` with the place within `where`.
 * Walks with a stack of its own, since depth is what it guards against.
 */
export function refusePoison(body: unknown, where = '$.body'): void {
  const waiting: { value: unknown; path: PropertyKey[] }[] = [{ value: body, path: [] }]
  let keys = 0
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const { value, path } = at
    if (typeof value === 'string' && value.includes('\0'))
      throw refusal('ForbiddenCharacter', where, path, 'نویسهٔ NUL پذیرفته نیست', 'the character NUL is not accepted')
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) continue
    if (path.length >= maxDepth)
      throw refusal('TooDeep', where, path, `داده بیش از ${maxDepth} لایه دارد`, `deeper than ${maxDepth}`)
    for (const [key, inner] of Object.entries(value)) {
      keys += 1
      if (keys > maxKeys)
        throw refusal('TooManyKeys', where, path, `داده بیش از ${maxKeys} کلید دارد`, `more than ${maxKeys} keys`)
      const inside = [...path, Array.isArray(value) ? Number(key) : key]
      if (key.includes('\0'))
        throw refusal('ForbiddenCharacter', where, path, 'نویسهٔ NUL پذیرفته نیست', 'the character NUL is not accepted')
      if (forbiddenKeys.has(key))
        throw refusal('ForbiddenKey', where, inside, 'این نام کلید پذیرفته نیست', 'this key is not accepted')
      waiting.push({ value: inner, path: inside })
    }
  }
}

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

function refusal(code: string, where: string, path: PropertyKey[], fa: string, en: string): Problem {
  return new Problem(400, code, { fa, en }, { errors: [{ place: placeOf(where, path), fa, en }] })
}
