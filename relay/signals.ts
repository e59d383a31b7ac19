import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import type { Db } from '../db/client.ts'
import { orderByInvocation } from '../db/orders.ts'
import { names, type Outside, paymentIdOf, startedOnce, taskQueue } from '../workflows/messages.ts'
import type { Carriers } from './relay.ts'
import { startedBefore } from './started-before.ts'

export interface SignalDeps {
  db: Db
  client: Client
  queuePrefix: string
}

/**
 * Tells running workflows what happened outside. One that has ended, or that Temporal has forgotten, is nobody to tell:
 * money that came too late is in the customer's wallet already, and reported.
 */
export function createSignals({
  db,
  client,
  queuePrefix,
}: SignalDeps): Pick<Carriers, 'signal' | 'childDone' | 'cancel' | 'payment' | 'callback' | 'job'> {
  const told = async (act: () => Promise<unknown>) => {
    try {
      await act()
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error
    }
  }

  const attempt = (attemptId: string) => ({
    workflowId: paymentIdOf(queuePrefix, attemptId),
    taskQueue: taskQueue(queuePrefix, 'engine'),
    args: [{ attemptId, queuePrefix }],
    ...startedOnce,
  })

  return {
    async signal({ key, workflowId, event, payload }) {
      const message: Outside = { key, event, payload: payload as Outside['payload'] }
      await told(() => client.workflow.getHandle(workflowId).signal(names.outside, message))
    },

    async childDone({ workflowId, invocation, outcome, outcomeKind, output }) {
      await told(() =>
        client.workflow.getHandle(workflowId).signal(names.childEnded, { invocation, outcome, outcomeKind, output }),
      )
    },

    /** The child may not have its workflow yet: then the entry stays and is tried again. */
    async cancel({ invocation }) {
      const child = await orderByInvocation(db, invocation)
      if (child === null) throw new Error(`the child of ${invocation} is not open yet`)
      if (child.status === 'ended') return
      await client.workflow.getHandle(child.workflowId).cancel()
    },

    async payment({ attemptId }) {
      await startedBefore(() => client.workflow.start('payment', attempt(attemptId)))
    },

    /** Work that goes on by itself: started, or woken when it runs already. */
    async job({ workflowType, workflowId, input }) {
      await client.workflow.signalWithStart(workflowType, {
        workflowId: `${queuePrefix}:${workflowId}`,
        taskQueue: taskQueue(queuePrefix, 'engine'),
        args: [{ ...input, queuePrefix }],
        workflowIdConflictPolicy: 'USE_EXISTING',
        signal: names.wake,
        signalArgs: [],
      })
    },

    /** The bank's answer may come before the attempt's own entry was carried out: then it starts the attempt. */
    async callback({ attemptId, fields }) {
      await startedBefore(() =>
        client.workflow.signalWithStart('payment', {
          ...attempt(attemptId),
          signal: names.callback,
          signalArgs: [fields],
        }),
      )
    },
  }
}
