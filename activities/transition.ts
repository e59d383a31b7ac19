import { log } from '@temporalio/activity'
import type { Db } from '../db/client.ts'
import { recordTransition, stepsBeyond } from '../db/transitions.ts'
import type { StepsBeyond, TransitionRecord } from '../domain/transition.ts'

/** What a write answers when the step was not written as handed in; null when it was, now or before. */
export type NotWritten = { late: true } | { ahead: StepsBeyond }

/** The write of a step: log, projection and outbox in one transaction; the same step twice is one. Whatever fails is tried again: nothing is acknowledged before it is committed. */
export function createTransitionActivities({ db }: { db: Db }) {
  return {
    async recordTransition(record: TransitionRecord): Promise<NotWritten | null> {
      const { verdict, seq } = await recordTransition(db, record)
      if (verdict === 'late') return { late: true }
      if (verdict === 'known') log.debug('transition was written before', { orderId: record.orderId, seq: record.seq })
      if (verdict !== 'ahead') return null
      log.warn('the database is ahead of the workflow', { orderId: record.orderId, seq: record.seq, reached: seq })
      const ahead = await stepsBeyond(db, record.orderId, record.seq - 1)
      return ahead === null ? null : { ahead }
    },

    /** Steps that were committed by a worker which died before it could tell the workflow; null when there are none. */
    async stepsBeyond({ orderId, seq }: { orderId: string; seq: number }): Promise<StepsBeyond | null> {
      return stepsBeyond(db, orderId, seq)
    },
  }
}
