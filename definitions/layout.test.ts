import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import elkModule from 'elkjs/lib/elk.bundled.js'
import { drawingOf } from './drawing.ts'
import type { Definition } from './format.ts'
import { type Elk, layOut } from './layout.ts'

const ELK = elkModule as unknown as typeof import('elkjs').default
const elk = new ELK() as unknown as Elk
const folder = 'definitions/seeds'
const shipped = readdirSync(folder).map((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Definition)

describe.each(shipped.map((definition) => [definition.id, definition] as const))('%s', (_id, definition) => {
  const drawing = drawingOf(definition)

  test('every state but the first is reached by a road, and none leads nowhere', () => {
    const known = new Set(drawing.states.map(({ id }) => id))
    const reached = new Set(drawing.roads.map(({ to }) => to))
    expect(drawing.roads.filter(({ from, to }) => !known.has(from) || !known.has(to))).toEqual([])
    // A second region of a parallel state is entered with the first.
    const first = drawing.states.filter(({ id }) => !reached.has(id)).map(({ id }) => id)
    const regions = Object.values(definition.states).filter(({ type }) => type === 'parallel').length
    expect(first.length).toBeLessThanOrEqual(1 + regions)
  })
})

// The largest ones; each takes seconds.
test.each(['adsl-order', 'debt-collection'])('%s has a drawing without a torn road that stays readable', async (id) => {
  const definition = shipped.find((one) => one.id === id)
  if (definition === undefined) throw new Error(`${id} is not shipped`)
  const drawing = drawingOf(definition)
  const layout = await layOut(drawing, { locale: 'fa', width: 1_180, height: 780 }, elk)
  expect(layout.boxes).toHaveLength(drawing.states.length)
  expect(layout.roads).toHaveLength(drawing.roads.length)
  expect(Math.min(1_180 / layout.width, 780 / layout.height)).toBeGreaterThan(0.6)
})
