import type { Configuration, Edge, Exploration } from './explore.ts'
import type { RoadStep } from './finding.ts'
import { leavesOf } from './road.ts'

/** One step of a road: what it remembers then (undefined: the road may not go here), and the faults that it makes, by name. */
export interface Step<M> {
  memory: M | undefined
  faults: string[]
}

/**
 * For each fault the shortest road that makes it, over the product of the graph and a memory of small domain. A fault that
 * is not in the answer happens on no road: a proof. Calls that come back unheard are steps, too.
 */
export function roadsToFaults<M extends string>(
  explored: Exploration,
  start: M,
  step: (memory: M, edge: Edge, to: Configuration) => Step<M>,
): Map<string, RoadStep[]> {
  const { configurations } = explored
  const cameFrom = new Map<string, { from: string; stimulus: string; to: number }>()
  const queue: { place: number; memory: M; key: string }[] = [{ place: 0, memory: start, key: `0 ${start}` }]
  const seen = new Set([`0 ${start}`])
  const found = new Map<string, RoadStep[]>()
  for (let head = 0; head < queue.length; head++) {
    const { place, memory, key } = queue[head] as (typeof queue)[number]
    for (const edge of stepsFrom(configurations[place], place)) {
      const { memory: then, faults } = step(memory, edge, configurations[edge.to] as Configuration)
      for (const fault of faults)
        if (!found.has(fault)) found.set(fault, [...roadOf(key), told(edge.stimulus, edge.to)])
      if (then === undefined) continue
      const target = `${edge.to} ${then}`
      if (seen.has(target)) continue
      seen.add(target)
      cameFrom.set(target, { from: key, stimulus: edge.stimulus, to: edge.to })
      queue.push({ place: edge.to, memory: then, key: target })
    }
  }
  return found

  function roadOf(key: string): RoadStep[] {
    const steps: RoadStep[] = []
    for (let step = cameFrom.get(key); step !== undefined; step = cameFrom.get(step.from))
      steps.unshift(told(step.stimulus, step.to))
    return steps
  }

  function told(stimulus: string, to: number): RoadStep {
    const { leaves, outcome } = configurations[to] ?? { leaves: [], outcome: null }
    return { stimulus, to: [...leavesOf(leaves), ...(outcome === null ? [] : [`outcome:${outcome}`])] }
  }
}

/** Every step out of a place, with those on which nothing happens. */
export function stepsFrom(configuration: Configuration | undefined, place: number): Edge[] {
  const idle = (configuration?.idle ?? []).map(
    (stimulus): Edge => ({ stimulus, kind: 'call', to: place, tokens: [], marks: [], counted: false }),
  )
  return [...(configuration?.edges ?? []), ...idle]
}
