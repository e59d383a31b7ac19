import { durationMs } from '../compile.ts'
import type { Definition } from '../format.ts'
import type { Exploration } from './explore.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { roadTo } from './road.ts'
import { timersOf } from './walk.ts'

const shortestWaitMs = 60_000

/** E07: a cycle of calls alone, which no condition on visits or data ends. */
export function callCycleFindings({ definition }: Subject, explored: Exploration): Finding[] {
  const found = quickRing(definition, explored)
  if (found === undefined || found.timed !== undefined) return []
  return [
    error(
      'E07',
      '$.states',
      { en: 'calls can go round without a wait or a bound', fa: 'فراخوانی‌ها می‌توانند بی‌درنگ و بی‌حد تکرار شوند' },
      { counterExample: found.counterExample },
    ),
  ]
}

/** E17: a cycle that only waits less than a minute. */
export function shortCycleFindings({ definition }: Subject, explored: Exploration): Finding[] {
  const found = quickRing(definition, explored)
  if (found?.timed === undefined) return []
  return [
    error(
      'E17',
      '$.states',
      {
        en: `${found.timed} is shorter than a minute and part of a cycle`,
        fa: `${found.timed} کمتر از یک دقیقه و در یک چرخه است`,
      },
      { counterExample: found.counterExample },
    ),
  ]
}

/** A cycle that needs no person, no outside event and no longer timer. `timed`: the timer in it. */
function quickRing(definition: Definition, explored: Exploration) {
  const short = shortTimers(definition)
  const quick = explored.configurations.map(({ edges }) =>
    edges.filter(
      ({ kind, stimulus, counted, tokens }) =>
        !counted &&
        tokens.length > 0 &&
        (kind === 'call' || (kind === 'timer' && short.has(stimulus.slice('timer '.length)))),
    ),
  )
  const ring = ringIn(quick.map((edges) => edges.map(({ to }) => to)))
  if (ring === undefined) return undefined
  const within = new Set(ring)
  const edges = ring.flatMap((from) => (quick[from] ?? []).filter(({ to }) => within.has(to)))
  return {
    timed: edges.find(({ kind }) => kind === 'timer')?.stimulus,
    counterExample: roadTo(explored, ring[0] as number, edges[0]?.stimulus),
  }
}

function shortTimers(definition: Definition): Set<string> {
  return new Set(
    timersOf(definition)
      .filter(({ value }) => value.delay !== undefined && durationMs(value.delay) < shortestWaitMs)
      .map(({ state, value }) => `${state}/${value.id}`),
  )
}

/** The nodes of one cycle of a graph, if it has any (iterative depth-first search). */
function ringIn(next: number[][]): number[] | undefined {
  const colour = new Map<number, 'open' | 'done'>()
  for (const start of next.keys()) {
    if (colour.has(start)) continue
    const stack = [{ node: start, at: 0 }]
    colour.set(start, 'open')
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as { node: number; at: number }
      const to = next[top.node]?.[top.at]
      top.at += 1
      if (to === undefined) {
        colour.set(top.node, 'done')
        stack.pop()
      } else if (colour.get(to) === 'open')
        return stack.slice(stack.findIndex(({ node }) => node === to)).map(({ node }) => node)
      else if (!colour.has(to)) {
        colour.set(to, 'open')
        stack.push({ node: to, at: 0 })
      }
    }
  }
  return undefined
}
