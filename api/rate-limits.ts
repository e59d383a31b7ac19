import type { RequestHandler, Response } from 'express'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Limits } from './deps.ts'
import { Problem } from './problem.ts'

/** Limits of calls per minute: for each user, and for each address before we know who asks. The counters live in the process. */
export function createRateLimits(limits: Limits) {
  const users = new RateLimiterMemory({ points: limits.perUserPerMinute, duration: 60 })
  const addresses = new RateLimiterMemory({ points: limits.perAddressPerMinute, duration: 60 })
  const perAddress: RequestHandler = (req, res, next) => {
    consume(addresses, req.ip ?? '', res).then(() => next(), next)
  }
  return { perAddress, perUser: (userId: string, res: Response) => consume(users, userId, res) }
}

export type RateLimits = ReturnType<typeof createRateLimits>

/** Throws Problem 429 with the seconds to wait. */
async function consume(limiter: RateLimiterMemory, key: string, res: Response): Promise<void> {
  try {
    const { remainingPoints } = await limiter.consume(key)
    res.setHeader('RateLimit-Remaining', String(remainingPoints))
  } catch (full) {
    if (!(full instanceof RateLimiterRes)) throw full
    throw new Problem(
      429,
      'TooManyRequests',
      { fa: 'درخواست‌ها بیش از حد مجاز است', en: 'Too many requests' },
      { retryAfterSeconds: Math.max(1, Math.ceil(full.msBeforeNext / 1000)) },
    )
  }
}
