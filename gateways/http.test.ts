import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createRawServer } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { OutcomeUnknown, Unavailable } from './errors.ts'
import { createHttp, type HttpCall, readJson } from './http.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function at(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
const aCall = (url: string, effect: HttpCall['effect']): HttpCall => ({
  system: 'test',
  effect,
  method: 'POST',
  url,
  body: '{}',
})
const kinds = [
  ['read', Unavailable],
  ['write', OutcomeUnknown],
] as const

describe.each(kinds)('a %s whose answer is lost', (effect, expected) => {
  test.each<[string, RequestListener]>([
    ['by a broken connection', (request) => request.socket.destroy()],
    ['by a 500', (_, response) => response.writeHead(500).end()],
    [
      'by a redirect, which is not followed',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    ['by silence', () => {}],
    ['by a body that is too large', (_, response) => response.end('x'.repeat(2_000))],
    [
      'by a body that stops half-way',
      (_, response) =>
        void response.writeHead(200, { 'content-length': 100 }).write('half', () => response.socket?.destroy()),
    ],
  ])('%s', async (_how, listener) => {
    const http = createHttp({ totalMs: 300, maxBytes: 1_000 })
    await expect(http(aCall(await at(listener), effect))).rejects.toBeInstanceOf(expected)
  })

  test('in rubbish', () => {
    const call = aCall('http://x.example', effect)
    const answer = (body: string) => ({ status: 200, headers: {}, body })
    expect(() => readJson(call, answer('<html>'), z.object({}))).toThrow(expected)
    expect(() => readJson(call, answer('{"a":1}'), z.object({ a: z.string() }))).toThrow(expected)
  })
})

test('a write that never left is Unavailable: refused, or turned away with 429', async () => {
  const http = createHttp({ connectMs: 200 })
  const raw = createRawServer()
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve))
  const closed = `http://127.0.0.1:${(raw.address() as AddressInfo).port}/`
  await new Promise<void>((resolve) => raw.close(() => resolve()))

  await expect(http(aCall(closed, 'write'))).rejects.toBeInstanceOf(Unavailable)
  await expect(http(aCall(await at((_, response) => response.writeHead(429).end()), 'write'))).rejects.toBeInstanceOf(
    Unavailable,
  )
})

test('an answer below 500 is handed over with its status, headers and text', async () => {
  const url = await at((_, response) => response.writeHead(422, { 'x-why': 'no' }).end('{"نه":1}'))
  expect(await createHttp()(aCall(url, 'write'))).toMatchObject({
    status: 422,
    headers: { 'x-why': 'no' },
    body: '{"نه":1}',
  })
})
