import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { commissionDue, splitCommission } from './commission.ts'
import { applyDiscounts, type Discount } from './discounts.ts'
import { type Ratio, rial, share } from './money.ts'
import { priceLine } from './pricing.ts'
import { edgesOf, inWindow } from './window.ts'

const percent = (n: number): Ratio => ({ numerator: n, denominator: 100 })
const off = (rule: string, stacking: Discount['stacking'], n: number, priority = 1): Discount => ({
  rule,
  stacking,
  priority,
  value: { percent: percent(n) },
})
const vat = { code: 'vat', ...percent(10), compound: false }
const list = rial(1_990_000)

describe('M4: discounts', () => {
  test('additive ones are of the list, sequential ones of what is left, by priority', () => {
    const { discountRial, steps } = applyDiscounts(list, [
      off('b', 'sequential', 10, 2),
      off('a', 'additive', 10),
      off('c', 'sequential', 50),
    ])
    expect(steps.map(({ rule, amountRial, arithmetic }) => [rule, amountRial, arithmetic])).toEqual([
      ['a', 199_000, '1990000 × 10 / 100 = 199000'],
      ['b', 179_100, '1791000 × 10 / 100 = 179100'],
      ['c', 805_950, '1611900 × 50 / 100 = 805950'],
    ])
    expect(discountRial).toBe(1_184_050)
  })
  test('the best exclusive one stands alone, and the others say by what they were superseded', () => {
    const amount: Discount = { rule: 'x', stacking: 'exclusive', priority: 1, value: { amountRial: rial(300_000) } }
    const { discountRial, steps } = applyDiscounts(list, [
      off('a', 'additive', 90),
      off('y', 'exclusive', 15, 9),
      amount,
    ])
    expect(discountRial).toBe(300_000)
    expect(steps.map(({ rule, outcome, supersededBy }) => [rule, outcome, supersededBy])).toEqual([
      ['x', 'applied', null],
      ['y', 'superseded', 'x'],
      ['a', 'superseded', 'x'],
    ])
  })
  test('the net is never below 0', () => {
    expect(applyDiscounts(rial(10), [off('a', 'additive', 80), off('b', 'additive', 80)]).discountRial).toBe(10)
  })
  const discount = fc.record({
    rule: fc.string({ minLength: 1, maxLength: 4 }),
    priority: fc.integer({ min: 1, max: 5 }),
    stacking: fc.constantFrom('exclusive' as const, 'additive' as const, 'sequential' as const),
    value: fc.oneof(
      fc.record({ percent: fc.integer({ min: 0, max: 100 }).map(percent) }),
      fc.record({ amountRial: fc.integer({ min: 0, max: 10_000 }).map((n) => rial(n)) }),
    ),
  })
  test('whatever the rules, the applied steps are the discount, in any order of the rules, and more never costs more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }).map((n) => rial(n)),
        fc.uniqueArray(discount, { maxLength: 8, selector: ({ rule }) => rule }),
        (listRial, discounts) => {
          const { discountRial, steps } = applyDiscounts(listRial, discounts)
          expect(steps.reduce((sum, { amountRial }) => sum + amountRial, 0)).toBe(discountRial)
          expect(steps).toHaveLength(discounts.length)
          expect(discountRial).toBeLessThanOrEqual(listRial)
          expect(applyDiscounts(listRial, [...discounts].reverse())).toEqual({ discountRial, steps })
          const exclusives = discounts.filter(({ stacking }) => stacking === 'exclusive')
          for (const each of exclusives)
            expect(discountRial).toBeGreaterThanOrEqual(applyDiscounts(listRial, [each]).discountRial)
        },
      ),
    )
  })
})

describe('M3, M5: a line with its discounts', () => {
  test('1,990,000 less 10 % and 10 % VAT is 1,970,100', () => {
    expect(
      priceLine({ listRial: list, taxIncluded: false, taxes: [vat] }, [off('a', 'additive', 10)]).amounts,
    ).toMatchObject({
      listRial: 1_990_000,
      discountRial: 199_000,
      netRial: 1_791_000,
      taxRial: 179_100,
      totalRial: 1_970_100,
    })
  })
  test('a price that includes its tax is what the customer pays, also after a discount', () => {
    const { amounts } = priceLine({ listRial: rial(1_100_005), taxIncluded: true, taxes: [vat] }, [
      off('a', 'additive', 10),
    ])
    expect(amounts).toMatchObject({ listRial: 1_000_005, netRial: 900_004, discountRial: 100_001, totalRial: 990_004 })
  })
  test('list − discount = net, net + tax = total, always', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), fc.boolean(), fc.nat(100), (n, taxIncluded, p) => {
        const { amounts } = priceLine({ listRial: rial(n), taxIncluded, taxes: [vat] }, [off('a', 'additive', p)])
        expect(amounts.listRial - amounts.discountRial).toBe(amounts.netRial)
        expect(amounts.netRial + amounts.taxRial).toBe(amounts.totalRial)
        if (taxIncluded) expect(amounts.totalRial).toBe(n - share(rial(n), percent(p)))
      }),
    )
  })
})

describe('M8: commission', () => {
  const chain = [
    { partnerId: 'top', rate: percent(15) },
    { partnerId: 'mid', rate: percent(10) },
    { partnerId: 'seller', rate: { numerator: 75, denominator: 1000 } },
  ]
  test('on 1,791,001 net with 15, 10 and 7.5 %', () => {
    expect(splitCommission(rial(1_791_001), chain)).toEqual([
      { partnerId: 'top', amountRial: 268_650 - 179_100 },
      { partnerId: 'mid', amountRial: 179_100 - 134_325 },
      { partnerId: 'seller', amountRial: 134_325 },
    ])
  })
  test('a rate above the parent’s is refused', () => {
    expect(() => splitCommission(rial(1), [...chain].reverse())).toThrow('RateAboveParent')
  })
  test('the parts of a sale telescope to the top rate, however it is paid and credited, and a full return takes all back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 ** 9 }),
        fc.array(fc.record({ paid: fc.nat(100), credited: fc.nat(100) }), { maxLength: 6 }),
        (net, moves) => {
          const posted = new Map<string, ReturnType<typeof rial>>()
          const totalRial = rial(Math.round(net * 1.1))
          const step = (paidPercent: number, creditedPercent: number) => {
            const sale = {
              netRial: rial(net),
              creditedNetRial: share(rial(net), percent(creditedPercent)),
              paidRial: share(totalRial, percent(paidPercent)),
              totalRial,
            }
            for (const { partnerId, amountRial } of commissionDue(sale, chain, posted))
              posted.set(partnerId, rial((posted.get(partnerId) ?? 0) + amountRial))
            const sum = [...posted.values()].reduce((a, b) => a + b, 0)
            const base = share(rial(net - sale.creditedNetRial), { numerator: sale.paidRial, denominator: totalRial })
            expect(sum).toBe(share(base, percent(15)))
          }
          for (const { paid, credited } of moves) step(paid, credited)
          step(100, 0)
          step(100, 100)
          expect([...posted.values()].every((amount) => amount === 0)).toBe(true)
        },
      ),
    )
  })
})

describe('M12: windows of time', () => {
  const at = (iso: string) => Date.parse(iso)
  const nowruz = { calendar: 'jalali' as const, from: '01-01', to: '01-13' }
  test.each([
    ['2026-03-20T20:29:59.999Z', false], // 29 Esfand 1404, 23:59:59 in Tehran
    ['2026-03-20T20:30:00.000Z', true],
    ['2026-04-02T20:29:59.999Z', true],
    ['2026-04-02T20:30:00.000Z', false],
    ['2027-03-25T12:00:00.000Z', true],
  ])('Nowruz at %s: %s', (iso, holds) => {
    expect(inWindow(at(iso), nowruz)).toBe(holds)
  })
  test('a range passes the year’s end; hours pass midnight; weekdays and Gregorian dates bound too', () => {
    const winter = { calendar: 'gregorian' as const, from: '12-25', to: '01-05' }
    expect(
      ['2026-12-24', '2026-12-25', '2027-01-05', '2027-01-06'].map((d) => inWindow(at(`${d}T12:00:00Z`), winter)),
    ).toEqual([false, true, true, false])
    const night = { calendar: 'jalali' as const, hours: '22:00-02:00' }
    expect(['18:29', '18:30', '22:29', '22:30'].map((t) => inWindow(at(`2026-11-24T${t}:00Z`), night))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(inWindow(at('2026-11-24T08:00:00Z'), { calendar: 'jalali', weekdays: ['tue'] })).toBe(true)
    expect(inWindow(at('2026-11-24T20:30:00Z'), { calendar: 'jalali', weekdays: ['tue'] })).toBe(false)
  })
  test.each([
    { from: '13-01' },
    { from: '1405-12-30' },
    { from: '01-02', to: '1405-01-03' },
    { from: '1405-02-01', to: '1405-01-01' },
    { hours: '25:00-26:00' },
    { hours: '8-9' },
  ])('%j is refused', (part) => {
    expect(() => inWindow(0, { calendar: 'jalali', ...part })).toThrow('BadWindow')
  })
  test('the edges of windows show each side of them', () => {
    const edges = edgesOf([nowruz], 2026)
    expect(new Set(edges.map((ms) => inWindow(ms, nowruz)))).toEqual(new Set([false, true]))
  })
})
