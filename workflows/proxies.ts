import {
  ActivityCancellationType,
  type ActivityOptions,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import type { RetryPolicy, Timeouts } from '../definitions/format.ts'
import { parseDuration } from '../domain/duration.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import { type Queue, taskQueue } from './messages.ts'

/** What a call of a definition hands to its activity. `key` is the idempotency key: the same key twice has one effect. */
export interface Call {
  key: string
  orderId: string
  input: Json
}

/**
 * The write of a transition is a local activity: half the events and half the CPU of an ordinary one. If the database
 * does not answer within seconds, the same function goes on as an ordinary activity that never gives up: nothing is
 * acknowledged before it is committed.
 */
const quick = proxyLocalActivities<Activities>({
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '8s',
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '1s' },
})

export function transitionsOn(prefix: string) {
  const patient = proxyActivities<Activities>({
    taskQueue: taskQueue(prefix, 'engine'),
    startToCloseTimeout: '10s',
    retry: { initialInterval: '500ms', maximumInterval: '10s' },
  })
  return { quick, patient }
}

/** Facts for guards. Own tables answer in milliseconds; a foreign source must not hold a workflow task. */
export function factsOn(prefix: string) {
  return proxyActivities<Activities>({
    taskQueue: taskQueue(prefix, 'engine'),
    startToCloseTimeout: '5s',
    scheduleToCloseTimeout: '12s',
    retry: { initialInterval: '500ms', maximumInterval: '3s' },
  })
}

const queueOfPrefix: Record<string, Queue> = { aaa: 'aaa', oss: 'oss', payment: 'payment' }
const defaults = { attempt: 30_000, initialInterval: 5000, maxInterval: 600_000 }

/** Calls an activity by the name a definition uses (`oss.reservePort`), with the retry and time limits of that call. */
export async function callActivity(
  prefix: string,
  name: string,
  call: Call,
  retry: RetryPolicy = {},
  timeout: Timeouts = {},
): Promise<JsonObject> {
  const queue = queueOfPrefix[name.slice(0, name.indexOf('.'))] ?? 'billing'
  const options: ActivityOptions = {
    taskQueue: taskQueue(prefix, queue),
    startToCloseTimeout: timeout.attempt === undefined ? defaults.attempt : milliseconds(timeout.attempt),
    ...(timeout.total === undefined ? {} : { scheduleToCloseTimeout: milliseconds(timeout.total) }),
    ...(timeout.heartbeat === undefined ? {} : { heartbeatTimeout: milliseconds(timeout.heartbeat) }),
    retry: {
      initialInterval:
        retry.initialInterval === undefined ? defaults.initialInterval : milliseconds(retry.initialInterval),
      maximumInterval: retry.maxInterval === undefined ? defaults.maxInterval : milliseconds(retry.maxInterval),
      backoffCoefficient: retry.backoffCoefficient ?? 2,
      ...(retry.maxAttempts === undefined ? {} : { maximumAttempts: retry.maxAttempts }),
      ...(retry.nonRetryable === undefined ? {} : { nonRetryableErrorTypes: retry.nonRetryable }),
    },
    // A call that was asked to stop may have succeeded all the same: only its real end tells whether it must be undone.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: call.key,
  }
  const activity = proxyActivities<Record<string, (call: Call) => Promise<JsonObject | null>>>(options)[name]
  return (await activity?.(call)) ?? {}
}

function milliseconds(duration: string): number {
  const { months, days, ms } = parseDuration(duration)
  return (months * 30 + days) * 86_400_000 + ms
}
