import { EngineFault } from '../fault.ts'
import type { GraphTransition } from '../graph.ts'
import { ancestors, isLeaf, nodeAt } from './chart.ts'
import { type Draft, judge } from './draft.ts'
import type { Chosen } from './route.ts'

/** Thrown when a guard cannot be decided before some facts are fetched: the macrostep is run again with them. */
export class FactsNeeded extends Error {
  override readonly name = 'FactsNeeded'
}

/** Candidates of the event in hand that a state declares itself. */
export function candidatesOf(draft: Draft, index: number): GraphTransition[] {
  const node = nodeAt(draft.chart, index)
  const { name, error } = draft.event
  if (name.startsWith('timer:')) {
    const timer = node.after?.find((t) => name === `timer:${node.id}/${t.id}`)
    return timer?.then ?? []
  }
  if (name.startsWith('done:') || name.startsWith('error:')) {
    const [kind, id] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)]
    const invoke = node.invoke?.find((i) => id === `${node.id}/${i.id}`)
    if (kind === 'done') return invoke?.onDone ?? []
    return (invoke?.onError ?? []).filter((c) => c.errors === undefined || c.errors.includes(error?.type ?? ''))
  }
  if (name.startsWith('done.state:')) return name === `done.state:${node.id}` ? (node.onDone ?? []) : []
  const exact = node.on !== undefined && Object.hasOwn(node.on, name) ? (node.on[name] ?? []) : []
  const any = node.on !== undefined && Object.hasOwn(node.on, '*') ? (node.on['*'] ?? []) : []
  return [...exact, ...any]
}

/** The first candidate whose guard is true. Ends in FactsNeeded, or in EngineFault `GuardError` (never silently false). */
export function firstEnabled(draft: Draft, index: number, candidates: GraphTransition[]): Chosen | undefined {
  const node = nodeAt(draft.chart, index)
  for (const [position, transition] of candidates.entries()) {
    const candidate = transition.id ?? `${node.id}:${draft.event.name || 'always'}[${position}]`
    if (transition.guard === undefined) {
      draft.trace.push({ candidate, truth: 'true', leaves: [] })
      return { source: index, transition }
    }
    const { truth, leaves } = judge(draft, transition.guard)
    draft.trace.push({ candidate, truth, leaves })
    if (truth === 'true') return { source: index, transition }
    if (truth === 'unknown' && draft.needed.size > 0) {
      // The others may have to be judged next: their facts are fetched in the same go.
      for (const { guard } of candidates.slice(position + 1)) if (guard !== undefined) judge(draft, guard)
      throw new FactsNeeded()
    }
    if (truth === 'unknown' || truth === 'error')
      throw new EngineFault('GuardError', `${candidate} cannot be evaluated`)
  }
  return undefined
}

/** Inner first; in a parallel every region is asked; a state's own candidates count only if nothing inside took the event. */
export function selectForEvent(draft: Draft, index = 0): Chosen[] {
  const node = nodeAt(draft.chart, index)
  const inside = node.children
    .filter((child) => draft.active.has(child))
    .flatMap((child) => selectForEvent(draft, child))
  if (inside.length > 0) return inside
  const own = firstEnabled(draft, index, candidatesOf(draft, index))
  return own === undefined ? [] : [own]
}

/** Eventless transitions: from each active leaf outwards, the first that is enabled. */
export function selectEventless(draft: Draft): Chosen[] {
  const { chart } = draft
  const chosen = new Map<GraphTransition, Chosen>()
  for (const leaf of [...draft.active].sort((a, b) => a - b).filter((index) => isLeaf(nodeAt(chart, index)))) {
    for (const index of [leaf, ...ancestors(chart, leaf)]) {
      const found = firstEnabled(draft, index, nodeAt(chart, index).always ?? [])
      if (found === undefined) continue
      chosen.set(found.transition, found)
      break
    }
  }
  return [...chosen.values()]
}
