import { createHash } from 'node:crypto'
import { OutcomeUnknown, Unavailable } from './errors.ts'

/**
 * Does a thing once at a system that doesn't de-duplicate: looks first, acts if nothing is there, and looks again when
 * the answer was lost. `look` returns undefined when the effect is absent. Ends in OutcomeUnknown when the second look
 * finds nothing: the write may still be on its way, and the caller's next try looks first again.
 */
export async function once<T>(look: () => Promise<T | undefined>, act: () => Promise<T>): Promise<T> {
  const before = await look()
  if (before !== undefined) return before
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error
    const after = await look().catch((second: unknown) => {
      // A look that fails tells nothing, and least of all that nothing happened.
      if (second instanceof Unavailable) return undefined
      throw second
    })
    if (after !== undefined) return after
    throw error
  }
}

/** A short trace of an idempotency key that fits in any comment field: 16 hex digits, no personal data. */
export function markOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16)
}
