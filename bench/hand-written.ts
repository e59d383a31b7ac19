import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow'
import type { Fire, FireAnswer } from '../workflows/messages.ts'

/** One transition as its row. */
export interface Row {
  orderId: string
  seq: number
  event: string
  from: string
  to: string
  actorId: string
  payload: Fire['payload']
}

interface RowActivities {
  insertRow(row: Row): Promise<void>
}

const local = proxyLocalActivities<RowActivities>({ startToCloseTimeout: '5s' })
const ordinary = proxyActivities<RowActivities>({ startToCloseTimeout: '10s' })

const next: Record<string, { event: string; to: string }> = {
  draft: { event: 'SUBMIT', to: 'review' },
  review: { event: 'APPROVE', to: 'payment' },
  payment: { event: 'CONFIRM_PAYMENT', to: 'ranging' },
  ranging: { event: 'ASSIGN_PORT', to: 'visit' },
  visit: { event: 'INSTALL', to: 'check' },
  check: { event: 'CLOSE', to: 'active' },
}

const fire = defineUpdate<FireAnswer, [Fire]>('fire')

/** What a programmer would write for this one order: its states in the code, one row for each transition, nothing else. */
export async function handWritten({ orderId, kind }: { orderId: string; kind: 'local' | 'ordinary' }): Promise<void> {
  const { insertRow } = kind === 'local' ? local : ordinary
  let state = 'draft'
  let seq = 0
  const answer = (): FireAnswer => ({
    seq,
    states: [state],
    status: state === 'active' ? 'ended' : 'running',
    outcome: state === 'active' ? 'active' : null,
  })
  setHandler(
    fire,
    async ({ event, payload, actor }) => {
      const from = state
      state = next[from]?.to ?? from
      seq += 1
      await insertRow({ orderId, seq, event, from, to: state, actorId: actor.id, payload })
      return answer()
    },
    {
      validator: ({ event }) => {
        if (next[state]?.event !== event) throw ApplicationFailure.nonRetryable(`no ${event} in ${state}`)
      },
    },
  )
  await condition(() => state === 'active')
  await condition(allHandlersFinished)
}
