import { log } from '@temporalio/activity'
import type { Db } from '../db/client.ts'
import { recordTransition } from '../db/transitions.ts'
import type { TransitionRecord } from '../domain/transition.ts'

/** The write of a step: log, projection and outbox in one transaction; the same step twice is one. Whatever fails is tried again: nothing is acknowledged before it is committed. */
export function createTransitionActivities({ db }: { db: Db }) {
  return {
    async recordTransition(record: TransitionRecord): Promise<void> {
      const { applied } = await recordTransition(db, record)
      if (!applied) log.debug('transition was written before', { orderId: record.orderId, seq: record.seq })
    },
  }
}
