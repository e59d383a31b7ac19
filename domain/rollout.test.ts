import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { defaultLimits, judgeRollout, type VersionFigures } from './rollout.ts'

const side = (version: number, orders: number, more: Partial<VersionFigures> = {}): VersionFigures => ({
  version,
  orders,
  ended: orders,
  succeeded: orders,
  failed: 0,
  troubled: 0,
  slow: 0,
  medianMs: null,
  ...more,
})

describe('a roll-out', () => {
  test('is worse when clearly more orders fail, and says so in figures', () => {
    const found = judgeRollout(
      { fresh: side(2, 40, { failed: 20 }), base: side(1, 400, { failed: 40 }) },
      defaultLimits,
    )

    expect(found.map(({ en }) => en)).toEqual(['failed or cancelled: 50 % with version 2, 10 % with version 1'])
  })

  test('is not judged on a handful of orders, whatever happened to them', () => {
    const few = { fresh: side(2, 19, { failed: 19, troubled: 19, slow: 19 }), base: side(1, 1000) }

    expect(judgeRollout(few, defaultLimits)).toEqual([])
  })

  test('is not called worse for what chance explains', () => {
    const noisy = { fresh: side(2, 20, { troubled: 5 }), base: side(1, 20, { troubled: 2 }) }

    expect(judgeRollout(noisy, defaultLimits)).toEqual([])
  })

  const share = fc.integer({ min: 20, max: 2000 }).chain((orders) =>
    fc.record({
      orders: fc.constant(orders),
      failed: fc.integer({ min: 0, max: orders }),
      troubled: fc.integer({ min: 0, max: orders }),
      slow: fc.integer({ min: 0, max: orders }),
    }),
  )

  test('is never worse when no share is higher, and one more failure never makes it better', () => {
    fc.assert(
      fc.property(share, share, (a, b) => {
        const [fresh, base] = [side(2, a.orders, a), side(1, b.orders, b)]
        const found = judgeRollout({ fresh, base }, defaultLimits)
        const higher = (['failed', 'troubled', 'slow'] as const).filter(
          (name) => fresh[name] / fresh.orders > base[name] / base.orders,
        )
        expect(found.length).toBeLessThanOrEqual(higher.length)
        if (fresh.failed < fresh.orders && found.some(({ en }) => en.startsWith('failed')))
          expect(
            judgeRollout({ fresh: { ...fresh, failed: fresh.failed + 1 }, base }, defaultLimits).some(({ en }) =>
              en.startsWith('failed'),
            ),
          ).toBe(true)
      }),
    )
  })
})
