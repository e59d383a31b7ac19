import type { Drawing } from './drawing.ts'

/** Size of a box of the map in pixels. */
export const boxWidth = 164
export const boxHeight = 78

export interface Point {
  x: number
  y: number
}

/** A drawing with places: corners of the boxes, corners of the roads, middles of the labels. */
export interface Layout {
  width: number
  height: number
  boxes: (Point & { id: string })[]
  /** `label`: its middle; on a crowded drawing labels have no room of their own, and are shown one at a time. */
  roads: { points: Point[]; label: Point }[]
  labelled: boolean
}

/** The part of ELK that is used; the API runs it in a thread, the designer in a worker of the browser. */
export interface Elk {
  layout(graph: object): Promise<object>
}

export interface LayoutWish {
  locale: 'fa' | 'en'
  /** The room that the drawing should fill well, in pixels. */
  width: number
  height: number
}

/**
 * Places a drawing: reading direction of the language, right-angled roads, rows that wrap. ELK's wrapping sometimes tears a road
 * off its box, so several shapes are tried, torn ones are dropped, and the one that stays largest in the room wins. Rejects when
 * none holds, which tests show for no shipped definition.
 */
export async function layOut(drawing: Drawing, wish: LayoutWish, elk: Elk): Promise<Layout> {
  const crowded = drawing.roads.length > fewRoads
  const best = crowded ? undefined : await bestShape(drawing, wish, elk, true)
  if (best !== undefined && best.scale >= readable) return best.layout
  const bare = await bestShape(drawing, wish, elk, false)
  const found = bare === undefined || (best !== undefined && best.scale >= bare.scale) ? best : bare
  if (found === undefined) throw new Error('no shape holds this drawing')
  return found.layout
}

/** Below this scale the words in the boxes are too small; more roads than this leave no room for words beside them. */
const readable = 0.8
const fewRoads = 26

async function bestShape(drawing: Drawing, wish: LayoutWish, elk: Elk, labelled: boolean) {
  let best: { layout: Layout; scale: number } | undefined
  for (const options of shapes(wish.locale)) {
    const placed = await elk.layout(graphOf(drawing, labelled ? wish.locale : null, options)).catch(() => null)
    const layout = placed === null ? undefined : read(drawing, placed as Placed, labelled)
    if (layout === undefined || !holds(drawing, layout)) continue
    const scale = Math.min(wish.width / layout.width, wish.height / layout.height, 1)
    if (best === undefined || scale > best.scale + 0.01) best = { layout, scale }
    if (scale === 1) break
  }
  return best
}

/** The words on a road, short enough for its place. */
export function roadLabel(label: string): string {
  return label.length <= maxLabel ? label : `${label.slice(0, maxLabel - 1)}…`
}

const maxLabel = 22

function shapes(locale: 'fa' | 'en'): Record<string, string>[] {
  const direction = { 'elk.direction': locale === 'fa' ? 'LEFT' : 'RIGHT' }
  const wrap = (ratio: string) => ({
    ...direction,
    'elk.layered.wrapping.strategy': 'MULTI_EDGE',
    'elk.aspectRatio': ratio,
    'elk.layered.wrapping.additionalEdgeSpacing': '14',
  })
  return [direction, { 'elk.direction': 'DOWN' }, ...['1.2', '1.6', '2', '2.4', '2.8', '3.4', '4.5'].map(wrap)]
}

function graphOf(drawing: Drawing, locale: 'fa' | 'en' | null, options: Record<string, string>): object {
  return {
    id: 'root',
    layoutOptions: { ...common, ...options },
    children: drawing.states.map(({ id }) => ({ id, width: boxWidth, height: boxHeight })),
    edges: drawing.roads.map(({ from, to, label }, i) => {
      const text = label === null || locale === null ? '' : roadLabel(label[locale])
      const width = text.length * 6.4 + 12
      const labels =
        text === ''
          ? []
          : [{ id: `l${i}`, text, width, height: 20, layoutOptions: { 'elk.edgeLabels.inline': 'true' } }]
      return { id: `e${i}`, sources: [from], targets: [to], labels }
    }),
  }
}

const common = {
  'elk.algorithm': 'layered',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.padding': '[top=10,left=10,bottom=10,right=10]',
  'elk.layered.spacing.nodeNodeBetweenLayers': '16',
  'elk.spacing.nodeNode': '22',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.layered.spacing.edgeNodeBetweenLayers': '12',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.edgeLabels.placement': 'CENTER',
  'elk.spacing.edgeLabel': '2',
}

interface Placed {
  width: number
  height: number
  children: (Point & { id: string })[]
  edges: {
    sections?: { startPoint: Point; bendPoints?: Point[]; endPoint: Point }[]
    labels?: (Point & { width: number; height: number })[]
  }[]
}

const whole = (value: number) => Math.round(value * 10) / 10
const rounded = ({ x, y }: Point): Point => ({ x: whole(x), y: whole(y) })

/** The middle of the longest piece of a road. */
function middleOf(points: Point[]): Point {
  let best = { length: -1, at: { x: 0, y: 0 } }
  for (const [i, end] of points.entries()) {
    const start = points[i - 1]
    if (start === undefined) continue
    const length = Math.hypot(end.x - start.x, end.y - start.y)
    if (length > best.length) best = { length, at: { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 } }
  }
  return best.at
}

function read(drawing: Drawing, placed: Placed, labelled: boolean): Layout | undefined {
  if (placed.edges.length !== drawing.roads.length || placed.edges.some(({ sections }) => sections?.[0] === undefined))
    return undefined
  return {
    width: Math.ceil(placed.width),
    height: Math.ceil(placed.height),
    boxes: placed.children.map(({ id, x, y }) => ({ id, x: whole(x), y: whole(y) })),
    roads: placed.edges.map(({ sections, labels }) => {
      const points = (sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [
        startPoint,
        ...bendPoints,
        endPoint,
      ])
      const [label] = labels ?? []
      const at =
        label === undefined ? middleOf(points) : { x: label.x + label.width / 2, y: label.y + label.height / 2 }
      return { points: points.map(rounded), label: rounded(at) }
    }),
    labelled,
  }
}

/** Whether every road touches the two boxes that it joins and runs through none. */
function holds(drawing: Drawing, { boxes, roads }: Layout): boolean {
  const at = new Map(boxes.map((box) => [box.id, box]))
  return roads.every(({ points }, i) => {
    const road = drawing.roads[i]
    const [from, to] = [at.get(road?.from ?? ''), at.get(road?.to ?? '')]
    const [first, last] = [points[0], points.at(-1)]
    if (from === undefined || to === undefined || first === undefined || last === undefined) return false
    if (!touches(first, from) || !touches(last, to)) return false
    return points.slice(1).every((end, k) => boxes.every((box) => !crosses(points[k] ?? end, end, box)))
  })
}

const touches = (point: Point, box: Point) =>
  point.x >= box.x - 2 && point.x <= box.x + boxWidth + 2 && point.y >= box.y - 2 && point.y <= box.y + boxHeight + 2

const crosses = (a: Point, b: Point, box: Point) =>
  Math.max(a.x, b.x) > box.x + 4 &&
  Math.min(a.x, b.x) < box.x + boxWidth - 4 &&
  Math.max(a.y, b.y) > box.y + 4 &&
  Math.min(a.y, b.y) < box.y + boxHeight - 4
