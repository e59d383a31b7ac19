import { OutcomeUnknown, Unavailable } from '../errors.ts'
import type { VerifyResult } from './port.ts'

/** Asks about money: no answer is `unknown`, never "not paid". Refusals and bugs pass through. */
export async function certain(ask: () => Promise<VerifyResult>): Promise<VerifyResult> {
  try {
    return await ask()
  } catch (error) {
    return { outcome: 'unknown', code: 'no-answer', detail: whyLost(error) }
  }
}

/** Why no answer came; throws again whatever is not a lost answer. */
export function whyLost(error: unknown): string {
  if (error instanceof Unavailable || error instanceof OutcomeUnknown) return error.message
  throw error
}
