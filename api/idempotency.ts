import { createHash } from 'node:crypto'
import type { Db } from '../db/client.ts'
import { answerKey, claimKey, releaseKey } from '../db/idempotency.ts'
import type { Json } from '../domain/json.ts'
import { badInput, Problem } from './problem.ts'

/** Longer than any handler takes (its own deadlines are 5 s): whoever claimed the key longer ago is gone. */
const staleSeconds = 12
/** How long a twin waits for the first one's answer before it is told to come back. */
const patienceMs = 8_000

export interface Answer {
  status: number
  body: Json
}

/** The key of a POST, scoped by its maker. Throws Problem 422 when it is missing or malformed. */
export function idempotencyKeyOf(header: string | undefined): string {
  if (header !== undefined && /^[\x21-\x7e]{8,200}$/.test(header)) return header
  throw badInput([
    {
      place: '$.headers.Idempotency-Key',
      fa: 'سرآیند Idempotency-Key با ۸ تا ۲۰۰ نویسه الزامی است',
      en: 'the header Idempotency-Key with 8 to 200 characters is required',
    },
  ])
}

/**
 * Runs `work` once for a key of an actor. A repeat gets the stored answer; while the first is at work a twin waits for it,
 * and after 8 seconds gets Problem 409 `InFlight`. The same key with another request is DomainError `IdempotencyKeyReused`, 422. Only
 * successes are stored: after a refusal or a failure nothing was done, and the same key may be tried again.
 */
export async function once(
  db: Db,
  request: { actor: string; key: string; route: string; body: unknown },
  work: () => Promise<Answer>,
): Promise<Answer & { repeated: boolean }> {
  const { actor, key, route } = request
  const claim = { actor, key, route, requestHash: hashOf(request.body) }
  const started = Date.now()
  for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, 400)) {
    const found = await claimKey(db, claim, staleSeconds)
    if (found.state === 'fresh') break
    if (found.state === 'done') return { status: found.status, body: found.response, repeated: true }
    if (Date.now() - started + waitMs > patienceMs) throw inFlight()
    await new Promise((wake) => setTimeout(wake, waitMs))
  }
  try {
    const answer = await work()
    if (answer.status === 202) await releaseKey(db, { actor, key })
    else await answerKey(db, { actor, key }, { status: answer.status, response: answer.body })
    return { ...answer, repeated: false }
  } catch (error) {
    await releaseKey(db, { actor, key }).catch(() => undefined) // it goes stale by itself
    throw error
  }
}

/** An id that a repeat of the same request makes again: what was written before a crash is found instead of written twice. */
export function repeatableId(prefix: string, actor: string, key: string): string {
  return `${prefix}_${createHash('sha256').update(`${prefix}\n${actor}\n${key}`).digest('base64url').slice(0, 22)}`
}

function hashOf(body: unknown): string {
  const bytes = Buffer.isBuffer(body) ? body : JSON.stringify(body ?? null)
  return createHash('sha256').update(bytes).digest('hex')
}

const inFlight = () =>
  new Problem(
    409,
    'InFlight',
    { fa: 'همین درخواست در حال انجام است', en: 'The same request is at work' },
    { retryAfterSeconds: 2 },
  )
