import type { Exploration } from '../check/explore.ts'
import type { RoadStep } from '../check/finding.ts'

/** What one version can do and another cannot, as shortest roads. `cut`: the search was given up, there may be more. */
export interface Behaviour {
  gained: RoadStep[][]
  lost: RoadStep[][]
  cut: boolean
}

const limits = { pairs: 4_000, shown: 20, depth: 60 }

/**
 * Roads that are possible in one of two graphs and not in the other: both are walked together, one stimulus at a time;
 * where only one goes on, its road is told and not followed further. Guards are free in both, so what data forbid is
 * not known here. Roads that have come apart are told once for each place and step.
 */
export function behaviourOf(from: Exploration, to: Exploration): Behaviour {
  const found: Behaviour = { gained: [], lost: [], cut: from.cut || to.cut }
  const told = new Set<string>()
  const start: Pair = { before: [0], after: [0], road: [] }
  const seen = new Set([keyOf(start)])
  const queue = [start]
  for (let head = 0; head < queue.length; head++) {
    const pair = queue[head] as Pair
    if (pair.road.length >= limits.depth || queue.length > limits.pairs) {
      found.cut = true
      break
    }
    const [before, after] = [stepsOf(from, pair.before), stepsOf(to, pair.after)]
    const where = pair.road.at(-1)?.to.join() ?? ''
    for (const [label, { step, places }] of after) {
      const old = before.get(label)
      if (old === undefined) tell(found.gained, `+ ${where} ${label}`, [...pair.road, step])
      else {
        const next = { before: old.places, after: places, road: [...pair.road, step] }
        const key = keyOf(next)
        if (seen.has(key)) continue
        seen.add(key)
        queue.push(next)
      }
    }
    for (const [label, { step }] of before)
      if (!after.has(label)) tell(found.lost, `- ${where} ${label}`, [...pair.road, step])
  }
  return found

  function tell(list: RoadStep[][], key: string, road: RoadStep[]): void {
    if (told.has(key)) return
    told.add(key)
    if (list.length >= limits.shown) found.cut = true
    else list.push(road)
  }
}

interface Pair {
  before: number[]
  after: number[]
  road: RoadStep[]
}

const keyOf = ({ before, after }: Pair) => `${before.join()}|${after.join()}`

/** Where each stimulus may lead from a set of places, by what is seen: the stimulus, the states after it, the outcome. */
function stepsOf({ configurations }: Exploration, places: number[]): Map<string, { step: RoadStep; places: number[] }> {
  const steps = new Map<string, { step: RoadStep; places: number[] }>()
  for (const { stimulus, to } of places.flatMap((place) => configurations[place]?.edges ?? [])) {
    const { leaves, outcome } = configurations[to] ?? { leaves: [], outcome: null }
    const states = [...leaves.map((leaf) => `#${leaf}`), ...(outcome === null ? [] : [`outcome:${outcome}`])]
    const label = `${stimulus} ${states.join()}`
    const known = steps.get(label)
    if (known === undefined) steps.set(label, { step: { stimulus, to: states }, places: [to] })
    else if (!known.places.includes(to)) known.places = [...known.places, to].sort((a, b) => a - b)
  }
  return steps
}
