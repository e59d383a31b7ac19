import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { instalments, prorate, rial, roundHalfUp, share, splitRial, sumRial } from './money.ts'

const amount = fc.integer({ min: 0, max: 1_000_000_000_000 }).map((n) => rial(n))

describe('M1: amounts are safe integers', () => {
  test('takes integers, bigints and decimal strings', () => {
    expect([rial(5), rial(5n), rial('-5'), rial(-0)]).toEqual([5, 5, -5, 0])
  })
  test.each([1.5, 2 ** 53, Number.NaN, 9_007_199_254_740_993n, '1.0', '', '1e3', '۱۲'])('refuses %p', (value) => {
    expect(() => rial(value)).toThrow('BadAmount')
  })
  test('a sum beyond the safe integers is refused, not rounded', () => {
    expect(() => sumRial([rial(2 ** 53 - 1), rial(1)])).toThrow('BadAmount')
  })
})

describe('M2: half-up on the absolute value', () => {
  test.each([
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [5n, -2n, -3n],
    [49n, 100n, 0n],
    [-50n, 100n, -1n],
    [50n, 100n, 1n],
    [7n, 3n, 2n],
    [10n ** 30n + 5n * 10n ** 28n, 10n ** 29n, 11n],
  ])('%p / %p = %p', (numerator, denominator, expected) => {
    expect(roundHalfUp(numerator, denominator)).toBe(expected)
  })
  test('is off by at most one half and odd', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 12n }), (n, d) => {
        const twice = 2n * (roundHalfUp(n, d) * d - n)
        expect(twice <= d && twice >= -d).toBe(true)
        expect(roundHalfUp(-n, d)).toBe(-roundHalfUp(n, d))
      }),
    )
  })
  test('a share is exact where floats are not', () => {
    expect(share(rial(1_150), { numerator: 1, denominator: 100 })).toBe(12) // 11.5
    expect(share(rial(9_007_199_254_740_991), { numerator: 1, denominator: 1 })).toBe(9_007_199_254_740_991)
  })
})

test('M6: 7 of 31 days of 1,250,000 Rial is 282,258', () => {
  expect(prorate(rial(1_250_000), 7, 31)).toBe(282_258)
  expect(prorate(rial(1_250_000), 31, 31)).toBe(1_250_000)
  expect(prorate(rial(1_250_000), 0, 31)).toBe(0)
  expect(() => prorate(rial(1), 32, 31)).toThrow('BadAmount')
})

describe('M7: splits', () => {
  test('the first parts take the Rials that are left', () => {
    expect(instalments(rial(1_000_000), 3)).toEqual([333_334, 333_333, 333_333])
    expect(splitRial(rial(11), [0, 1, 1, 1])).toEqual([0, 4, 4, 3])
    expect(splitRial(rial(-10), [1, 2])).toEqual([-4, -6])
    expect(() => splitRial(rial(10), [])).toThrow('BadAmount')
    expect(() => splitRial(rial(10), [2, -1])).toThrow('BadAmount')
  })
  test('the sum is exact and no part is a Rial or more away from its due', () => {
    fc.assert(
      fc.property(
        amount,
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 }),
        (whole, weights) => {
          const total = weights.reduce((a, b) => a + b, 0)
          fc.pre(total > 0)
          const parts = splitRial(whole, weights)
          expect(sumRial(parts)).toBe(whole)
          parts.forEach((part, i) => {
            const gap = BigInt(part) * BigInt(total) - BigInt(whole) * BigInt(weights[i] ?? 0)
            expect(gap <= BigInt(total) && gap > -BigInt(total)).toBe(true)
          })
        },
      ),
    )
  })
})
