import { proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { type SweepInput, taskQueue } from './messages.ts'

const batch = 200
const purged = 5_000

const activitiesOn = (prefix: string) =>
  proxyActivities<Activities>({
    taskQueue: taskQueue(prefix, 'billing'),
    startToCloseTimeout: '60s',
    retry: { initialInterval: '5s', maximumInterval: '60s' },
  })

/** Started by a Schedule: opens one renewal for each subscription whose cycle is near its end; a repeated or late sweep opens nothing twice. */
export async function renewalSweep({ queuePrefix }: SweepInput): Promise<number> {
  return sweep(queuePrefix, 'subscription.openRenewals')
}

/** Started by a Schedule: opens one collection for each invoice that is overdue and has none. */
export async function collectionSweep({ queuePrefix }: SweepInput): Promise<number> {
  return sweep(queuePrefix, 'billing.openCollections')
}

/** Started by a Schedule: forgets ended sessions, past codes, old answers and counters; a repeated sweep finds nothing. */
export async function purgeSweep({ queuePrefix }: SweepInput): Promise<number> {
  const { purge } = proxyActivities<Activities>({
    taskQueue: taskQueue(queuePrefix, 'billing'),
    startToCloseTimeout: '60s',
    retry: { initialInterval: '5s', maximumInterval: '60s' },
  })
  let total = 0
  // What is left after a hundred rounds is for the next sweep: a history has an end.
  for (let round = 0; round < 100; round++) {
    const { gone } = await purge({ limit: purged })
    total += gone
    if (gone < purged) return total
  }
  return total
}

async function sweep(prefix: string, name: 'subscription.openRenewals' | 'billing.openCollections'): Promise<number> {
  const activities = activitiesOn(prefix)
  let total = 0
  for (;;) {
    const { opened } = await activities[name]({ limit: batch })
    total += opened
    if (opened < batch) return total
  }
}

/** Started by a Schedule: takes back roll-outs whose version is worse than the old one. */
export async function definitionSweep({ queuePrefix }: SweepInput): Promise<void> {
  await activitiesOn(queuePrefix)['definitions.judgeRollouts']()
}
