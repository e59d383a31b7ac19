import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { names, type PaymentEnd, type PaymentInput, taskQueue } from './messages.ts'

export const callback = defineSignal<[Record<string, string>]>(names.callback)

const askAfter = '3 minutes'
const pauseMs = 30_000
/** Unverified money goes back to the card by itself; after this nothing can be paid on this attempt any more. */
const windowMs = 35 * 60_000

/**
 * One attempt to pay. The browser's callback is a hint: only the bank's answer to our own verify, with our own amount,
 * makes money (M10). A callback that never comes is asked after; an answer that was lost is asked for again.
 */
export async function payment({ attemptId, queuePrefix }: PaymentInput): Promise<PaymentEnd> {
  const bank = proxyActivities<Activities>({
    taskQueue: taskQueue(queuePrefix, 'payment'),
    startToCloseTimeout: '40s',
    scheduleToCloseTimeout: '12m',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' },
  })
  const books = proxyActivities<Activities>({
    taskQueue: taskQueue(queuePrefix, 'billing'),
    startToCloseTimeout: '20s',
    retry: { initialInterval: '1s', maximumInterval: '60s' },
  })
  let told: Record<string, string> | null = null
  setHandler(callback, (fields) => {
    told ??= fields
  })

  const endsAtMs = Date.now() + windowMs
  await condition(() => told !== null, askAfter)
  for (;;) {
    const { outcome } = await bank['payment.verify']({ attemptId, callback: told }).catch(() => ({
      outcome: 'unknown' as const,
    }))
    if (outcome === 'paid') break
    const decided = outcome === 'notPaid' && told !== null
    if (decided || Date.now() >= endsAtMs) {
      await books['payment.close']({ attemptId, status: decided ? 'failed' : 'expired' })
      return { outcome: decided ? 'failed' : 'expired' }
    }
    const before = told
    if (before === null) await condition(() => told !== null, askAfter)
    else await sleep(pauseMs)
  }
  await bank['payment.settle']({ attemptId })
  return books['payment.book']({ attemptId })
}
