import { describe, expect, test } from '@jest/globals'
import { schemaFaults } from './payload.ts'

/** A pattern that tries 2^n ways: where it ran on a long text, the test would not end. */
const hanging = { type: 'string', pattern: '^(a+)+$' } as const
const long = `${'a'.repeat(1000)}!`

describe('a text beyond 1,000 characters never meets a pattern (A10)', () => {
  test.each([
    ['of a property', { properties: { a: hanging } }, { a: long }, '$.a'],
    ['of an item', { items: hanging }, [long], '$[0]'],
    ['that an item must contain', { contains: hanging }, [long], '$[0]'],
    ['of further properties', { additionalProperties: hanging }, { x: long }, '$.x'],
    ['of an alternative', { anyOf: [true, { not: hanging }] }, long, '$'],
    ['of a condition', { if: { properties: { a: hanging } } }, { a: long }, '$.a'],
    ['deep inside', { properties: { l: { items: { allOf: [hanging] } } } }, { l: [long] }, '$.l[0]'],
  ])('%s', (_where, schema, value, place) => {
    expect(schemaFaults(schema, value)).toEqual([
      {
        place,
        message: { en: 'The text is longer than 1000 characters', fa: 'متن بلندتر از 1000 نویسه است' },
      },
    ])
  })

  test('while a long text without a pattern, and a short one with it, are judged by their schema', () => {
    const schema = { properties: { note: { type: 'string' }, code: { type: 'string', pattern: '^\\d{3}$' } } }

    expect(schemaFaults(schema, { note: long, code: '123' })).toEqual([])
    expect(schemaFaults(schema, { note: long, code: 'abc' })).toMatchObject([{ place: '$.code' }])
  })
})

test('the place of a fault is a path as everywhere, with marks in names', () => {
  const schema = { properties: { 'a/b': { items: { properties: { n: { type: 'number' } } } } } }

  expect(schemaFaults(schema, { 'a/b': [{ n: 1 }, { n: 'x' }] }).at(-1)?.place).toBe('$.a/b[1].n')
})
