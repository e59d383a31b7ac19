import { describe, expect, test } from '@jest/globals'
import type { Json } from '../domain/json.ts'
import { readPath } from './paths.ts'

describe('a dotted path', () => {
  const value: Json = { a: { b: { c: 1 } }, list: [{ x: 1 }], none: null, zero: 0, word: 'abc' }
  test.each<[string | undefined, Json | undefined]>([
    ['$.a.b.c', 1],
    ['$.a.b', { c: 1 }],
    ['$.zero', 0],
    ['$.none', null],
    ['$', value],
    [undefined, value],
    ['$.b', undefined],
    ['$.a.x.c', undefined],
    ['$.none.x', undefined],
    ['$.zero.x', undefined],
    ['$.word.length', undefined],
    ['$.list.0', undefined],
    ['$.list.length', undefined],
    ['$.', undefined],
  ])('%p reads %p', (path, expected) => {
    expect(readPath(value, path)).toEqual(expected)
  })
  test.each([
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '__proto__.x',
    'constructor.name',
    'a.__proto__',
    'a.constructor.prototype',
  ])('%s reads nothing', (path) => {
    expect(readPath(value, `$.${path}`)).toBeUndefined()
  })
  test('an own key of such a name is data like any other, and reaches no prototype', () => {
    expect(readPath(JSON.parse('{"__proto__": {"x": 1}}') as Json, '$.__proto__.x')).toBe(1)
    expect(readPath({}, '$.__proto__.x')).toBeUndefined()
  })
})
