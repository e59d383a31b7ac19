import { addDuration, addWorkingMs, type BusinessCalendar, workingMsBetween } from '../../domain/business-calendar.ts'
import type { Graph } from '../graph.ts'
import { type Chart, nodeAt } from './chart.ts'
import { draftOf } from './draft.ts'
import type { Instance, StepResult, Timer } from './instance.ts'
import { moved } from './result.ts'
import { settleClocks, slaOf } from './timing.ts'

/** A graph that counts in a calendar as it is now; undefined when it does not count in it, or counts so already. */
export function withCalendar(graph: Graph, calendar: BusinessCalendar): Graph | undefined {
  const isOlder = (known: BusinessCalendar) =>
    known.id === calendar.id &&
    (calendar.revision === undefined
      ? JSON.stringify(known) !== JSON.stringify(calendar)
      : (known.revision ?? 0) < calendar.revision)
  if (!Object.values(graph.calendars).some(isOlder)) return undefined
  const entries = Object.entries(graph.calendars).map(([alias, old]) => [
    alias,
    old.id === calendar.id ? calendar : old,
  ])
  return { ...graph, calendars: Object.fromEntries(entries) as Graph['calendars'] }
}

/**
 * Counts every open due time of an order anew after its working calendar has changed: timers from the instant from which they
 * run, sla clocks with the working time that they have used. What is due in the past by the new count fires at once. `ignored`
 * when nothing changes. The step says which due times moved, from when to when.
 */
export function recount(
  old: Chart,
  fresh: Chart,
  before: Instance,
  calendar: BusinessCalendar,
  nowMs: number,
): StepResult {
  if (before.outcome !== null) return { kind: 'ignored', reason: 'ended' }
  const draft = draftOf(fresh, before, {}, nowMs, null)
  const { instance } = draft
  instance.timers = before.timers.map((timer) => recounted(old, fresh, timer, nowMs))
  instance.clocks = before.clocks.map((clock) => {
    const was = slaOf(old, clock)
    const is = slaOf(fresh, clock)
    if (was?.calendar === undefined || is === undefined || clock.runningSinceMs === null) return { ...clock }
    // Time that has run under the old calendar stays used; from now on the new one counts.
    const usedMs = clock.usedMs + workingMsBetween(clock.runningSinceMs, nowMs, old.graph.calendars[was.calendar])
    return { ...clock, usedMs, runningSinceMs: Math.max(clock.runningSinceMs, nowMs) }
  })
  settleClocks(draft)
  const due = (of: Instance) => [
    ...of.timers.filter(({ kind }) => kind === 'after').map(({ key, dueMs }) => [key, dueMs] as const),
    ...of.clocks.map(({ state, id, deadlineMs }) => [`${state}/${id}`, deadlineMs] as const),
  ]
  const was = new Map(due(before))
  const timers = due(instance)
    .filter(([key, ms]) => was.get(key) !== ms)
    .map(([key, ms]) => ({ key, oldDueAt: text(was.get(key)), freshDueAt: text(ms) }))
  if (timers.length === 0) return { kind: 'ignored', reason: 'noCandidate' }
  return moved(draft, before, { type: 'calendar', name: calendar.id }, null, { timers })
}

const text = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : new Date(ms).toISOString())

function recounted(old: Chart, fresh: Chart, timer: Timer, nowMs: number): Timer {
  const index = fresh.byId.get(timer.state)
  const declared = index === undefined ? undefined : nodeAt(fresh, index).after?.find(({ id }) => id === timer.id)
  if (timer.kind !== 'after' || declared?.calendar === undefined) return timer
  const calendar = fresh.graph.calendars[declared.calendar]
  const length = declared.delay ?? declared.offset
  if (timer.fromMs !== undefined && length !== undefined)
    return { ...timer, dueMs: addDuration(timer.fromMs, length, calendar) }
  // Armed before starts were kept: what is left of working time stays the same.
  const left = workingMsBetween(nowMs, timer.dueMs, old.graph.calendars[declared.calendar])
  return { ...timer, dueMs: addWorkingMs(nowMs, left, calendar) }
}
