import type { Definition } from '../format.ts'

type StateGraph = Record<string, readonly string[]>

/** ProductOrder of TMF622 and ServiceOrder of TMF641 (v4): what may follow what. An order may fail or be rejected before work begins. */
const order: StateGraph = {
  acknowledged: ['rejected', 'inProgress', 'pending', 'held', 'assessingCancellation'],
  inProgress: ['pending', 'held', 'assessingCancellation', 'completed', 'failed', 'partial'],
  pending: ['inProgress', 'held', 'assessingCancellation', 'rejected'],
  held: ['inProgress', 'pending', 'assessingCancellation', 'rejected'],
  assessingCancellation: ['pendingCancellation', 'inProgress', 'pending', 'held'],
  pendingCancellation: ['cancelled', 'failed'],
  completed: [],
  failed: [],
  partial: [],
  rejected: [],
  cancelled: [],
}

/** TroubleTicket of TMF621 (v4): a resolved ticket may be opened again, a closed one may not. */
const ticket: StateGraph = {
  acknowledged: ['rejected', 'inProgress', 'pending', 'held', 'cancelled'],
  inProgress: ['pending', 'held', 'resolved', 'cancelled', 'acknowledged'],
  pending: ['inProgress', 'held', 'cancelled', 'rejected'],
  held: ['inProgress', 'pending', 'cancelled', 'rejected'],
  resolved: ['closed', 'inProgress'],
  closed: [],
  rejected: [],
  cancelled: [],
}

/** The state graph that partners know for a subject; undefined where they see none. */
export function tmfGraphOf(subject: Definition['subject']): StateGraph | undefined {
  if (subject === 'process') return undefined
  return subject === 'ticket' ? ticket : order
}
