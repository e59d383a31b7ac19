import { isInside, parentOf } from '../model/states.ts'

export interface Point {
  x: number
  y: number
}

/** A box in pixels; x and y are measured from the corner of the state around it. */
export interface Box extends Point {
  width: number
  height: number
}

/** Where everything is drawn: a document of its own beside the definition, which means nothing to it. */
export interface Places {
  /** Reading direction that they were made for. */
  direction: 'rtl' | 'ltr'
  boxes: Record<string, Box>
  /** Corners of an arrow (`from>to`) from the corner of the drawing, and the middle of its words. */
  roads: Record<string, { points: Point[]; label: Point | null }>
}

export const boxWidth = 184
export const boxHeight = 74
export const groupPad = 16
export const groupHead = 40

/** The corner of a box measured from the corner of the drawing. */
export function cornerOf(boxes: Record<string, Box>, id: string): Point {
  const box = boxes[id] ?? { x: 0, y: 0 }
  const parent = parentOf(id)
  if (parent === '') return { x: box.x, y: box.y }
  const outer = cornerOf(boxes, parent)
  return { x: outer.x + box.x, y: outer.y + box.y }
}

/** Groups grow with what is in them; they never cut a state off. `ids` come outer first. */
export function grown(boxes: Record<string, Box>, ids: readonly string[]): Record<string, Box> {
  const next: Record<string, Box> = { ...boxes }
  for (const id of [...ids].reverse()) {
    const inner = ids.filter((other) => parentOf(other) === id).flatMap((other) => next[other] ?? [])
    const box = next[id]
    if (inner.length === 0 || box === undefined) continue
    const width = Math.max(...inner.map(({ x, width: w }) => x + w + groupPad), boxWidth)
    const height = Math.max(...inner.map(({ y, height: h }) => y + h + groupPad), boxHeight)
    if (width > box.width || height > box.height || !isGroupBox(box))
      next[id] = { ...box, width: Math.max(width, box.width), height: Math.max(height, box.height) }
  }
  return next
}

const isGroupBox = ({ width, height }: Box) => width > boxWidth || height > boxHeight

/** The same drawing for readers of the other direction. */
export function mirrored(places: Places): Places {
  const boxes = Object.fromEntries(
    Object.entries(places.boxes).map(([id, box]) => {
      const outer = places.boxes[parentOf(id)]
      return [id, { ...box, x: (outer?.width ?? 0) - box.x - box.width }]
    }),
  )
  const roads = Object.fromEntries(
    Object.entries(places.roads).map(([id, { points, label }]) => [
      id,
      { points: points.map(({ x, y }) => ({ x: -x, y })), label: label === null ? null : { x: -label.x, y: label.y } },
    ]),
  )
  return { direction: places.direction === 'rtl' ? 'ltr' : 'rtl', boxes, roads }
}

/** Places that follow a state to its new id. */
export function renamedPlaces(places: Places, from: string, to: string): Places {
  const id = (old: string) => (isInside(old, from) ? to + old.slice(from.length) : old)
  return {
    ...places,
    boxes: Object.fromEntries(Object.entries(places.boxes).map(([key, box]) => [id(key), box])),
    roads: Object.fromEntries(
      Object.entries(places.roads).map(([key, road]) => {
        const [a = '', b = ''] = key.split('>')
        return [`${id(a)}>${id(b)}`, road]
      }),
    ),
  }
}

/** A stored layout, as far as it is one. */
export function readPlaces(layout: unknown, ids: readonly string[]): Places | null {
  const stored = layout as { format?: string; places?: Places } | null | undefined
  if (stored?.format !== 'samfony.layout/1' || stored.places === undefined) return null
  const { boxes } = stored.places
  return ids.every((id) => boxes[id] !== undefined) ? stored.places : null
}
