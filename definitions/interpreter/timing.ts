import { addDuration, addWorkingMs, workingMsBetween } from '../../domain/business-calendar.ts'
import { EngineFault } from '../fault.ts'
import type { GraphNode, GraphSla, GraphTimer } from '../graph.ts'
import { type Chart, nodeAt } from './chart.ts'
import { type Draft, entryOf, valueOf } from './draft.ts'
import type { Instance, SlaClock, Timer } from './instance.ts'

const calendarOf = (chart: Chart, alias: string | undefined) =>
  alias === undefined ? undefined : chart.graph.calendars[alias]

/** Arms the `after` timers and the sla clocks of a state that was just entered. */
export function armTimers(draft: Draft, node: GraphNode): void {
  for (const timer of node.after ?? []) {
    const key = `${node.id}/${timer.id}`
    draft.instance.timers.push({
      key,
      state: node.id,
      id: timer.id,
      entry: entryOf(draft, node.id),
      ...dueOf(draft, timer),
      kind: 'after',
    })
  }
  for (const sla of node.sla ?? []) {
    const startedMs = sla.from === 'process' ? draft.instance.startedAtMs : draft.nowMs
    const calendar = calendarOf(draft.chart, sla.calendar)
    const totalMs = workingMsBetween(startedMs, addDuration(startedMs, sla.within, calendar), calendar)
    draft.instance.clocks.push({
      state: node.id,
      id: sla.id,
      entry: entryOf(draft, node.id),
      usedMs: 0,
      runningSinceMs: startedMs,
      totalMs,
      firedAt: [],
      deadlineMs: null,
    })
  }
}

/** With a calendar, also the instant from which it counts. */
function dueOf(draft: Draft, timer: GraphTimer): Pick<Timer, 'dueMs' | 'fromMs'> {
  const calendar = calendarOf(draft.chart, timer.calendar)
  const counted = (fromMs: number, length: string) => ({
    dueMs: within(draft, timer, addDuration(fromMs, length, calendar)),
    ...(calendar === undefined ? {} : { fromMs }),
  })
  if (timer.delay !== undefined) return counted(draft.nowMs, timer.delay)
  const at = valueOf(draft, timer.at ?? null)
  const instant = typeof at === 'string' ? Date.parse(at) : Number.NaN
  if (Number.isNaN(instant)) throw new EngineFault('BadTimer', `timer ${timer.id}: 'at' is no instant`)
  return timer.offset === undefined ? { dueMs: within(draft, timer, instant) } : counted(instant, timer.offset)
}

/** A due time must be an instant that a clock can show, and no order waits longer than its definition says (`limits.horizon`). */
function within({ chart, nowMs }: Draft, timer: GraphTimer, dueMs: number): number {
  if (Math.abs(dueMs) > 8.64e15) throw new EngineFault('BadTimer', `timer ${timer.id}: beyond all time`)
  if (dueMs - nowMs > chart.graph.limits.horizonMs)
    throw new EngineFault('BadTimer', `timer ${timer.id}: due ${new Date(dueMs).toISOString()}, beyond limits.horizon`)
  return dueMs
}

/** Drops everything that runs for a state that was just left. */
export function dropTimers(draft: Draft, state: string): void {
  const { instance } = draft
  instance.timers = instance.timers.filter((timer) => timer.state !== state)
  instance.clocks = instance.clocks.filter((clock) => clock.state !== state)
  instance.deferred = instance.deferred.filter(
    (stimulus) => stimulus.type !== 'timer' || !stimulus.key.startsWith(`${state}/`),
  )
  instance.incidents = instance.incidents.filter(
    ({ stimulus }) => stimulus?.type !== 'timer' || !stimulus.key.startsWith(`${state}/`),
  )
  delete instance.assigned[state]
}

/** Stops the clocks that a `pauseIn` state holds, starts the others, and arms one timer for each clock's next step. */
export function settleClocks(draft: Draft): void {
  const { instance, chart, nowMs } = draft
  instance.timers = instance.timers.filter((timer) => timer.kind !== 'sla')
  instance.clocks = instance.clocks.map((clock) => {
    const sla = slaOf(chart, clock)
    if (sla === undefined) return clock
    const calendar = calendarOf(chart, sla.calendar)
    const paused = sla.pauseIn.some((index) => draft.active.has(index))
    let { usedMs, runningSinceMs } = clock
    if (paused && runningSinceMs !== null) {
      usedMs += workingMsBetween(runningSinceMs, nowMs, calendar)
      runningSinceMs = null
    } else if (!paused && runningSinceMs === null) runningSinceMs = nowMs
    const dueAt = (percent: number) =>
      runningSinceMs === null
        ? null
        : addWorkingMs(runningSinceMs, Math.max(0, Math.round((clock.totalMs * percent) / 100) - usedMs), calendar)
    const next = sla.steps
      .map(({ at }) => at)
      .filter((at) => !clock.firedAt.includes(at))
      .sort((a, b) => a - b)[0]
    const dueMs = next === undefined ? null : dueAt(next)
    if (next !== undefined && dueMs !== null) {
      const key = `${clock.state}/${clock.id}@${next}`
      instance.timers.push({ key, state: clock.state, id: clock.id, entry: clock.entry, dueMs, kind: 'sla', at: next })
    }
    return { ...clock, usedMs, runningSinceMs, deadlineMs: dueAt(100) }
  })
}

export function slaOf(chart: Chart, clock: Pick<SlaClock, 'state' | 'id'>): GraphSla | undefined {
  const index = chart.byId.get(clock.state)
  return index === undefined ? undefined : nodeAt(chart, index).sla?.find(({ id }) => id === clock.id)
}

/** The timer that fires next: earliest due, and of equal ones the first armed. */
export function nextTimer(instance: Instance): Timer | undefined {
  return instance.timers.reduce<Timer | undefined>(
    (first, timer) => (first === undefined || timer.dueMs < first.dueMs ? timer : first),
    undefined,
  )
}

/** When the instance becomes late: the earliest deadline of a running clock, else the earliest `after`; null when nothing is due. */
export function deadlineOf(instance: Instance): number | null {
  const deadlines = instance.clocks.flatMap(({ deadlineMs }) => (deadlineMs === null ? [] : [deadlineMs]))
  const dues = instance.timers.filter(({ kind }) => kind === 'after').map(({ dueMs }) => dueMs)
  const all = [...deadlines, ...dues]
  return all.length === 0 ? null : Math.min(...all)
}
