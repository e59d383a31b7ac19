import { proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { type SweepInput, taskQueue } from './messages.ts'

const batch = 200

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
