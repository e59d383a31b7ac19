import { createServer, type RequestListener, type Server } from 'node:http'

/** Slow senders must not hold sockets (A23): head within 10 s, whole request within 30 s, 5,000 connections at most. */
export const serverLimits = { headersMs: 10_000, requestMs: 30_000, connections: 5_000 }

/** A server that waits for nobody: event streams are answers, which these limits do not cut. */
export function createHttpServer(listener: RequestListener, limits = serverLimits): Server {
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(2_000, limits.headersMs / 5),
    },
    listener,
  )
  server.maxConnections = limits.connections
  return server
}
