import type { ElkNode } from 'elkjs/lib/elk-api.js'
import type { Definition } from '../../../../definitions/format.ts'
import { roadsOf } from '../model/roads.ts'
import { statesOf } from '../model/states.ts'
import { boxHeight, boxWidth, groupHead, groupPad, mirrored, type Places, type Point } from './places.ts'

/** The part of ELK that is used. */
export interface Elk {
  layout(graph: ElkNode): Promise<ElkNode>
}

/**
 * Places a whole definition: groups around their states, right-angled arrows, from top to bottom and in the reading direction. `words` are those on each
 * arrow, which get room. Rejects where ELK does.
 */
export async function layOut(
  definition: Definition,
  direction: 'rtl' | 'ltr',
  words: (road: string) => string,
  elk: Elk,
): Promise<Places> {
  const states = statesOf(definition)
  const nodeOf = (id: string): ElkNode => {
    const inner = states.filter(({ parent }) => parent === id).map(({ id: child }) => nodeOf(child))
    if (inner.length === 0) return { id, width: boxWidth, height: boxHeight }
    const padding = `[top=${groupHead + 8},left=${groupPad},bottom=${groupPad},right=${groupPad}]`
    return { id, layoutOptions: { ...options, 'elk.padding': padding }, children: inner }
  }
  const graph: ElkNode = {
    id: 'root',
    layoutOptions: {
      ...options,
      'elk.json.edgeCoords': 'ROOT',
      'elk.padding': '[top=12,left=12,bottom=12,right=12]',
    },
    children: states.filter(({ parent }) => parent === '').map(({ id }) => nodeOf(id)),
    edges: roadsOf(definition).map(({ id, from, to }) => {
      const text = words(id)
      return { id, sources: [from], targets: [to], labels: [{ id: `label ${id}`, text, ...labelSize(text) }] }
    }),
  }
  const places = read(await elk.layout(graph))
  return direction === 'ltr' ? places : mirrored(places)
}

/** Room for words on an arrow, in pixels. */
export const labelSize = (text: string) => ({ width: Math.min(text.length * 6.2 + 22, 200), height: 22 })

/** From top to bottom: a long process is read by scrolling, and rows stay as wide as a screen. ELK's model order breaks on groups. */
const options: Record<string, string> = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': '14',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '14',
  'elk.layered.spacing.edgeNodeBetweenLayers': '10',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '10',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.edgeLabels.placement': 'CENTER',
  'elk.layered.edgeLabels.sideSelection': 'ALWAYS_UP',
}

function read(placed: ElkNode): Places {
  const places: Places = { direction: 'ltr', boxes: {}, roads: {} }
  const visit = (node: ElkNode) => {
    for (const child of node.children ?? []) {
      const { id, x = 0, y = 0, width = boxWidth, height = boxHeight } = child
      places.boxes[id] = { x: whole(x), y: whole(y), width: whole(width), height: whole(height) }
      visit(child)
    }
    for (const { id, sections = [], labels = [] } of node.edges ?? []) {
      const points = sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [
        startPoint,
        ...bendPoints,
        endPoint,
      ])
      const [label] = labels
      places.roads[id] = {
        points: points.map(rounded),
        label:
          label?.x === undefined || label.y === undefined
            ? null
            : rounded({ x: label.x + (label.width ?? 0) / 2, y: label.y + (label.height ?? 0) / 2 }),
      }
    }
  }
  visit(placed)
  return places
}

const whole = (value: number) => Math.round(value)
const rounded = ({ x, y }: Point): Point => ({ x: whole(x), y: whole(y) })
