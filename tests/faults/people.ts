import { randomUUID } from 'node:crypto'
import type { StoryOptions } from '../../dev/story.ts'

/** A press that was answered 200: from then on it must never be lost. */
export interface Acknowledged {
  orderId: string
  updateId: string
  seq: number
}

/**
 * A client as ours is: each wish has one key, and is repeated with it until it is answered, whatever dies in between. Keeps
 * what was acknowledged. `userOf` tells whose token it is.
 */
export function patientClient(patienceMs: number) {
  const acknowledged: Acknowledged[] = []
  const users = new Map<string, string>()

  const ask: NonNullable<StoryOptions['ask']> = async <T>(
    address: string,
    method: string,
    path: string,
    body?: unknown,
    token?: string,
  ) => {
    const key = randomUUID()
    const until = Date.now() + patienceMs
    for (;;) {
      const answer = await once(new URL(path, address), { method, key, body, token }).catch((error: unknown) => ({
        status: 0,
        text: String(error),
        json: undefined,
      }))
      const again = answer.status === 0 || answer.status >= 500 || answer.status === 202 || isInFlight(answer)
      if (!again && answer.status < 400) {
        if (path === '/v1/session' && token === undefined) users.set(String(field(answer.json, 'token')), userIn(body))
        const [, orderId] = /^\/v1\/orders\/([^/]+)\/transitions$/.exec(path) ?? []
        if (method === 'POST' && orderId !== undefined)
          acknowledged.push({
            orderId,
            updateId: `${users.get(token ?? '')}:${key}`,
            seq: Number(field(answer.json, 'seq')),
          })
        return (answer.json ?? answer.text) as T
      }
      if (!again || Date.now() > until)
        throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 600)}`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  return { ask, acknowledged }
}

interface Wish {
  method: string
  key?: string
  body?: unknown
  token?: string | undefined
}

/** One request, told as it is. Rejects when nobody answers within 20 s. */
export async function once(url: URL, { method, key = randomUUID(), body, token }: Wish) {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': key } : {}),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, text, json: isJson ? (JSON.parse(text) as unknown) : undefined }
}

const field = (json: unknown, name: string) => (json as Record<string, unknown> | undefined)?.[name]
const userIn = (body: unknown) => String(field(body, 'username'))
const isInFlight = ({ status, json }: { status: number; json: unknown }) =>
  status === 409 && ['InFlight', 'Busy'].includes(String(field(json, 'code')))
