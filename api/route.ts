import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Tx } from '../db/client.ts'
import type { Person } from '../db/users.ts'
import type { Deps } from './deps.ts'
import type { Permission } from './permissions.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** A request after the door: parsed, and its maker known. */
export interface Context<P = unknown, Q = unknown, B = unknown, W = Person> {
  deps: Deps
  who: W
  params: P
  query: Q
  body: B
  /** `Idempotency-Key` of a POST; '' elsewhere. */
  key: string
  /** An id that a repeat of this request makes again. */
  newId: (prefix: string) => string
  now: Date
  requestId: string
  /** Address of the caller, as far as proxies are believed. */
  ip: string
  log: Logger
  req: Request
  res: Response
  /** A transaction that sees only what is in the caller's reach. */
  inReach: <T>(fn: (tx: Tx) => Promise<T>) => Promise<T>
}

/** One entry of the API: data, so that the document, the mounting and the role matrix of the tests are made from the same table. */
export interface Route {
  method: Method
  /** `/v1/orders/:id` */
  path: string
  summary: string
  auth: 'public' | Permission
  input: { params: z.ZodObject; query: z.ZodObject; body: z.ZodType }
  /** `raw`: the handler answers by itself, with this media type. */
  output: z.ZodType | { raw: string }
  /** Of a success; 200 unless said. */
  status: number
  /** A POST asks for an `Idempotency-Key` and answers a repeat with the same words; false where a repeat is harmless. */
  idempotent: boolean
  /** How the body comes, and its limit. */
  accepts: { kind: 'json' | 'bytes' | 'form'; limitBytes: number }
  handler: (context: Context) => Promise<unknown>
}

/** An answer with a status or headers of its own. */
export class Reply<T> {
  readonly status: number
  readonly body: T
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, body: T, headers: Readonly<Record<string, string>> = {}) {
    this.status = status
    this.body = body
    this.headers = headers
  }
}

interface Spec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, O> {
  method: Method
  path: string
  summary: string
  input?: { params?: P; query?: Q; body?: B }
  output: O
  status?: number
  idempotent?: boolean
  accepts?: Partial<Route['accepts']>
}

type Answer<O> = O extends z.ZodType ? z.input<O> | Reply<z.input<O>> : void

const nothing = z.strictObject({})
type Nothing = typeof nothing

/** A route for people who signed in and hold a role that `auth` names. */
export function route<
  O extends z.ZodType | { raw: string },
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
>(
  spec: Spec<P, Q, B, O> & {
    auth: Permission
    handler: (context: Context<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Answer<O>>
  },
): Route {
  return complete(spec, spec.auth, spec.handler)
}

/** A route for anybody: `who` is null. */
export function publicRoute<
  O extends z.ZodType | { raw: string },
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
>(
  spec: Spec<P, Q, B, O> & {
    handler: (context: Context<z.output<P>, z.output<Q>, z.output<B>, null>) => Promise<Answer<O>>
  },
): Route {
  return complete(spec, 'public', spec.handler)
}

const jsonLimitBytes = 256 * 1024

function complete(
  spec: Spec<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType | { raw: string }>,
  auth: Route['auth'],
  handler: unknown,
): Route {
  return {
    method: spec.method,
    path: spec.path,
    summary: spec.summary,
    auth,
    input: {
      params: spec.input?.params ?? nothing,
      query: spec.input?.query ?? nothing,
      body: spec.input?.body ?? nothing,
    },
    output: spec.output,
    status: spec.status ?? 200,
    idempotent: spec.idempotent ?? (spec.method === 'post' && auth !== 'public'),
    accepts: { kind: 'json', limitBytes: jsonLimitBytes, ...spec.accepts },
    // The schemas that the handler's types come from are the ones that stand beside it.
    handler: handler as Route['handler'],
  }
}
