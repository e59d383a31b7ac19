import type { Text } from './errors.ts'

/** How the orders of one version went, all started while the roll-out ran. */
export interface VersionFigures {
  version: number
  orders: number
  ended: number
  succeeded: number
  /** Ended as a failure or cancelled. */
  failed: number
  /** Had an incident at least once. */
  troubled: number
  /** Took, or take by now, longer than nine tenths of the old version's orders. */
  slow: number
  /** Median milliseconds from the start to the end, of those that ended; null when none did. */
  medianMs: number | null
}

export interface RolloutFigures {
  fresh: VersionFigures
  base: VersionFigures
}

/** From when on the new version counts as worse: at least so many orders on both sides, and so many percentage points more. */
export interface RolloutLimits {
  minOrders: number
  failedPoints: number
  troubledPoints: number
  slowPoints: number
}

export const defaultLimits: RolloutLimits = { minOrders: 20, failedPoints: 10, troubledPoints: 10, slowPoints: 20 }

/** One-sided 99 %: the sweep looks again and again, and a false alarm would be believed the next time, too. */
const certain = 2.33

/**
 * Why the new version is worse than the old one, empty when it is not, or cannot be told yet. Each share (failed, troubled,
 * slow) must be higher by more than its limit and by more than chance explains (two-proportion z-test). Both sides started in
 * the same time, so open orders weigh the same on both.
 */
export function judgeRollout({ fresh, base }: RolloutFigures, limits: RolloutLimits): Text[] {
  if (fresh.orders < limits.minOrders || base.orders < limits.minOrders) return []
  const worse = (name: 'failed' | 'troubled' | 'slow', points: number): Text[] => {
    const [now, before] = [fresh[name] / fresh.orders, base[name] / base.orders]
    const pooled = (fresh[name] + base[name]) / (fresh.orders + base.orders)
    const spread = Math.sqrt(pooled * (1 - pooled) * (1 / fresh.orders + 1 / base.orders))
    if ((now - before) * 100 <= points || now - before <= certain * spread) return []
    const figure = (share: number) => `${Math.round(share * 100)} %`
    return [
      {
        en: `${words[name].en}: ${figure(now)} with version ${fresh.version}, ${figure(before)} with version ${base.version}`,
        fa: `${words[name].fa}: ${figure(now)} در نسخهٔ ${fresh.version}، ${figure(before)} در نسخهٔ ${base.version}`,
      },
    ]
  }
  return [
    ...worse('failed', limits.failedPoints),
    ...worse('troubled', limits.troubledPoints),
    ...worse('slow', limits.slowPoints),
  ]
}

const words = {
  failed: { en: 'failed or cancelled', fa: 'ناموفق یا لغوشده' },
  troubled: { en: 'with an incident', fa: 'دارای رخداد خطا' },
  slow: { en: 'slower than nine tenths of the old ones', fa: 'کندتر از نه‌دهم سفارش‌های پیشین' },
} satisfies Record<string, Text>
