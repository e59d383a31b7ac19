import { randomUUID } from 'node:crypto'
import { demoPassword } from '../dev/seed/company.ts'
import type { Loose } from './api/api-world.ts'

/** One call of the API with its status and answer; `token` signs in. */
export interface Said {
  status: number
  body: Loose
}

/** Somebody of the demonstration company, signed in at the API. */
export async function signIn(address: string, username: string) {
  async function call(
    method: string,
    path: string,
    body?: unknown,
    key: string = randomUUID(),
    token?: string,
  ): Promise<Said> {
    const response = await fetch(new URL(path, address), {
      method,
      headers: {
        'Content-Type': 'application/json',
        ...(method === 'POST' ? { 'Idempotency-Key': key } : {}),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }
  const { status, body } = await call('POST', '/v1/session', { username, password: demoPassword })
  if (status !== 201) throw new Error(`${username} cannot sign in: ${JSON.stringify(body)}`)
  const token = String(body['token'])
  return {
    get: (path: string) => call('GET', path, undefined, '', token),
    put: (path: string, given: unknown) => call('PUT', path, given, '', token),
    post: (path: string, given: unknown = {}, key?: string) => call('POST', path, given, key, token),
  }
}

export type Somebody = Awaited<ReturnType<typeof signIn>>

/** Draft by one designer, review and publication by the other. Throws with the answer when a step is refused. */
export async function publishTogether(
  author: Somebody,
  reviewer: Somebody,
  definition: object,
  makeCurrent = true,
): Promise<number> {
  const must = ({ status, body }: Said): Loose => {
    if (status >= 300) throw new Error(JSON.stringify(body).slice(0, 4000))
    return body
  }
  const { id, version, hash, findings } = must(
    await author.post('/v1/definitions', { text: JSON.stringify(definition) }),
  )
  const warned = (findings as Loose[]).filter(({ severity }) => severity === 'warning')
  const acknowledged = warned.map(({ rule, path }) => ({ rule, path, reason: 'a definition of this test' }))
  must(await reviewer.post(`/v1/definitions/${id}/versions/${version}/reviews`, { hash, verdict: 'approved' }))
  must(await reviewer.post(`/v1/definitions/${id}/versions/${version}/publish`, { hash, makeCurrent, acknowledged }))
  return version
}
