import { DomainError } from '../../domain/errors.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { Actor } from '../../domain/transition.ts'
import { EngineFault } from '../fault.ts'
import type { Migration } from '../format.ts'
import { notify, perform } from '../interpreter/actions.ts'
import { type Chart, nodeAt } from '../interpreter/chart.ts'
import { type Draft, draftOf, judge, underscored, valueOf } from '../interpreter/draft.ts'
import type { FactRequest, FactSnapshots, Instance, StepReport } from '../interpreter/instance.ts'
import { macrostep, startInvocation } from '../interpreter/microstep.ts'
import { schemaFaults } from '../interpreter/payload.ts'
import { moved } from '../interpreter/result.ts'
import { FactsNeeded } from '../interpreter/select.ts'
import { armTimers } from '../interpreter/timing.ts'
import { carry } from './carry.ts'
import { type MoveProblem, type Placement, placeOf } from './place.ts'

/** A timer or clock before and after, ISO instants; null = not there. */
export interface TimerChange {
  old: string | null
  fresh: string | null
  oldDueAt: string | null
  freshDueAt: string | null
}

/** What a migration does to one order. `hold`: the map leaves it where it is, for now. `busy`: something under way must end first. */
export type Migrated =
  | { kind: 'moved'; instance: Instance; report: StepReport; tokens: string[]; timers: TimerChange[] }
  | { kind: 'hold'; place: string }
  | { kind: 'busy'; place: string }
  | { kind: 'ended' }
  | { kind: 'refused'; problems: MoveProblem[] }
  | { kind: 'needs'; facts: FactRequest[] }

/**
 * Moves one order to another version by the map of the new definition, whole or not at all: states, data, timers with their due
 * times, calls, undo list, history, visits. Pure, and `before` is never changed: the dry run and the move itself are this one
 * function. Nothing is moved while a call runs that must not be interrupted or could need undoing, or while steps are undone.
 */
export function migrate(
  old: Chart,
  fresh: Chart,
  before: Instance,
  map: Migration,
  facts: FactSnapshots,
  nowMs: number,
  actor: Actor | null = null,
): Migrated {
  if (before.outcome !== null) return { kind: 'ended' }
  if (before.status === 'compensating' || before.deferred.length > 0) return { kind: 'busy', place: 'undo' }
  const found = placeOf(old, fresh, before.leaves, map)
  if (found.kind !== 'placed') return found.kind === 'hold' ? { kind: 'hold', place: found.state } : found
  const draft = draftOf(fresh, before, facts, nowMs, actor)
  try {
    return attempt(draft, old, before, map, found.placement)
  } catch (fault) {
    if (fault instanceof FactsNeeded) return { kind: 'needs', facts: [...draft.needed.values()] }
    if (!(fault instanceof EngineFault) && !(fault instanceof DomainError) && !(fault instanceof RangeError))
      throw fault
    const code = fault instanceof EngineFault && fault.type === 'Loop' ? 'loop' : 'context'
    const message = { en: fault.message, fa: 'این سفارش با داده‌های کنونی جابه‌جا نمی‌شود' }
    return { kind: 'refused', problems: [{ code, place: before.leaves.join(' '), message }] }
  }
}

function attempt(draft: Draft, old: Chart, before: Instance, map: Migration, placement: Placement): Migrated {
  const { instance, chart: fresh } = draft
  draft.active = new Set(placement.active)
  for (const move of [map, ...placement.moves.values()]) {
    if (move.guard === undefined) continue
    const { truth } = judge(draft, move.guard)
    if (truth === 'unknown' && draft.needed.size > 0) throw new FactsNeeded()
    if (truth === 'error' || truth === 'unknown') throw new EngineFault('GuardError', 'the guard of the map')
    if (truth === 'false') return { kind: 'hold', place: 'guard' }
  }
  const context = contextOf(draft, map)
  const carried = carry(old, fresh, before, map, placement)
  if (carried.kind === 'busy') return { kind: 'busy', place: carried.place }
  const faults = schemaFaults(fresh.graph.contextSchema, context).map(
    ({ place, message }): MoveProblem => ({ code: 'context', place, message }),
  )
  if (carried.problems.length > 0 || faults.length > 0)
    return { kind: 'refused', problems: [...carried.problems, ...faults] }

  Object.assign(instance, carried.parts, { context, facts: {} })
  draft.set = Object.fromEntries(Object.entries(context).filter(([name, value]) => before.context[name] !== value))
  draft.cancel.push(...carried.cancel)
  draft.outbox.push(...carried.outbox)
  const continued = new Set(placement.images.values())
  draft.left = before.leaves.filter((leaf) => placement.images.get(leaf) !== leaf)
  for (const index of [...placement.active].sort((a, b) => a - b)) {
    const node = nodeAt(fresh, index)
    if (node.id === '') continue
    const isNew = !continued.has(node.id)
    const runs = placement.moves.get(index)?.entry === 'run'
    if (isNew || !before.leaves.includes(node.id)) draft.entered.push(node.id)
    const key = underscored(node.id)
    if (isNew || runs || carried.anew.has(node.id)) instance.visits[key] = (instance.visits[key] ?? 0) + 1
    if (runs) {
      perform(draft, node.entry, node.id)
      for (const message of node.notify ?? []) notify(draft, message, node.id)
    }
    const kept = carried.kept.get(node.id)
    const of = <T extends { id: string }>(list: T[] | undefined, ids: ReadonlySet<string> | undefined) =>
      list?.filter(({ id }) => ids?.has(id) !== true)
    armTimers(draft, { ...node, after: of(node.after, kept?.timers) ?? [], sla: of(node.sla, kept?.clocks) ?? [] })
    if (isNew && node.invoke !== undefined) draft.toInvoke.add(index)
  }
  perform(draft, map.actions, '')
  const visitsThen = { ...instance.visits }
  macrostep(draft, [])
  for (const { state, id } of carried.toStart) {
    const node = nodeAt(fresh, fresh.byId.get(state) ?? 0)
    const invoke = node.invoke?.find((each) => each.id === id)
    const stayed = instance.visits[underscored(state)] === visitsThen[underscored(state)]
    if (invoke !== undefined && instance.outcome === null && stayed && draft.active.has(fresh.byId.get(state) ?? -1))
      startInvocation(draft, node, invoke)
  }
  const timers = changes(before, instance, carried.renamed)
  const name = `${old.graph.version} → ${fresh.graph.version}`
  const payload = { from: old.graph.version, to: fresh.graph.version, timers: timers.map((each) => ({ ...each })) }
  const result = moved(draft, before, { type: 'migrate', name }, null, payload)
  if (result.kind !== 'moved') throw new Error('a migration that was made is a step')
  return { ...result, timers }
}

/** The old data with the map's values over it; what the new version is new to gets its initial value, what it does not know is dropped. */
function contextOf(draft: Draft, map: Migration): JsonObject {
  const { graph } = draft.chart
  const given = draft.instance.context
  const mapped = Object.entries(map.context ?? {}).map(([name, expr]) => [name, valueOf(draft, expr)])
  const initial = Object.entries(graph.contextInitial)
    .filter(([name]) => !Object.hasOwn(given, name))
    .map(([name, expr]) => [name, valueOf(draft, expr)])
  const all: JsonObject = { ...Object.fromEntries(initial), ...given, ...Object.fromEntries(mapped) }
  const schema = graph.contextSchema
  if (typeof schema === 'boolean' || schema['additionalProperties'] !== false) return all
  const known = schema['properties'] as JsonObject | undefined
  return Object.fromEntries(Object.entries(all).filter(([name]) => known !== undefined && Object.hasOwn(known, name)))
}

function changes(before: Instance, after: Instance, renamed: ReadonlyMap<string, string>): TimerChange[] {
  const due = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : new Date(ms).toISOString())
  const named = (instance: Instance) =>
    new Map([
      ...instance.timers.filter(({ kind }) => kind === 'after').map(({ key, dueMs }) => [key, dueMs] as const),
      ...instance.clocks.map(({ state, id, deadlineMs }) => [`${state}/${id}`, deadlineMs] as const),
    ])
  const [was, is] = [named(before), named(after)]
  const olds = [...was].map(([key, dueMs]): TimerChange => {
    const image = renamed.get(key)
    const fresh = image !== undefined && is.has(image) ? image : null
    return { old: key, fresh, oldDueAt: due(dueMs), freshDueAt: fresh === null ? null : due(is.get(fresh)) }
  })
  const images = new Set(olds.map(({ fresh }) => fresh))
  const anew = [...is].filter(([key]) => !images.has(key))
  return [...olds, ...anew.map(([key, dueMs]) => ({ old: null, fresh: key, oldDueAt: null, freshDueAt: due(dueMs) }))]
}
