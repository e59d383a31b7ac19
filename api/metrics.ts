import { once } from 'node:events'
import type { RequestHandler } from 'express'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { createHttpServer } from './http-server.ts'

/** Prometheus metrics of this process: times of requests by route, and Node's own. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const seconds = new Histogram({
    name: 'samfony_http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  const observe: RequestHandler = (req, res, next) => {
    const end = seconds.startTimer()
    res.on('finish', () => {
      const route: unknown = req.route
      const path = typeof route === 'object' && route !== null && 'path' in route ? String(route.path) : 'none'
      end({ method: req.method, route: path, status: res.statusCode })
    })
    next()
  }
  return { observe, contentType: registry.contentType, text: () => registry.metrics() }
}

export type Metrics = ReturnType<typeof createMetrics>

/** Shows the metrics at `GET /metrics` of an address of their own, to whoever reaches it: it belongs into a private network. */
export async function serveMetrics(
  { host, port }: { host: string; port: number },
  metrics: Pick<Metrics, 'text' | 'contentType'>,
): Promise<{ close: () => Promise<void> }> {
  const server = createHttpServer((req, res) => {
    if (req.method !== 'GET' || req.url !== '/metrics') {
      res.writeHead(404).end()
      return
    }
    metrics.text().then(
      (text) => res.writeHead(200, { 'Content-Type': metrics.contentType }).end(text),
      () => res.writeHead(500).end(),
    )
  })
  server.listen(port, host)
  await once(server, 'listening')
  return {
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
