import type { Exploration } from './explore.ts'
import type { RoadStep } from './finding.ts'

/** Shortest road from the start to a configuration (and, if given, one stimulus further). */
export function roadTo({ configurations }: Exploration, goal: number, last?: string): RoadStep[] {
  const cameFrom = new Map<number, { from: number; stimulus: string }>()
  const queue = [0]
  for (let head = 0; head < queue.length; head++) {
    if (cameFrom.has(goal)) break
    const from = queue[head] as number
    for (const { to, stimulus } of configurations[from]?.edges ?? []) {
      if (to === 0 || cameFrom.has(to)) continue
      cameFrom.set(to, { from, stimulus })
      queue.push(to)
    }
  }
  const steps: RoadStep[] = []
  for (let at = goal; at !== 0; ) {
    const step = cameFrom.get(at)
    if (step === undefined) return []
    steps.unshift({ stimulus: step.stimulus, to: leavesOf(configurations[at]?.leaves) })
    at = step.from
  }
  return last === undefined ? steps : [...steps, { stimulus: last, to: [] }]
}

export const leavesOf = (leaves: readonly string[] | undefined) => (leaves ?? []).map((leaf) => `#${leaf}`)
