import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Db } from '../db/client.ts'
import { Problem } from './problem.ts'

/**
 * Five wrong tries for an account or a number, or twenty from an address, and further ones must wait (A17): a minute, then
 * twice as long each time, a quarter of an hour at most. Asking for one-time codes is counted apart: three for a number,
 * twenty from an address. A try is counted before anything is looked at, so that many at once gain nothing. The counters are
 * in the database, so all processes of the API count together.
 */
export function createLoginGuard(db: Db) {
  const perAccount = counter(db, 'login-account', 5)
  const perAddress = counter(db, 'login-address', 20)
  const codesPerMobile = counter(db, 'code-mobile', 3)
  const codesPerAddress = counter(db, 'code-address', 20)

  return {
    /** Counts a try to sign in. Throws Problem 429 when one of the two must wait. */
    async enter(account: string, ip: string): Promise<void> {
      refuseIfWaiting(await Promise.all([perAccount.count(account), perAddress.count(ip)]))
    },
    /** The account is free again; the address has one try back and no more, since it may be trying other accounts. */
    async succeeded(account: string, ip: string): Promise<void> {
      await Promise.all([perAccount.forget(account), perAddress.giveBack(ip)])
    },
    /** Counts a wish for a one-time code. Throws Problem 429 when the number or the address must wait. */
    async askCode(mobile: string, ip: string): Promise<void> {
      refuseIfWaiting(await Promise.all([codesPerMobile.count(mobile), codesPerAddress.count(ip)]))
    },
  }
}

export type LoginGuard = ReturnType<typeof createLoginGuard>

function refuseIfWaiting(waits: number[]): void {
  const waitMs = Math.max(...waits)
  if (waitMs > 0)
    throw new Problem(
      429,
      'TooManyTries',
      { fa: 'تلاش‌ها زیاد بود؛ کمی بعد دوباره بکوشید', en: 'Too many tries; wait a little' },
      { retryAfterSeconds: Math.ceil(waitMs / 1000) },
    )
}

function counter(db: Db, keyPrefix: string, points: number) {
  const shared = { storeClient: clientOf(db), storeType: 'pool', tableName: 'rate_limits', tableCreated: true }
  const limiter = new RateLimiterPostgres({
    ...shared,
    clearExpiredByTimeout: false, // the purge sweep does it
    keyPrefix,
    points,
    duration: 15 * 60,
  })
  const blocks = new RateLimiterPostgres({
    ...shared,
    clearExpiredByTimeout: false,
    keyPrefix: `${keyPrefix}-blocks`,
    points: 1_000_000,
    duration: 3_600,
  })
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

/** Our driver with the one method of a `pg` pool that the library calls; its statements and names are its own, the values are bound. */
function clientOf({ $client }: Db) {
  return {
    async query({ text, values }: { text: string; values: (string | number | null)[] }) {
      const rows = await $client.unsafe(text, values, { prepare: true })
      return { rows, rowCount: rows.count }
    },
  }
}
