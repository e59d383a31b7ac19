import type { Deps } from '../api/deps.ts'
import type { Drawings } from '../api/drawings.ts'
import type { LoginGuard } from '../api/login-guard.ts'
import type { Metrics } from '../api/metrics.ts'
import { openApiOf } from '../api/openapi.ts'
import type { OrderFeed } from '../api/order-feed.ts'
import { createRoutes } from '../api/routes/index.ts'

/** The OpenAPI document of the route table as it is checked in. Only the table is read: no handler runs, so there is nothing behind it. */
export function openApiText(): string {
  const nothing = {
    deps: {} as Deps,
    feed: {} as OrderFeed,
    metrics: {} as Metrics,
    guard: {} as LoginGuard,
    drawings: {} as Drawings,
  }
  return `${JSON.stringify(openApiOf(createRoutes(nothing), 'https://samfony.example'), null, 1)}\n`
}
