import { type Edge, getSmoothStepPath, type Node, Position } from '@xyflow/react'
import type { Definition } from '../../../../definitions/format.ts'
import type { Text } from '../../../../domain/errors.ts'
import type { Mark, Marks, Walk } from '../check/finding-place.ts'
import { type Road, roadsOf } from '../model/roads.ts'
import { type RoadTone, roadTone, type Tone, toneOf, transitionWords } from '../model/say.ts'
import { statesOf } from '../model/states.ts'
import {
  type Box,
  boxHeight,
  boxWidth,
  cornerOf,
  groupHead,
  groupPad,
  grown,
  type Places,
  type Point,
} from './places.ts'

/** How a state or an arrow stands out: part of a walk, added, removed or changed since another version, present in a simulation. */
export type Shade = 'added' | 'removed' | 'changed' | 'present' | 'faint'

export interface StateData extends Record<string, unknown> {
  label: Text
  tone: Tone
  isGroup: boolean
  isInitial: boolean
  owner: string | undefined
  stage: string | undefined
  has: { calls: number; deadlines: number; messages: number; stays: number }
  mark: Mark | undefined
  step: number | undefined
  shade: Shade | undefined
}

export interface RoadData extends Record<string, unknown> {
  path: string
  at: Point
  words: Text
  more: number
  tone: RoadTone
  mark: Mark | undefined
  isWalked: boolean
  shade: Shade | undefined
  paths: string[]
}

export interface Overlay {
  marks: Marks
  walk: Walk | undefined
  shades: Map<string, Shade>
  selected: string
}

/** Boxes for all states: those that have none yet stand below the others of their group. */
export function completed(definition: Definition, places: Places): Places {
  const states = statesOf(definition)
  const boxes: Record<string, Box> = {}
  for (const { id } of states) if (places.boxes[id] !== undefined) boxes[id] = places.boxes[id]
  for (const { id, parent } of states) {
    if (boxes[id] !== undefined) continue
    const brothers = states.filter((other) => other.parent === parent && boxes[other.id] !== undefined)
    const bottom = Math.max(
      groupHead - 20,
      ...brothers.map((other) => (boxes[other.id]?.y ?? 0) + (boxes[other.id]?.height ?? 0)),
    )
    boxes[id] = { x: groupPad, y: bottom + 24, width: boxWidth, height: boxHeight }
  }
  return {
    ...places,
    boxes: grown(
      boxes,
      states.map(({ id }) => id),
    ),
  }
}

/** What React Flow draws of a definition: groups before what is in them, and one arrow for each pair of states. */
export function drawn(
  definition: Definition,
  places: Places,
  overlay: Overlay,
): { nodes: Node<StateData>[]; edges: Edge<RoadData>[] } {
  const states = statesOf(definition)
  const nodes = states.map(({ id, key, parent, state }): Node<StateData> => {
    const box = places.boxes[id] ?? { x: 0, y: 0, width: boxWidth, height: boxHeight }
    const isGroup = state.states !== undefined
    const around = parent === '' ? definition : states.find((other) => other.id === parent)?.state
    return {
      id,
      type: isGroup ? 'group-of-states' : 'state',
      position: { x: box.x, y: box.y },
      width: box.width,
      height: box.height,
      ...(parent !== '' && { parentId: parent }),
      zIndex: isGroup ? 0 : 2,
      handles: [
        { type: 'source', position: Position.Right, x: box.width / 2, y: box.height / 2, width: 1, height: 1 },
        { type: 'target', position: Position.Left, x: box.width / 2, y: box.height / 2, width: 1, height: 1 },
      ],
      data: {
        label: state.label,
        tone: toneOf(definition, state),
        isGroup,
        isInitial: around?.initial === key,
        owner: state.owner,
        stage: state.stage,
        has: {
          calls: state.invoke?.length ?? 0,
          deadlines: (state.after?.length ?? 0) + (state.sla?.length ?? 0),
          messages: state.notify?.length ?? 0,
          stays: Object.values(state.on ?? {})
            .flat()
            .filter(({ target }) => target === undefined).length,
        },
        mark: overlay.marks.states.get(id),
        step: overlay.walk?.states.get(id),
        shade: overlay.shades.get(id),
      },
    }
  })
  const edges = roadsOf(definition).map((road) => edgeOf(definition, places, overlay, road))
  // What is selected or walked lies above the rest: the order of drawing is the only height an arrow has.
  edges.sort((a, b) => weight(a) - weight(b))
  return { nodes, edges }

  function weight({ selected, data }: Edge<RoadData>) {
    return selected === true ? 2 : data?.isWalked === true ? 1 : 0
  }
}

function edgeOf(definition: Definition, places: Places, overlay: Overlay, road: Road): Edge<RoadData> {
  const [first] = road.transitions
  const line = lineOf(places, road)
  const paths = road.transitions.map(({ path }) => path)
  const user = road.transitions.find((each) => roadTone(definition, each) === 'user') ?? first
  return {
    id: road.id,
    source: road.from,
    target: road.to,
    type: 'road',
    selected: paths.some((path) => overlay.selected === path || overlay.selected.startsWith(`${path}.`)),
    focusable: false,
    data: {
      ...line,
      words: user === undefined ? { fa: '', en: '' } : transitionWords(definition, user),
      more: road.transitions.length - 1,
      tone: user === undefined ? 'automatic' : roadTone(definition, user),
      mark: overlay.marks.roads.get(road.id),
      isWalked: overlay.walk?.roads.has(road.id) ?? false,
      shade: overlay.shades.get(road.id),
      paths,
    },
  }
}

/** ELK's own corners while both ends still stand where they stood; else a plain line between the nearest sides. */
function lineOf({ boxes, roads }: Places, { id, from, to }: Road): { path: string; at: Point } {
  const [a, b] = [absolute(boxes, from), absolute(boxes, to)]
  const known = roads[id]
  const [first, last] = [known?.points[0], known?.points.at(-1)]
  if (known !== undefined && first !== undefined && last !== undefined && touches(first, a) && touches(last, b))
    return { path: rounded(known.points), at: known.label ?? middle(known.points) }
  const [dx, dy] = [b.x + b.width / 2 - a.x - a.width / 2, b.y + b.height / 2 - a.y - a.height / 2]
  const isFlat = Math.abs(dx) * a.height > Math.abs(dy) * a.width
  const [out, into] = isFlat
    ? dx > 0
      ? [Position.Right, Position.Left]
      : [Position.Left, Position.Right]
    : dy > 0
      ? [Position.Bottom, Position.Top]
      : [Position.Top, Position.Bottom]
  const [s, t] = [sideOf(a, out), sideOf(b, into)]
  const [path, x, y] = getSmoothStepPath({
    sourceX: s.x,
    sourceY: s.y,
    sourcePosition: out,
    targetX: t.x,
    targetY: t.y,
    targetPosition: into,
    borderRadius: 8,
  })
  return { path, at: { x, y } }
}

const absolute = (boxes: Record<string, Box>, id: string): Box => ({
  ...(boxes[id] ?? { x: 0, y: 0, width: boxWidth, height: boxHeight }),
  ...cornerOf(boxes, id),
})

function sideOf({ x, y, width, height }: Box, side: Position): Point {
  if (side === Position.Left || side === Position.Right)
    return { x: side === Position.Left ? x : x + width, y: y + height / 2 }
  return { x: x + width / 2, y: side === Position.Top ? y : y + height }
}

const touches = ({ x, y }: Point, box: Box) =>
  x >= box.x - 3 && x <= box.x + box.width + 3 && y >= box.y - 3 && y <= box.y + box.height + 3

function middle(points: readonly Point[]): Point {
  const i = Math.floor((points.length - 1) / 2)
  const [a = { x: 0, y: 0 }, b = a] = [points[i], points[i + 1]]
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

/** Right-angled corners, a little rounded. */
function rounded(points: readonly Point[], radius = 8): string {
  const [first = { x: 0, y: 0 }] = points
  let path = `M${first.x},${first.y}`
  for (let i = 1; i < points.length - 1; i++) {
    const [before, corner, after] = [points[i - 1] ?? first, points[i] ?? first, points[i + 1] ?? first]
    const a = Math.min(radius, Math.hypot(corner.x - before.x, corner.y - before.y) / 2)
    const b = Math.min(radius, Math.hypot(after.x - corner.x, after.y - corner.y) / 2)
    path += `L${corner.x - Math.sign(corner.x - before.x) * a},${corner.y - Math.sign(corner.y - before.y) * a}`
    path += `Q${corner.x},${corner.y} ${corner.x + Math.sign(after.x - corner.x) * b},${corner.y + Math.sign(after.y - corner.y) * b}`
  }
  const last = points.at(-1) ?? first
  return `${path}L${last.x},${last.y}`
}
