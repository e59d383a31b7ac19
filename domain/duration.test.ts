import { expect, test } from '@jest/globals'
import { parseDuration } from './duration.ts'

test('reads every part of an ISO 8601 duration', () => {
  expect(parseDuration('P3DT4H')).toEqual({ months: 0, days: 3, ms: 14_400_000, negative: false })
  expect(parseDuration('-P1Y2M1W3DT1H2M3S')).toEqual({ months: 14, days: 10, ms: 3_723_000, negative: true })
  expect(parseDuration('PT30M').ms).toBe(1_800_000)
})

test.each([
  '',
  'P',
  'PT',
  'P1DT',
  '3D',
  'P1.5D',
  'P1H',
  'PT1D',
  'P-1D',
  'P1D ',
  'P999999D',
  'P9999Y',
  'PT99999999999H',
])('refuses %j', (text) => {
  expect(() => parseDuration(text)).toThrow('BadDuration')
})
