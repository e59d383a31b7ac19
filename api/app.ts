import express, { type Express } from 'express'
import helmet from 'helmet'
import type { Deps } from './deps.ts'
import { defaultLimits } from './deps.ts'
import { mountDocs } from './docs.ts'
import { createDrawings } from './drawings.ts'
import { createElkThread } from './elk-thread.ts'
import { createLoginGuard } from './login-guard.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { mountRoutes } from './mount.ts'
import { createOrderFeed } from './order-feed.ts'
import { mountPanel } from './panel.ts'
import { notFound, problemHandler } from './problem.ts'
import { createRateLimits } from './rate-limits.ts'
import { requestLog } from './request-log.ts'
import type { Route } from './route.ts'
import { createRoutes } from './routes/index.ts'

/** The application, its table of routes, and what must be closed with it. */
export interface Api {
  app: Express
  routes: readonly Route[]
  metrics: Metrics
  /** Ends live event streams and stops listening to the database. */
  close: () => Promise<void>
}

/** Builds the API from what it is given; nothing listens yet. */
export function createApp(deps: Deps): Api {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.set('trust proxy', deps.config.proxies)
  app.set('etag', false)

  const metrics = createMetrics()
  const feed = createOrderFeed(deps)
  const elk = createElkThread()
  const routes = createRoutes({
    deps,
    feed,
    metrics,
    guard: createLoginGuard(deps.db),
    drawings: createDrawings(elk),
  })
  const limits = createRateLimits({ ...defaultLimits, ...deps.config.limits })

  app.use(requestLog(deps.logger))
  app.use(metrics.observe)
  app.use(helmet(securityHeaders(deps)))
  app.use(limits.perAddress)
  mountRoutes(app, routes, deps, limits)
  mountDocs(app, routes, deps)
  if (deps.panel !== null) mountPanel(app, deps.panel)
  app.use(() => {
    throw notFound()
  })
  app.use(problemHandler(deps.logger))
  return { app, routes, metrics, close: async () => void (await Promise.all([feed.close(), elk.close()])) }
}

function securityHeaders({ config }: Deps): Parameters<typeof helmet>[0] {
  const https = config.publicUrl.startsWith('https:')
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        // The design system and the API console write styles at run time; scripts never come from the page.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        frameAncestors: ["'none'"],
        ...(https && { upgradeInsecureRequests: [] }),
      },
    },
    strictTransportSecurity: https,
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
    referrerPolicy: { policy: 'same-origin' },
  }
}
