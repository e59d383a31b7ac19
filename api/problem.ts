import type { ErrorRequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { DomainError, type Text } from '../domain/errors.ts'
import type { Json } from '../domain/json.ts'
import { zodFaults } from './zod-faults.ts'

/** A refusal with its HTTP status. `code` is stable; `text` is for people; `more` goes into the answer beside it. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly code: string
  readonly text: Text
  readonly errors: readonly Fault[]
  readonly retryAfterSeconds: number | undefined
  readonly more: { [key: string]: Json }

  constructor(
    status: number,
    code: string,
    text: Text,
    rest: { errors?: readonly Fault[]; retryAfterSeconds?: number; more?: { [key: string]: Json } } = {},
  ) {
    super(`${code}: ${text.en}`)
    this.status = status
    this.code = code
    this.text = text
    this.errors = rest.errors ?? []
    this.retryAfterSeconds = rest.retryAfterSeconds
    this.more = rest.more ?? {}
  }
}

/** A fault of the input: `place` is the path of the value, `$.body.phone`. */
export interface Fault extends Text {
  place: string
}

/** Also where the caller may not know that the thing exists. */
export const notFound = () =>
  new Problem(404, 'NotFound', { fa: 'موردی با این نشانی یافت نشد', en: 'There is no such thing' })

export const forbidden = (text: Text = { fa: 'نقش شما اجازه این کار را ندارد', en: 'Your role may not do this' }) =>
  new Problem(403, 'Forbidden', text)

export const conflict = (code: string, text: Text) => new Problem(409, code, text)

export const badInput = (errors: readonly Fault[]) =>
  new Problem(422, 'BadInput', { fa: 'ورودی درست نیست', en: 'The input is not right' }, { errors })

export const badInputOf = (error: z.ZodError, where: string) => badInput(zodFaults(error, where))

export const unavailable = (
  text: Text = {
    fa: 'سامانه اکنون در دسترس نیست؛ کمی بعد دوباره بکوشید',
    en: 'Not available now; try again in a moment',
  },
) => new Problem(503, 'Unavailable', text, { retryAfterSeconds: 2 })

/** The last handler: every error becomes application/problem+json, and none shows its stack. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error)
      return
    }
    const problem = problemOf(error)
    if (problem.status >= 500)
      logger.error({ err: error, requestId: requestIdOf(res), url: req.path }, 'request failed')
    sendProblem(res, problem)
  }
}

export function sendProblem(res: Response, problem: Problem): void {
  if (problem.retryAfterSeconds !== undefined) res.setHeader('Retry-After', String(problem.retryAfterSeconds))
  res.status(problem.status)
  res.setHeader('Content-Type', 'application/problem+json; charset=utf-8')
  res.setHeader('Cache-Control', 'no-store')
  res.end(JSON.stringify(bodyOf(problem, requestIdOf(res))))
}

/** RFC 9457, with `detail` in both languages of the product. */
export function bodyOf(problem: Problem, requestId: string) {
  return {
    type: `urn:samfony:problem:${problem.code}`,
    title: titles[problem.status] ?? 'Error',
    status: problem.status,
    code: problem.code,
    detail: problem.text,
    errors: problem.errors,
    requestId,
    ...problem.more,
  }
}

/** Any thrown thing as a Problem: the only place that turns errors into HTTP. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof DomainError) {
    const place = error.place === undefined ? [] : [{ place: error.place, ...error.text }]
    return new Problem(domainStatus[error.code] ?? 422, error.code, error.text, { errors: place })
  }
  return (
    ofBodyParser(error) ??
    ofDatabase(error) ??
    new Problem(500, 'Internal', {
      fa: 'خطایی در سامانه رخ داد؛ شماره درخواست را به پشتیبانی بگویید',
      en: 'Something went wrong here; give the request id to support',
    })
  )
}

/** Codes of DomainError that are not faults of the input. */
const domainStatus: Record<string, number> = {
  NotFound: 404,
  Conflict: 409,
  AlreadyPublished: 409,
  SamePerson: 409,
  NotPublished: 409,
  InsufficientFunds: 409,
  LimitAboveParent: 409,
  NoSuchRuleSet: 404,
  NoSuchProduct: 404,
  PricesOverlap: 409,
  AlreadyReversed: 409,
  HoldEnded: 409,
  LimitInUse: 409,
  NoSuchEntry: 404,
  NoSuchHold: 404,
  NotApproved: 409,
  DraftChanged: 409,
  RendererBusy: 503,
}

function ofBodyParser(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('type' in error) || !('status' in error)) return undefined
  switch (error.type) {
    case 'entity.too.large':
      return new Problem(413, 'TooLarge', { fa: 'حجم درخواست بیش از حد مجاز است', en: 'The request is too large' })
    case 'entity.parse.failed':
      return new Problem(400, 'BadJson', { fa: 'بدنه درخواست JSON درستی نیست', en: 'The body is no JSON' })
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Problem(415, 'UnsupportedEncoding', {
        fa: 'کدگذاری درخواست پشتیبانی نمی‌شود',
        en: 'This encoding is not supported',
      })
    default:
      return error.status === 400
        ? new Problem(400, 'BadRequest', { fa: 'درخواست خوانده نشد', en: 'The request could not be read' })
        : undefined
  }
}

function ofDatabase(error: unknown): Problem | undefined {
  const fault = driverFault(error)
  if (fault === undefined) return undefined
  if (/^(08|57P|53)/.test(fault) || connectionCodes.has(fault)) return unavailable()
  switch (fault) {
    case '23505':
      return conflict('AlreadyExists', { fa: 'موردی با این مشخصه از پیش هست', en: 'There is one like this already' })
    case '23503':
      return badInput([
        { place: '$.body', fa: 'به موردی اشاره شده است که نیست', en: 'It refers to something that does not exist' },
      ])
    case '40001':
    case '40P01':
      return unavailable()
    case 'SF003':
      return conflict('Committed', { fa: 'این سند قطعی است و تغییر نمی‌کند', en: 'This is committed and never changes' })
    case 'SF006':
      return conflict('NotApproved', {
        fa: 'بازبینی شخص دیگری لازم است',
        en: 'The review of another person is needed',
      })
    case 'SF007':
      return conflict('InUse', {
        fa: 'این نسخه جاری، سنجاق‌شده یا در حال گسترش است',
        en: 'This version is current, pinned or rolled out',
      })
    case '42501':
      return forbidden()
    default:
      return undefined
  }
}

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ETIMEDOUT',
])

/** Code of the driver's error, which drizzle wraps as `cause`. */
function driverFault(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++)
    if ('code' in at && typeof at.code === 'string') return at.code
  return undefined
}

export const requestIdOf = (res: Response): string => String(res.getHeader('X-Request-Id') ?? '')

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}
