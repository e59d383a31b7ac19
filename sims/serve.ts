import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SimClock } from './clock.ts'
import type { Fault, Faults } from './faults.ts'
import type { Memory } from './memory.ts'

export interface SimRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: Record<string, string | undefined>
  body: string
}

export interface SimAnswer {
  status: number
  type: string
  body: string
  headers?: Record<string, string>
}

/** One call as the real system would see it: faults stand between `perform` and its answer. */
export interface SimCall {
  method: string
  perform(): SimAnswer | Promise<SimAnswer>
  /** The system's own way of saying no, without doing anything. */
  refuse(code: string | undefined): SimAnswer
}

/** What a simulator is to the outside. */
export interface Sim {
  url: string
  faults: Faults
  close(): Promise<void>
}

export interface SimServer {
  port?: number | undefined
  clock: SimClock
  memory: Memory
  faults: Faults
  /** A call that faults may spoil, a page that they may not, or nothing: 404. */
  handle(request: SimRequest): SimCall | SimAnswer | undefined
  state(): unknown
  /** Commands under `/_sim/<name>` for scripts and tests; what they throw is answered with 400. */
  commands?: Record<string, (body: Record<string, unknown>) => unknown>
}

/** Serves one simulator on 127.0.0.1, with its admin API under `/_sim/*` beside the vendor's own paths. */
export async function serve(sim: SimServer): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(sim, request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(sim.port ?? 0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export function json(value: unknown, status = 200): SimAnswer {
  return { status, type: 'application/json', body: JSON.stringify(value) }
}

export function html(body: string, status = 200): SimAnswer {
  const page = `<!doctype html><html lang="fa" dir="rtl"><meta charset="utf-8"><body style="font-family:sans-serif;max-width:30rem;margin:3rem auto">${body}</body></html>`
  return { status, type: 'text/html; charset=utf-8', body: page }
}

async function answer(sim: SimServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const url = new URL(request.url ?? '/', 'http://sim')
  const seen: SimRequest = {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers as Record<string, string | undefined>,
    body: Buffer.concat(chunks).toString('utf8'),
  }
  if (seen.path.startsWith('/_sim/')) return send(response, admin(sim, seen))

  const handled = sim.handle(seen)
  if (!handled) return send(response, json({ error: 'no such path' }, 404))
  if (!('perform' in handled)) {
    sim.memory.changed()
    return send(response, handled)
  }
  await spoil(handled, sim.faults.take(handled.method), response)
  sim.memory.changed()
}

async function spoil(call: SimCall, fault: Fault | undefined, response: ServerResponse): Promise<void> {
  switch (fault?.kind) {
    case undefined:
      return send(response, await call.perform())
    case 'refuse':
      return send(response, call.refuse(fault.code))
    case 'http500':
      return send(response, { status: 500, type: 'text/html', body: '<h1>Internal Server Error</h1>' })
    case 'rubbish':
      return send(response, { status: 200, type: 'text/html', body: '<html><body>it works!</body></html>' })
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'loseAnswer':
      await call.perform()
      response.socket?.destroy()
      return
    case 'cut': {
      const { status, type, body } = await call.perform()
      const bytes = Buffer.from(body)
      response.writeHead(status, { 'content-type': type, 'content-length': bytes.length })
      response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy())
      return
    }
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 1_000))
      return send(response, await call.perform())
    case 'twice': {
      const { status, type, body } = await call.perform()
      const head = `HTTP/1.1 ${status} OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`
      response.socket?.end(`${head}${body}${head}${body}`)
    }
  }
}

function admin(sim: SimServer, { method, path, body }: SimRequest): SimAnswer {
  const name = path.slice('/_sim/'.length)
  try {
    if (method === 'GET' && name === 'state') return json(sim.state())
    if (name === 'faults') {
      if (method === 'POST') sim.faults.add(JSON.parse(body) as Fault)
      if (method === 'DELETE') sim.faults.clear()
      return json({ faults: sim.faults.list() })
    }
    const wish = (body === '' ? {} : JSON.parse(body)) as Record<string, unknown>
    if (name === 'clock') {
      if (typeof wish.advanceMs === 'number') sim.clock.advance(wish.advanceMs)
      if (typeof wish.at === 'string') sim.clock.set(Date.parse(wish.at))
      sim.memory.changed()
      return json({ now: new Date(sim.clock.nowMs()).toISOString() })
    }
    const command = method === 'POST' ? sim.commands?.[name] : undefined
    if (!command) return json({ error: 'no such command' }, 404)
    const result = command(wish) ?? { done: true }
    sim.memory.changed()
    return json(result)
  } catch (error) {
    return json({ error: error instanceof Error ? error.message : String(error) }, 400)
  }
}

function send(response: ServerResponse, { status, type, body, headers }: SimAnswer): void {
  response.writeHead(status, { 'content-type': type, ...headers }).end(body)
}
