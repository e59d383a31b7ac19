import { type DrawnRoad, type DrawnState, drawingOf } from '../definitions/drawing.ts'
import type { Definition } from '../definitions/format.ts'
import { type Elk, type Layout, layOut } from '../definitions/layout.ts'

/** A definition as a picture: what stands in it, and where. */
export interface Picture extends Layout {
  states: DrawnState[]
  ways: DrawnRoad[]
}

const kept = 200
/** The room that the map has on a desk's screen. */
const room = { width: 1_180, height: 780 }

/**
 * Pictures of published versions in both languages. A version never changes, so each is made once and the last 200 stay; who
 * asks meanwhile waits for the same one.
 */
export function createDrawings(elk: Elk) {
  const made = new Map<string, Promise<Picture>>()

  async function make(definition: Definition, locale: 'fa' | 'en'): Promise<Picture> {
    const drawing = drawingOf(definition)
    const layout = await layOut(drawing, { locale, ...room }, elk)
    return { ...layout, states: drawing.states, ways: drawing.roads }
  }

  return {
    of(definition: Definition, locale: 'fa' | 'en'): Promise<Picture> {
      const key = `${definition.id}@${definition.version}/${locale}`
      const known = made.get(key)
      if (known !== undefined) return known
      const fresh = make(definition, locale)
      made.set(key, fresh)
      fresh.catch(() => made.delete(key))
      const [oldest] = made.keys()
      if (made.size > kept && oldest !== undefined) made.delete(oldest)
      return fresh
    },
  }
}

export type Drawings = ReturnType<typeof createDrawings>
