import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createApp } from './api/app.ts'
import { createHttpServer } from './api/http-server.ts'
import { serveMetrics } from './api/metrics.ts'
import { type Config, loadConfig } from './config.ts'
import { createInvoicePrinter } from './templates/invoice-pdf.ts'
import { createWiring, type Wiring } from './wiring.ts'

/** Requests that are under way get this long when the server closes. */
const drainMs = 8_000

/** Serves the API. `close` lets requests end and then closes what was opened here; a wiring that was given stays open. */
export async function startServer(
  config: Config,
  given?: Wiring,
): Promise<{ url: string; close: () => Promise<void> }> {
  const wiring = given ?? (await createWiring(config))
  const api = createApp({
    db: wiring.db,
    temporal: wiring.client,
    queuePrefix: config.temporal.taskQueuePrefix,
    facts: wiring.facts,
    payments: wiring.payments,
    pricing: wiring.pricing,
    panel: builtPanel(),
    printer: createInvoicePrinter({ seller: config.company }),
    files: wiring.files,
    renderer: wiring.renderer,
    clock: () => new Date(),
    logger: wiring.logger,
    config: { publicUrl: config.api.publicUrl, sessionSecret: config.sessionSecret, proxies: config.api.proxies },
  })
  const server = createHttpServer(api.app)
  server.listen(config.api.port, config.api.host)
  await once(server, 'listening')
  const metrics = config.api.metrics === undefined ? undefined : await serveMetrics(config.api.metrics, api.metrics)

  async function close(): Promise<void> {
    const closed = once(server, 'close')
    server.close()
    await metrics?.close()
    await api.close()
    server.closeIdleConnections()
    const force = setTimeout(() => server.closeAllConnections(), drainMs)
    await closed
    clearTimeout(force)
    if (given === undefined) await wiring.close()
  }
  return { url: config.api.publicUrl, close }
}

/** The web application beside the compiled code, or in `dist/` of the sources; null where it was not built. */
function builtPanel(): string | null {
  const places = ['./web', './dist/web'].map((place) => fileURLToPath(new URL(place, import.meta.url)))
  return places.find((place) => existsSync(`${place}/assets`)) ?? null
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const server = await startServer(loadConfig())
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.close())
}
