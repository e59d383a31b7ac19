import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Engine } from '../engine.ts'
import type { Metrics } from '../metrics.ts'
import { publicRoute, Reply, type Route, route } from '../route.ts'

/** For those who run the platform. */
export function systemRoutes(engine: Engine, metrics: Metrics): Route[] {
  return [
    publicRoute({
      method: 'get',
      path: '/health',
      summary: 'This process lives',
      output: z.object({ status: z.literal('ok') }),
      handler: async () => ({ status: 'ok' as const }),
    }),
    publicRoute({
      method: 'get',
      path: '/ready',
      summary: 'Database and Temporal answer; 503 otherwise',
      output: z.object({ database: z.boolean(), temporal: z.boolean() }),
      async handler({ deps }) {
        const [database, temporal] = await Promise.all([
          deps.db.execute(sql`select 1`).then(
            () => true,
            () => false,
          ),
          engine.ready(),
        ])
        return new Reply(database && temporal ? 200 : 503, { database, temporal })
      },
    }),
    route({
      method: 'get',
      path: '/metrics',
      summary: 'Prometheus metrics; scrape with an API key of an administrator',
      auth: 'metrics.read',
      output: { raw: 'text/plain' },
      async handler({ res }) {
        res.setHeader('Content-Type', metrics.contentType)
        res.end(await metrics.text())
      },
    }),
  ]
}
