import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { computeLine, computeTaxIncludedLine, creditTaxes, type TaxRate } from './invoice-line.ts'
import { rial, sumRial } from './money.ts'

const vat: TaxRate = { code: 'vat', numerator: 10, denominator: 100, compound: false }
const levy: TaxRate = { code: 'levy', numerator: 3, denominator: 200, compound: true }
const taxes = fc.subarray([levy, vat, { code: 'toll', numerator: 1, denominator: 3, compound: true }])
const price = fc.integer({ min: 0, max: 10_000_000_000 }).map((n) => rial(n))

describe('M3: order of computation', () => {
  test('list × quantity, discounts, net, taxes in declared order, total', () => {
    expect(
      computeLine({ unitRial: rial(333_333), quantity: 3, discounts: [rial(99_999), rial(1)], taxes: [vat] }),
    ).toEqual({
      listRial: 999_999,
      discountRial: 100_000,
      netRial: 899_999,
      taxes: [{ ...vat, baseRial: 899_999, amountRial: 90_000 }],
      taxRial: 90_000,
      totalRial: 989_999,
    })
  })

  test('a compound tax enters the base of those after it, a plain one does not', () => {
    const compound = computeLine({ unitRial: rial(1_000_033), quantity: 1, taxes: [levy, vat] })
    expect(compound.taxes.map((tax) => [tax.baseRial, tax.amountRial])).toEqual([
      [1_000_033, 15_000],
      [1_015_033, 101_503],
    ])
    const plain = computeLine({ unitRial: rial(1_000_033), quantity: 1, taxes: [{ ...levy, compound: false }, vat] })
    expect(plain.taxes.map((tax) => [tax.baseRial, tax.amountRial])).toEqual([
      [1_000_033, 15_000],
      [1_000_033, 100_003],
    ])
  })

  test('net is never below 0 (M4) and a quantity is whole', () => {
    expect(computeLine({ unitRial: rial(100), quantity: 1, discounts: [rial(150)], taxes: [vat] }).totalRial).toBe(0)
    expect(() => computeLine({ unitRial: rial(100), quantity: 1.5, taxes: [] })).toThrow('BadQuantity')
  })
})

describe('M5: tax-included price', () => {
  test('1,000,000 with 10 % is 909,091 + 90,909', () => {
    const line = computeTaxIncludedLine({ unitIncludedRial: rial(1_000_000), quantity: 1, taxes: [vat] })
    expect([line.netRial, line.taxRial, line.totalRial]).toEqual([909_091, 90_909, 1_000_000])
  })

  test('the last tax takes the remainder', () => {
    const line = computeTaxIncludedLine({ unitIncludedRial: rial(100), quantity: 1, taxes: [levy, vat] })
    // F = 1.015 × 1.1 = 1.1165; net = round(89.566) = 90; levy = round(1.35) = 1; by M3 vat were 9.1 → 9, and 9 are left
    expect([line.netRial, ...line.taxes.map((tax) => tax.amountRial)]).toEqual([90, 1, 9])
    const odd = computeTaxIncludedLine({ unitIncludedRial: rial(5), quantity: 1, taxes: [vat] })
    expect([odd.netRial, odd.taxRial]).toEqual([5, 0]) // M3 alone would charge 1 more than the price
  })

  test('the total is always the price', () => {
    fc.assert(
      fc.property(price, fc.integer({ min: 0, max: 100 }), taxes, (unitIncludedRial, quantity, rates) => {
        const line = computeTaxIncludedLine({ unitIncludedRial, quantity, taxes: rates })
        expect(line.totalRial).toBe(unitIncludedRial * quantity)
        expect(line.netRial + line.taxRial).toBe(line.totalRial)
      }),
    )
  })
})

describe('M9: credit notes', () => {
  test('credits in any pieces give back exactly the tax, and never a negative one', () => {
    fc.assert(
      fc.property(
        price,
        taxes,
        fc.boolean(),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (unit, rates, included, cuts) => {
          const line = included
            ? computeTaxIncludedLine({ unitIncludedRial: unit, quantity: 1, taxes: rates })
            : computeLine({ unitRial: unit, quantity: 1, taxes: rates })
          const points = [...cuts.map((cut) => Math.floor(cut * line.netRial)), line.netRial].sort((a, b) => a - b)
          const credits = points.flatMap((point, i) => {
            const credited = rial(points[i - 1] ?? 0)
            return creditTaxes(line, credited, rial(point - credited))
          })
          expect(sumRial(credits.map((tax) => tax.amountRial))).toBe(line.taxRial)
          expect(credits.every((tax) => tax.amountRial >= 0)).toBe(true)
        },
      ),
    )
  })

  test('never more than what is left', () => {
    const line = computeLine({ unitRial: rial(1_005), quantity: 1, taxes: [vat] })
    expect(creditTaxes(line, rial(0), rial(500)).map((tax) => tax.amountRial)).toEqual([50]) // 101 − round(50.5)
    expect(() => creditTaxes(line, rial(500), rial(506))).toThrow('CreditExceedsLine')
  })
})
