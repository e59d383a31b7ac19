import type { BusinessCalendar } from '../../domain/business-calendar.ts'
import type { Actor } from '../../domain/transition.ts'
import type { Migration } from '../format.ts'
import type { Graph } from '../graph.ts'

/** How a batch reaches the running workflows of orders; wiring.ts hands it in. */
export interface OrderRuns {
  /**
   * Asks one order to move, whole or not at all. The same `updateId` twice is one move. `busy`: try again; `held`: its guard or
   * its data keep it there. Throws when Temporal is out of reach.
   */
  migrate(wish: {
    workflowId: string
    updateId: string
    graph: Graph
    map: Migration
    actor: Actor
    expectedSeq: number
    knownSeq: number
  }): Promise<{ kind: 'moved'; seq: number } | { kind: 'busy' | 'held' | 'ended'; place: string }>
  /** Tells an order that a calendar has changed; one that does not count in it, or has ended, does nothing. */
  recalendar(workflowId: string, calendar: BusinessCalendar): Promise<void>
}
