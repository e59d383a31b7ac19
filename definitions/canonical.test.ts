import { expect, test } from '@jest/globals'
import { canonicalText } from './canonical.ts'

test('key order and spacing do not change the canonical text', () => {
  const one = canonicalText(JSON.parse('{"b": 1, "a": {"d": null, "c": [2, 1]}}'))
  const other = canonicalText(JSON.parse('{"a":{"c":[2,1],"d":null},"b":1}'))

  expect(one).toBe(other)
  expect(one).toBe('{"a":{"c":[2,1],"d":null},"b":1}')
})

test('the order of an array does', () => {
  expect(canonicalText([1, 2])).not.toBe(canonicalText([2, 1]))
})

test('text is escaped as JSON', () => {
  expect(canonicalText({ 'a"': 'ی\n' })).toBe('{"a\\"":"ی\\n"}')
})
