import type { Graph, GraphNode } from '../graph.ts'

/** A graph with the look-ups that the interpreter needs; made once per workflow run. */
export interface Chart {
  graph: Graph
  nodes: GraphNode[]
  byId: ReadonlyMap<string, number>
}

/** Indexes a graph. The same graph gives the same chart; nothing in it is ever changed. */
export function chartOf(graph: Graph): Chart {
  return { graph, nodes: graph.nodes, byId: new Map(graph.nodes.map((node, index) => [node.id, index])) }
}

export function nodeAt(chart: Chart, index: number): GraphNode {
  const node = chart.nodes[index]
  if (node === undefined) throw new Error(`no node ${index}`)
  return node
}

/** Proper ancestors, nearest first, up to but not including `until`. */
export function ancestors(chart: Chart, index: number, until = -1): number[] {
  const found: number[] = []
  if (index === until) return found
  for (let at = nodeAt(chart, index).parent; at !== -1 && at !== until; at = nodeAt(chart, at).parent) found.push(at)
  return found
}

export function isDescendant(chart: Chart, index: number, of: number): boolean {
  for (let at = nodeAt(chart, index).parent; at !== -1; at = nodeAt(chart, at).parent) if (at === of) return true
  return false
}

export const isLeaf = (node: GraphNode) => node.kind === 'atomic' || node.kind === 'final'

/** All active states of a configuration given by its leaves, in document order. */
export function activeStates(chart: Chart, leaves: readonly string[]): number[] {
  const active = new Set<number>()
  for (const leaf of leaves) {
    const index = chart.byId.get(leaf)
    if (index === undefined) continue
    active.add(index)
    for (const up of ancestors(chart, index)) active.add(up)
  }
  return [...active].sort((a, b) => a - b)
}

/** A compound is final when its final child is active, a parallel when all its regions are. */
export function isFinal(chart: Chart, index: number, active: ReadonlySet<number>): boolean {
  const node = nodeAt(chart, index)
  if (node.kind === 'compound')
    return node.children.some((child) => nodeAt(chart, child).kind === 'final' && active.has(child))
  if (node.kind === 'parallel')
    return node.children.filter((c) => nodeAt(chart, c).kind !== 'history').every((c) => isFinal(chart, c, active))
  return node.kind === 'final'
}
