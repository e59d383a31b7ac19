import { ApplicationFailure } from '@temporalio/common'
import { DomainError } from '../domain/errors.ts'
import { NotConfigured, OutcomeUnknown, Refused, Unavailable } from '../gateways/errors.ts'

/**
 * The one place that decides whether a call is tried again. A refusal never is: the same wish gives the same answer. A
 * system that is away, or whose answer was lost, is asked again: every adapter looks before it repeats a write. Anything
 * else is a bug of ours or of the network, and is tried again until the call's time is up.
 */
export function toFailure(error: unknown, words: Partial<Record<string, string>> = {}): Error {
  if (error instanceof ApplicationFailure) return error
  if (error instanceof Refused)
    return ApplicationFailure.nonRetryable(error.message, words[error.code] ?? pascal(error.code), error.vendor)
  if (error instanceof NotConfigured)
    return ApplicationFailure.nonRetryable(error.message, 'NotConfigured', error.missing)
  if (error instanceof DomainError) return ApplicationFailure.nonRetryable(error.text.en, error.code, error.text)
  if (error instanceof Unavailable) return ApplicationFailure.retryable(error.message, 'Unavailable')
  if (error instanceof OutcomeUnknown) return ApplicationFailure.retryable(error.message, 'OutcomeUnknown')
  return error instanceof Error ? error : new Error(String(error))
}

/** Not an error: the other side is still at it. Asked again by the call's own retry policy. */
export const notYet = (what: string) => ApplicationFailure.retryable(what, 'NotYet')

/** `NO_FREE_PORT` of a gateway is `NoFreePort` in a definition's `onError`. */
function pascal(code: string): string {
  return code
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

/** Wraps each function of a set, so that whatever it throws leaves as a failure that Temporal understands. */
export function failing<T extends Record<string, (...args: never[]) => Promise<unknown>>>(
  activities: T,
  words?: Partial<Record<string, string>>,
): T {
  const wrap =
    (run: (...args: never[]) => Promise<unknown>) =>
    async (...args: never[]) => {
      try {
        return await run(...args)
      } catch (error) {
        throw toFailure(error, words)
      }
    }
  return Object.fromEntries(Object.entries(activities).map(([name, run]) => [name, wrap(run)])) as T
}
