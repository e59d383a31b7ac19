import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Json } from '../domain/json.ts'
import { resolve, type Scope } from './expression.ts'
import type { Expr } from './format.ts'

const scope: Scope = {
  ctx: { n: 5, word: 'w', none: null, list: [1, 2], at: '2026-03-21T00:00:00Z' },
  event: { n: 7 },
  output: { ref: 'R' },
  instance: {
    id: 'o1',
    startedAt: '2026-01-01T00:00:00.000Z',
    now: '2026-02-01T00:00:00.000Z',
    actor: null,
    definition: 'd',
    version: 3,
  },
}
const fn = (...parts: Json[]): Json => resolve({ $fn: parts }, scope)

describe('values', () => {
  test.each<[Expr, Json]>([
    [1, 1],
    [null, null],
    ['$ctx', '$ctx'],
    [{ $ctx: '$.n' }, 5],
    [{ $event: '$.n' }, 7],
    [{ $output: '$.ref' }, 'R'],
    [{ $ctx: '$.ghost.x' }, null],
    [{ $event: '$' }, { n: 7 }],
    [{ $instance: 'id' }, 'o1'],
    [{ $instance: 'version' }, 3],
    [{ $instance: 'actor' }, null],
    [
      { a: [{ $ctx: '$.n' }, 'x'], b: { c: { $output: '$.ref' } } },
      { a: [5, 'x'], b: { c: 'R' } },
    ],
  ])('%j', (expr, expected) => {
    expect(resolve(expr, scope)).toEqual(expected)
  })
  test('what no event or output has is null', () => {
    expect(resolve([{ $event: '$.n' }, { $output: '$.n' }], { ...scope, event: null, output: 'text' })).toEqual([
      null,
      null,
    ])
  })
  test.each(['constructor', '__proto__', 'toString', 'ghost'])(
    'nothing but its own is read of the instance: %s',
    (name) => {
      expect(resolve({ $instance: name }, scope)).toBeNull()
    },
  )
  test('paths reach no prototype, and a literal cannot set one', () => {
    expect(resolve([{ $ctx: '$.constructor.name' }, { $ctx: '$.__proto__' }, { $event: '$.toString' }], scope)).toEqual(
      [null, null, null],
    )
    const made = resolve(JSON.parse('{"a": {"__proto__": {"admin": true}}}') as Expr, scope) as {
      a: { admin?: boolean }
    }
    expect(made.a.admin).toBeUndefined()
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })
})

describe('functions', () => {
  test.each<[Json[], Json]>([
    [['add', 1, 2, { $ctx: '$.n' }], 8],
    [['sub', 10, 3, 2], 5],
    [['coalesce', { $ctx: '$.ghost' }, null, 0, 1], 0],
    [['coalesce', null], null],
    [['concat', 'a', 1, null, true, { $ctx: '$.word' }], 'a1truew'],
    [['length', { $ctx: '$.list' }], 2],
    [['length', 'abc'], 3],
    [['length', null], 0],
    [['plusDuration', { $ctx: '$.at' }, 'P1DT2H'], '2026-03-22T02:00:00.000Z'],
    [['add', ['$fn'], 1].slice(0, 1), 0],
  ])('%j = %j', (parts, expected) => {
    expect(fn(...parts)).toEqual(expected)
  })
  test.each<[Json[]]>([
    [['add', 1, '2']],
    [['add', 1, null]],
    [['add', 0.5, 0.5]],
    [['add', 2 ** 53 - 1, 1]],
    [['sub', -(2 ** 53 - 1), 1]],
    [['add', 2 ** 53 - 1, 1, -1]],
    [['sub']],
    [['plusDuration', 'noon', 'P1D']],
    [['plusDuration', '2026-01-01T00:00:00Z', 4]],
    [['concat', { a: 1 }]],
    [['constructor', 1]],
    [['eval', '1']],
  ])('%j is a BadExpression', (parts) => {
    let thrown: unknown
    try {
      fn(...parts)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ name: 'EngineFault', type: 'BadExpression' })
  })
  test('sums are exact or refused: no Rial is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 5 }), (amounts) => {
        const exact = amounts.reduce((sum, n) => sum + BigInt(n), 0n)
        let got: Json
        try {
          got = fn('add', ...amounts)
        } catch {
          return
        }
        expect(BigInt(got as number)).toBe(exact)
      }),
    )
  })
})
