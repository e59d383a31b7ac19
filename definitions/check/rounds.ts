import type { Edge, Exploration } from './explore.ts'

/** Strongly connected parts of the graph over some of its edges (Tarjan, without recursion). Parts of one place without an edge to itself are left out. */
export function roundsOf({ configurations }: Exploration, through: (edge: Edge, from: number) => boolean): number[][] {
  const next = configurations.map(({ edges }, from) => edges.filter((edge) => through(edge, from)).map(({ to }) => to))
  const index = new Map<number, number>()
  const low = new Map<number, number>()
  const stack: number[] = []
  const onStack = new Set<number>()
  const rounds: number[][] = []
  for (const start of next.keys()) {
    if (index.has(start)) continue
    const work = [{ node: start, at: 0 }]
    while (work.length > 0) {
      const top = work[work.length - 1] as { node: number; at: number }
      const { node } = top
      if (top.at === 0) {
        index.set(node, index.size)
        low.set(node, index.get(node) as number)
        stack.push(node)
        onStack.add(node)
      }
      const to = next[node]?.[top.at]
      top.at += 1
      if (to !== undefined) {
        if (!index.has(to)) work.push({ node: to, at: 0 })
        else if (onStack.has(to)) low.set(node, Math.min(low.get(node) as number, index.get(to) as number))
        continue
      }
      work.pop()
      const parent = work[work.length - 1]
      if (parent !== undefined) low.set(parent.node, Math.min(low.get(parent.node) as number, low.get(node) as number))
      if (low.get(node) !== index.get(node)) continue
      const part = stack.splice(stack.indexOf(node))
      for (const one of part) onStack.delete(one)
      if (part.length > 1 || next[node]?.includes(node) === true) rounds.push(part)
    }
  }
  return rounds
}
