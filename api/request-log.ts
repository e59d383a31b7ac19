import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { pinoHttp } from 'pino-http'

/** Gives each request an id (`X-Request-Id`, in its answer too) and writes one line for it: ids and times, no personal data. */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: (req, res) => {
      const given = req.headers['x-request-id']
      const id = typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
      res.setHeader('X-Request-Id', id)
      return id
    },
    customProps: (req) => ({ traceId: traceIdOf(req.headers.traceparent), orderId: orderIdOf(req.url) }),
    customLogLevel: (_req, res, error) =>
      error || res.statusCode >= 500 ? 'error' : res.statusCode >= 400 ? 'warn' : 'info',
    // Queries may carry names and numbers of people, headers carry proofs of who asks.
    serializers: {
      req: (req: { id: unknown; method: string; url: string; remoteAddress: string }) => ({
        id: req.id,
        method: req.method,
        path: pathOf(req.url),
        address: req.remoteAddress,
      }),
      res: (res: { statusCode: number }) => ({ status: res.statusCode }),
    },
    redact: { paths: redacted, censor: '…' },
    autoLogging: { ignore: (req) => quiet.has(pathOf(req.url ?? '')) },
  })
}

/** Wherever such a name turns up in a log line, its value is left out. */
export const redacted = [
  'authorization',
  'cookie',
  'password',
  'token',
  'nationalId',
  'mobile',
  'phone',
  'recipient',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

const quiet = new Set(['/health', '/ready', '/metrics'])

/** The secret of a callback's address is cut off. */
const pathOf = (url: string) => (url.split('?', 1)[0] ?? '').replace(/^(\/v1\/callbacks\/[^/]+\/).+/, '$1…')

const orderIdOf = (url: string | undefined) => /^\/v1\/(?:orders|incidents)\/([\w-]+)/.exec(url ?? '')?.[1]

const traceIdOf = (traceparent: string | string[] | undefined) =>
  typeof traceparent === 'string' ? /^[\da-f]{2}-([\da-f]{32})-/.exec(traceparent)?.[1] : undefined
