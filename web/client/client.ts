import createFetchClient, { type Middleware } from 'openapi-fetch'
import createQueryClient from 'openapi-react-query'
import type { Text } from '../../domain/errors.ts'
import type { paths } from './paths.ts'

/** What the API says when it refuses: problem+json, see api/problem.ts. `status` 0 means that no answer came. */
export interface Problem {
  status: number
  code: string
  detail: Text
  errors: { place: string; fa: string; en: string }[]
  requestId: string
  reasons?: unknown
}

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set('accept', 'application/json')
    if (request.method === 'POST' && !request.headers.has('Idempotency-Key'))
      request.headers.set('Idempotency-Key', newKey())
    return request
  },
  onError: () => Object.assign(new Error('no answer'), { problem: unreachable }),
}

/** The typed client of our own API: the cookie goes along, every POST has its key, an unknown path does not compile. */
export const fetchClient = createFetchClient<paths>({ baseUrl: location.origin, credentials: 'same-origin' })
fetchClient.use(headers)

/** Queries and mutations of the same client for components. Keys are `[method, path, input]`. */
export const api = createQueryClient(fetchClient)

/** A key for a POST; a form makes one when it opens, so that a double click is one wish. */
export const newKey = () => crypto.randomUUID()

const unreachable: Problem = {
  status: 0,
  code: 'Unreachable',
  detail: {
    fa: 'به سامانه دسترسی نیست؛ اتصال اینترنت را بررسی کنید',
    en: 'The server cannot be reached; check your connection',
  },
  errors: [],
  requestId: '',
}

/** Whatever was thrown, as a problem that can be shown. */
export function problemOf(error: unknown): Problem {
  if (typeof error === 'object' && error !== null) {
    if ('problem' in error) return error.problem as Problem
    if ('status' in error && 'detail' in error) return error as Problem
  }
  return {
    ...unreachable,
    code: 'Internal',
    detail: { fa: 'خطایی در صفحه رخ داد', en: 'Something went wrong in this page' },
  }
}
