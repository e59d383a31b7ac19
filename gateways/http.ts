import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { z } from 'zod'
import { OutcomeUnknown, Unavailable } from './errors.ts'

/** One call to another system. `effect` decides what a lost answer means: a write may have happened, a read can't have. */
export interface HttpCall {
  system: string
  effect: 'read' | 'write'
  method: 'GET' | 'POST'
  url: string
  headers?: Record<string, string>
  body?: string
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

export interface HttpLimits {
  connectMs: number
  totalMs: number
  maxBytes: number
  /** PEM of the authority to trust instead of the public ones, for systems with a certificate of their own. */
  ca?: string
}

export type Http = (call: HttpCall) => Promise<HttpAnswer>

/**
 * A client with a limit on everything: connect 5 s, total 20 s, answer 1 MB; redirects are not followed.
 * Ends in Unavailable when nothing was sent or only read, OutcomeUnknown when a write was sent and no whole answer came,
 * or when a write ended in 5xx. Answers below 500 are returned, 429 is Unavailable: it was turned away at the door.
 */
export function createHttp(limits: Partial<HttpLimits> = {}): Http {
  const { connectMs, totalMs, maxBytes, ca } = { connectMs: 5_000, totalMs: 20_000, maxBytes: 1_048_576, ...limits }
  return (call) =>
    new Promise((resolve, reject) => {
      const url = new URL(call.url)
      const secure = url.protocol === 'https:'
      const body = call.body === undefined ? undefined : Buffer.from(call.body)
      let sent = false

      // A connection of its own for every call: on a kept one, nobody can tell a refused call from a lost one.
      const request = (secure ? tlsRequest : plainRequest)(url, {
        method: call.method,
        agent: false,
        headers: {
          'accept-encoding': 'identity',
          ...call.headers,
          ...(body && { 'content-length': String(body.length) }),
        },
        ...(ca !== undefined && { ca }),
      })
      const connecting = setTimeout(() => request.destroy(new Error('no connection in time')), connectMs)
      const whole = setTimeout(() => request.destroy(new Error('no answer in time')), totalMs)
      const settle = () => {
        clearTimeout(connecting)
        clearTimeout(whole)
      }
      const fail = (why: string) => {
        settle()
        reject(lost(call, sent, why))
        request.destroy()
      }

      request.on('error', (error) => fail(error.message))
      request.on('socket', (socket) => {
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          clearTimeout(connecting)
          sent = true
        })
      })
      request.on('response', (response) => {
        const chunks: Buffer[] = []
        let size = 0
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > maxBytes) return fail(`the answer is larger than ${maxBytes} bytes`)
          chunks.push(chunk)
        })
        response.on('error', (error) => fail(error.message))
        response.on('end', () => {
          if (!response.complete) return fail('the answer was cut off')
          settle()
          const answer = {
            status: response.statusCode ?? 0,
            headers: flat(response.headers),
            body: Buffer.concat(chunks).toString('utf8'),
          }
          if (answer.status === 429) return reject(new Unavailable(call.system, 'too many calls (429)'))
          if (answer.status >= 500 || (answer.status >= 300 && answer.status < 400)) {
            return reject(lost(call, true, `HTTP ${answer.status}`))
          }
          resolve(answer)
        })
      })
      request.end(body)
    })
}

/** What an answer that can't be understood means: a read may be made again, a write may have happened. */
export function rubbish(call: Pick<HttpCall, 'system' | 'effect'>, why: string): Unavailable | OutcomeUnknown {
  return lost(call, true, why)
}

/** The body as `schema` wants it. Ends in `rubbish` otherwise; the body itself is not quoted, it may hold secrets. */
export function readJson<S extends z.ZodType>(call: HttpCall, answer: HttpAnswer, schema: S): z.output<S> {
  let value: unknown
  try {
    value = JSON.parse(answer.body)
  } catch {
    throw rubbish(call, 'the answer is not JSON')
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    throw rubbish(call, `the answer has another shape: ${parsed.error.issues.map((i) => i.path.join('.')).join(', ')}`)
  }
  return parsed.data
}

function lost(call: Pick<HttpCall, 'system' | 'effect'>, sent: boolean, why: string): Unavailable | OutcomeUnknown {
  return sent && call.effect === 'write' ? new OutcomeUnknown(call.system, why) : new Unavailable(call.system, why)
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, Array.isArray(v) ? v.join(', ') : (v ?? '')]))
}
