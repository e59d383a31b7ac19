import { createSession } from 'better-sse'
import type { OrderFeed } from '../order-feed.ts'
import { type Route, route } from '../route.ts'

/** A stream is ended after this time, and the browser comes back by itself: that is when changed rights act. */
const lifeMs = 10 * 60_000

/** Live changes for screens. */
export function eventRoutes(feed: OrderFeed): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/events',
      summary:
        'Server-sent events: `order` after each transition in reach, `resync` when something may have been missed',
      auth: 'orders.read',
      output: { raw: 'text/event-stream' },
      async handler({ who, req, res }) {
        feed.refuseTooMany(who)
        const session = await createSession(req, res, { keepAlive: 15_000, retry: 2_000 })
        const end = setTimeout(() => res.end(), lifeMs)
        end.unref()
        session.once('disconnected', () => clearTimeout(end))
        await feed.watch({ session, person: who, end: () => res.end() })
      },
    }),
  ]
}
