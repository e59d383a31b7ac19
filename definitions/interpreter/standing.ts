import { activeStates, type Chart, nodeAt } from './chart.ts'
import type { Instance } from './instance.ts'
import { deadlineOf } from './timing.ts'

/** Where an order stands, in the words of the outside. */
export interface Standing {
  stage: string | null
  tmfState: string | null
  owners: string[]
  dueAt: string | null
  tags: string[]
}

/** Stage and TM Forum state of the innermost first active state that has one; roles whose work list shows the order; when it is late. */
export function standingOf(chart: Chart, instance: Instance): Standing {
  const active = activeStates(chart, instance.leaves).map((index) => nodeAt(chart, index))
  const leaves = active.filter(({ id }) => instance.leaves.includes(id))
  const due = deadlineOf(instance)
  const owners = active.flatMap(({ id, owner }) => instance.assigned[id] ?? owner ?? [])
  return {
    stage: leaves.find(({ stage }) => stage !== undefined)?.stage ?? null,
    tmfState:
      instance.status === 'held' ? 'held' : (leaves.find(({ tmfState }) => tmfState !== undefined)?.tmfState ?? null),
    owners: [...new Set(owners)],
    dueAt: due === null ? null : new Date(due).toISOString(),
    tags: [...new Set(active.flatMap(({ tags }) => tags ?? []))],
  }
}
