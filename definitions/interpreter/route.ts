import type { GraphTransition } from '../graph.ts'
import { ancestors, type Chart, isDescendant, nodeAt } from './chart.ts'

/** A transition chosen in a selection, with the state that owns it. */
export interface Chosen {
  source: number
  transition: GraphTransition
}

export type History = Readonly<Record<string, string[]>>

/** Where a target really leads: a history state stands for what it remembers, else for its default, else for its parent's start. */
function effectiveTargets(chart: Chart, target: number, history: History): number[] {
  const node = nodeAt(chart, target)
  if (node.kind !== 'history') return [target]
  const remembered = history[node.id]?.flatMap((id) => chart.byId.get(id) ?? [])
  if (remembered !== undefined && remembered.length > 0) return remembered
  const fallback = node.target ?? nodeAt(chart, node.parent).initial ?? node.parent
  return effectiveTargets(chart, fallback, history)
}

/** The state whose inside a transition leaves and enters; undefined: the root itself is left (only `reenter` on the root). */
function domainOf(chart: Chart, { source, transition }: Chosen, history: History): number | undefined {
  if (transition.target === undefined) return undefined
  const targets = effectiveTargets(chart, transition.target, history)
  if (transition.reenter !== true && targets.every((t) => t === source || isDescendant(chart, t, source))) return source
  const ends = [...targets, source]
  for (const up of ancestors(chart, targets[0] ?? source)) if (ends.every((t) => isDescendant(chart, t, up))) return up
  return transition.reenter === true ? undefined : 0
}

/** States that a transition leaves, in no particular order. */
export function exitSet(chart: Chart, chosen: Chosen, active: Iterable<number>, history: History): Set<number> {
  const leaving = new Set<number>()
  if (chosen.transition.target === undefined) return leaving
  const domain = domainOf(chart, chosen, history)
  for (const state of active) if (domain === undefined || isDescendant(chart, state, domain)) leaving.add(state)
  return leaving
}

/**
 * Of transitions whose exit sets meet, the inner one wins, else the one of the earlier region: the algorithm of SCXML
 * and XState (definitions.md 3.4.4).
 */
export function withoutConflicts(
  chart: Chart,
  chosen: Chosen[],
  active: ReadonlySet<number>,
  history: History,
): Chosen[] {
  const kept = new Set<Chosen>()
  for (const candidate of chosen) {
    const leaving = exitSet(chart, candidate, active, history)
    const beaten: Chosen[] = []
    let preempted = false
    for (const other of kept) {
      const meets = [...exitSet(chart, other, active, history)].some((state) => leaving.has(state))
      if (!meets) continue
      if (isDescendant(chart, candidate.source, other.source)) beaten.push(other)
      else {
        preempted = true
        break
      }
    }
    if (preempted) continue
    for (const other of beaten) kept.delete(other)
    kept.add(candidate)
  }
  return [...kept]
}

/** States that the transitions enter, in document order. */
export function entrySet(chart: Chart, chosen: Chosen[], history: History): number[] {
  const entering = new Set<number>()
  const regionIsEntered = (region: number) => [...entering].some((s) => isDescendant(chart, s, region))

  const addDescendants = (index: number): void => {
    const node = nodeAt(chart, index)
    if (node.kind === 'history') {
      const targets = effectiveTargets(chart, index, history)
      for (const target of targets) {
        entering.add(target)
        addDescendants(target)
      }
      for (const target of targets) addAncestors(ancestors(chart, target, node.parent), undefined)
    } else if (node.kind === 'compound') {
      if (node.initial === undefined) return
      if (nodeAt(chart, node.initial).kind !== 'history') entering.add(node.initial)
      addDescendants(node.initial)
    } else if (node.kind === 'parallel') addRegions(index)
  }

  const addRegions = (index: number): void => {
    for (const region of nodeAt(chart, index).children) {
      if (nodeAt(chart, region).kind === 'history' || regionIsEntered(region)) continue
      entering.add(region)
      addDescendants(region)
    }
  }

  const addAncestors = (states: number[], inside: number | undefined): void => {
    for (const state of states) {
      if (inside === undefined || isDescendant(chart, state, inside)) entering.add(state)
      if (nodeAt(chart, state).kind === 'parallel') addRegions(state)
    }
  }

  for (const one of chosen) {
    const { source, transition } = one
    if (transition.target === undefined) continue
    const domain = domainOf(chart, one, history)
    const { target } = transition
    if (
      nodeAt(chart, target).kind !== 'history' &&
      (source !== target || source !== domain || transition.reenter === true)
    )
      entering.add(target)
    addDescendants(target)
    for (const state of effectiveTargets(chart, target, history)) {
      const up = ancestors(chart, state, domain)
      if (domain !== undefined && nodeAt(chart, domain).kind === 'parallel') up.push(domain)
      addAncestors(up, source === 0 && transition.reenter === true ? undefined : domain)
    }
  }
  return [...entering].sort((a, b) => a - b)
}
