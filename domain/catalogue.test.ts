import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { basketFaults, openBundles, type ShelfProduct } from './basket.ts'
import { rial } from './money.ts'
import { listAmount, priceOfDay, refuseBadTiers, refuseOverlaps } from './price-list.ts'

const day = (n: number) => new Date(n * 86_400_000).toISOString().slice(0, 10)
const window = fc.record({ from: fc.integer({ min: 0, max: 60 }), days: fc.option(fc.integer({ min: 1, max: 20 })) })

describe('M13: one price for a day', () => {
  test('a list that is not refused has, on every day, at most one limited price, and that one counts', () => {
    fc.assert(
      fc.property(fc.uniqueArray(window, { maxLength: 8, selector: ({ from }) => from }), (windows) => {
        const prices = windows.map(({ from, days }) => ({
          validFrom: day(from),
          validUntil: days === null ? null : day(from + days),
        }))
        try {
          refuseOverlaps(prices)
        } catch {
          return
        }
        for (let d = 0; d < 90; d++) {
          const limited = prices.filter((p) => p.validUntil !== null && p.validFrom <= day(d) && day(d) < p.validUntil)
          expect(limited.length).toBeLessThanOrEqual(1)
          if (limited[0] !== undefined) expect(priceOfDay(prices, day(d))).toBe(limited[0])
        }
      }),
    )
  })
})

describe('tiers', () => {
  const tiers = (mode: 'graduated' | 'volume') => ({
    amount: rial(1000),
    tiers: {
      mode,
      steps: [
        { from: 11, amount: rial(800) },
        { from: 101, amount: rial(500) },
      ],
    },
  })
  test.each([
    ['graduated', 10, 10_000],
    ['graduated', 11, 10_800],
    ['graduated', 150, 10_000 + 90 * 800 + 50 * 500],
    ['volume', 10, 10_000],
    ['volume', 11, 8_800],
    ['volume', 150, 75_000],
  ] as const)('%s: %i pieces cost %i', (mode, quantity, list) => {
    expect(listAmount(tiers(mode), quantity)).toBe(list)
  })
  test('graduated steps that get cheaper never make more pieces cost less', () => {
    fc.assert(
      fc.property(fc.nat(500), (n) => {
        expect(listAmount(tiers('graduated'), n + 1)).toBeGreaterThan(listAmount(tiers('graduated'), n))
      }),
    )
  })
  test('steps that do not ascend are refused with their place', () => {
    const steps = [
      { from: 5, amount: rial(1) },
      { from: 5, amount: rial(1) },
    ]
    expect(() => refuseBadTiers({ mode: 'volume', steps })).toThrow('$.body.tiers.steps[1]')
  })
})

describe('PS5: what is sold together', () => {
  const product = (
    id: string,
    relations: ShelfProduct['relations'] = [],
    more: Partial<ShelfProduct> = {},
  ): ShelfProduct => ({
    id,
    label: { fa: id, en: id },
    active: true,
    saleFrom: null,
    saleUntil: null,
    relations,
    ...more,
  })
  const needs = (otherId: string) => ({ kind: 'requires' as const, otherId, quantity: 1 })
  const shuts = (otherId: string) => ({ kind: 'excludes' as const, otherId, quantity: 1 })
  const holds = (otherId: string, quantity: number) => ({ kind: 'includes' as const, otherId, quantity })
  const shelf = [
    product('adsl'),
    product('ip', [needs('adsl')]),
    product('vdsl', [shuts('adsl')]),
    product('kit', [holds('router', 1), holds('cable', 2)]),
    product('router'),
    product('cable'),
    product('old', [], { saleUntil: '2026-01-01T00:00:00Z' }),
  ]
  const faults = (ids: string[], owned: string[] = []) =>
    basketFaults(
      ids.map((productId) => ({ productId, quantity: 1 })),
      shelf,
      '2026-01-01T00:00:00Z',
      owned,
    ).map(({ code, place, otherId }) => [code, place, otherId])
  test('a needed product is in the basket or with the customer; those that shut each other out are refused from both sides', () => {
    expect(faults(['ip'])).toEqual([['Requires', 'items[0]', 'adsl']])
    expect(faults(['ip', 'adsl'])).toEqual([])
    expect(faults(['ip'], ['adsl'])).toEqual([])
    expect(faults(['adsl', 'vdsl'])).toEqual([
      ['Excludes', 'items[0]', 'vdsl'],
      ['Excludes', 'items[1]', 'adsl'],
    ])
    expect(faults(['adsl'], ['vdsl'])).toEqual([['Excludes', 'items[0]', 'vdsl']])
    expect(faults(['old', 'none'])).toEqual([
      ['NotForSale', 'items[0]', null],
      ['UnknownProduct', 'items[1]', null],
    ])
  })
  test('a bundle opens into what it holds', () => {
    expect(
      openBundles(
        [
          { productId: 'kit', quantity: 3 },
          { productId: 'adsl', quantity: 1 },
        ],
        shelf,
      ),
    ).toEqual([
      { productId: 'router', quantity: 3, bundleId: 'kit' },
      { productId: 'cable', quantity: 6, bundleId: 'kit' },
      { productId: 'adsl', quantity: 1, bundleId: null },
    ])
  })
})
