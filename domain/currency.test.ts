import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { convert, freshRate, parseDecimal } from './currency.ts'
import { rial } from './money.ts'

const [irr, usd] = [
  { code: 'IRR', exponent: 0 },
  { code: 'USD', exponent: 2 },
]
const rate = {
  base: 'USD',
  quote: 'IRR',
  numerator: 112_345_678,
  denominator: 100,
  validFrom: '2026-11-24T00:00:00.000Z',
  source: 't',
}

describe('M2: a conversion is exact and rounded once', () => {
  test('19.99 USD at 1,123,456.78 is 22,457,901 Rial', () => {
    expect(convert(rial(1999), usd, irr, rate)).toBe(22_457_901) // 22,457,901.0322
    expect(convert(rial(22_457_901), irr, usd, rate)).toBe(1999)
    expect(convert(rial(7), irr, irr, rate)).toBe(7)
  })
  test('forth and back is never off by more than the coarser unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (cents) => {
        expect(convert(convert(rial(cents), usd, irr, rate), irr, usd, rate)).toBe(cents)
      }),
    )
  })
  test('another pair is refused', () => {
    expect(() => convert(rial(1), { code: 'EUR', exponent: 2 }, irr, rate)).toThrow('RateMismatch')
  })
})

test.each([
  ['1123456.78', 112_345_678, 100],
  ['7', 7, 1],
  ['0.5', 5, 10],
])('%s is read exactly', (text, numerator, denominator) => {
  expect(parseDecimal(text)).toEqual({ numerator, denominator })
})
test.each(['', '-1', '1e3', '1.', '۱', '1,000', '123456789012345.123456789'])('%p is no rate', (text) => {
  expect(() => parseDecimal(text)).toThrow('BadRate')
})

test('M13: the newest rate that is not of the future counts, and not for ever', () => {
  const at = (validFrom: string) => ({ ...rate, validFrom })
  const rates = [at('2026-11-24T06:00:00.000Z'), at('2026-11-24T05:00:00.000Z')]
  expect(freshRate(rates, '2026-11-24T05:59:59.999Z', 24).validFrom).toBe('2026-11-24T05:00:00.000Z')
  expect(() => freshRate(rates, '2026-11-24T04:00:00.000Z', 24)).toThrow('NoFreshRate')
  expect(() => freshRate(rates, '2026-11-25T06:00:00.001Z', 24)).toThrow('NoFreshRate')
})
