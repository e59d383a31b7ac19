import { condition, continueAsNew, defineSignal, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { names, taskQueue } from './messages.ts'

const wake = defineSignal(names.wake)

/** A batch that moves orders in flight to another version. Its state is in the database; this keeps it going, through every restart, until no order is left to wait for. */
export async function orderMigration(input: { migrationId: string; queuePrefix: string }): Promise<void> {
  const activities = proxyActivities<Activities>({
    taskQueue: taskQueue(input.queuePrefix, 'billing'),
    startToCloseTimeout: '2 minutes',
    retry: { initialInterval: '1s', maximumInterval: '30s' },
  })
  let called = false
  setHandler(wake, () => {
    called = true
  })
  for (;;) {
    called = false
    const { status, againInMs } = await activities['definitions.migrateSlice']({ migrationId: input.migrationId })
    if (status === 'done' || status === 'stopped') return
    if (againInMs > 0) await condition(() => called, againInMs)
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof orderMigration>(input)
  }
}
