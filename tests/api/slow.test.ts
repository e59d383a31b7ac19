import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createHttpServer, serverLimits } from '../../api/http-server.ts'
import { eventually } from '../small-world.ts'
import { type ApiWorld, startApiWorld } from './api-world.ts'

const sockets: Socket[] = []
afterAll(() => {
  for (const socket of sockets) socket.destroy()
})

/** A sender that never ends its request: a byte now and then. */
function dribble(port: number, head: string): { ended: () => boolean; answer: () => string } {
  const socket = createConnection({ port, host: '127.0.0.1' })
  sockets.push(socket)
  let said = ''
  let ended = false
  const drip = setInterval(() => socket.write('a'), 500)
  socket.on('error', () => undefined)
  socket.on('data', (data) => {
    said += data.toString()
  })
  socket.on('close', () => {
    ended = true
    clearInterval(drip)
  })
  socket.write(head)
  return { ended: () => ended, answer: () => said }
}

describe('slow senders hold nothing up (A23)', () => {
  let world: ApiWorld
  beforeAll(async () => {
    world = await startApiWorld()
  })
  afterAll(() => world.close())

  test('300 sockets that send a byte now and then are cut off, and others are answered meanwhile', async () => {
    const { port } = new URL(world.address)
    const token = await world.login('sales')
    const slow = Array.from({ length: 300 }, () => dribble(Number(port), 'GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: '))
    const answers: number[] = []
    await eventually(async () => {
      answers.push((await world.call('GET', '/v1/orders?limit=1', { token })).status)
      return slow.every(({ ended }) => ended())
    }, 'the slow senders are cut off')

    expect(new Set(answers)).toEqual(new Set([200]))
    expect(answers.length).toBeGreaterThan(20)
    expect(slow.filter(({ answer }) => answer().startsWith('HTTP/1.1 408'))).toHaveLength(300)
  })

  test('a body that does not end is cut off, and more connections than the limit are turned away', async () => {
    const server = createHttpServer((req, res) => req.on('end', () => res.end('whole')).resume(), {
      headersMs: 500,
      requestMs: 1_000,
      connections: 5,
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const slow = Array.from({ length: 5 }, () =>
      dribble(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n'),
    )
    const sixth = dribble(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await eventually(async () => sixth.ended(), 'the sixth is turned away')
    const early = slow.map(({ ended }) => ended())
    await eventually(async () => slow.every(({ ended }) => ended()), 'the slow bodies are cut off')
    server.close()

    expect(sixth.answer()).toBe('')
    expect(early).toEqual([false, false, false, false, false])
    expect(slow.map(({ answer }) => answer().split('\r\n', 1)[0])).toEqual(
      slow.map(() => 'HTTP/1.1 408 Request Timeout'),
    )
  })

  test('what a server in production allows', () => {
    expect(serverLimits).toEqual({ headersMs: 10_000, requestMs: 30_000, connections: 5_000 })
  })
})
