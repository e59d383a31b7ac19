import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { Problem } from './problem.ts'

/**
 * Five wrong passwords for an account, or twenty from an address, and further tries must wait (A17): a minute, then twice as
 * long each time, a quarter of an hour at most. A try is counted before the password is looked at, so that many at once
 * gain nothing. The counters live in the process.
 */
export function createLoginGuard() {
  const perAccount = counter('login-account', 5)
  const perAddress = counter('login-address', 20)

  /** Counts a try. Throws Problem 429 when one of the two must wait. */
  async function enter(username: string, ip: string): Promise<void> {
    const waits = await Promise.all([perAccount.count(username), perAddress.count(ip)])
    const waitMs = Math.max(...waits)
    if (waitMs > 0)
      throw new Problem(
        429,
        'TooManyTries',
        { fa: 'تلاش‌های ناموفق زیاد بود؛ کمی بعد دوباره بکوشید', en: 'Too many wrong tries; wait a little' },
        { retryAfterSeconds: Math.ceil(waitMs / 1000) },
      )
  }

  /** The account is free again; the address has one try back and no more, since it may be trying other accounts. */
  async function succeeded(username: string, ip: string): Promise<void> {
    await Promise.all([perAccount.forget(username), perAddress.giveBack(ip)])
  }

  return { enter, succeeded }
}

export type LoginGuard = ReturnType<typeof createLoginGuard>

function counter(keyPrefix: string, points: number) {
  const limiter = new RateLimiterMemory({ keyPrefix, points, duration: 15 * 60 })
  const blocks = new RateLimiterMemory({ keyPrefix: `${keyPrefix}-blocks`, points: 1_000_000, duration: 3_600 })
  return {
    /** Milliseconds to wait; 0 when the try may go on. */
    async count(key: string): Promise<number> {
      try {
        await limiter.consume(key)
        return 0
      } catch (full) {
        if (!(full instanceof RateLimiterRes)) throw full
        if (full.consumedPoints > points + 1) return full.msBeforeNext
        const nth = (await blocks.consume(key)).consumedPoints
        const seconds = Math.min(60 * 2 ** (nth - 1), 900)
        await limiter.block(key, seconds)
        return seconds * 1000
      }
    },
    async forget(key: string): Promise<void> {
      await Promise.all([limiter.delete(key), blocks.delete(key)])
    },
    async giveBack(key: string): Promise<void> {
      await limiter.reward(key)
    },
  }
}
