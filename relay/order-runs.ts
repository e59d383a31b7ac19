import {
  type Client,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import type { OrderRuns } from '../definitions/migrate/order-runs.ts'
import { type FireAnswer, type Migrate, names, type Refusal } from '../workflows/messages.ts'

const patienceMs = 10_000

/** The workflows of orders, as batches of ours speak to them. */
export function createOrderRuns({ client }: { client: Client }): OrderRuns {
  return {
    async migrate({ workflowId, updateId, ...wish }) {
      const deadline = Date.now() + patienceMs
      try {
        const answer = await client.withDeadline(deadline, () =>
          client.workflow.getHandle(workflowId).executeUpdate<FireAnswer, [Migrate]>(names.migrate, {
            args: [{ ...wish, notAfter: new Date(deadline).toISOString() }],
            updateId,
          }),
        )
        return { kind: 'moved', seq: answer.seq }
      } catch (error) {
        if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return { kind: 'busy', place: 'workflow' }
        if (error instanceof WorkflowNotFoundError) return { kind: 'busy', place: 'start' }
        const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined
        if (!(cause instanceof ApplicationFailure)) throw error
        const [detail] = (cause.details ?? []) as [Partial<Refusal>?]
        const [reason] = (detail?.reasons ?? []) as { candidate?: string }[]
        const place = reason?.candidate ?? ''
        return { kind: cause.type === 'NotMoved' ? 'held' : cause.type === 'Ended' ? 'ended' : 'busy', place }
      }
    },

    async recalendar(workflowId, calendar) {
      try {
        await client.workflow.getHandle(workflowId).signal(names.recalendar, calendar)
      } catch (error) {
        // Not started yet, or over: a start takes the calendar as it is now.
        if (!(error instanceof WorkflowNotFoundError)) throw error
      }
    },
  }
}
