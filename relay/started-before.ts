import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client'

/** Starts a run by an id made from its business key; one that was started before, and may have ended since, is success. */
export async function startedBefore(start: () => Promise<unknown>): Promise<void> {
  try {
    await start()
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
