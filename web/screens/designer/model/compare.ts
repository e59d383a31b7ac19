import { at } from '../../../../definitions/check/place.ts'
import type { Change } from '../../../../definitions/diff/compare.ts'
import type { Definition } from '../../../../definitions/format.ts'
import { roadsOf, transitionsOf } from './roads.ts'
import { transitionWords } from './say.ts'
import { parentOf, pathOf, stateAt, stateOf, statesOf } from './states.ts'
import { valueAt, withValue } from './tree.ts'

/** How a state (by id) or an arrow (by `from>to`) stands out in a comparison. */
export type Difference = 'added' | 'removed' | 'changed'

/**
 * A definition that exists only to be drawn: the newer one with the states and arrows that the older one had put back, and which
 * of all these were added, removed or changed.
 */
export function compared(from: Definition, to: Definition, changes: readonly Change[]) {
  const shades = new Map<string, Difference>()
  let union = to
  for (const { id, state } of statesOf(from)) {
    if (stateAt(to, id) !== undefined || (parentOf(id) !== '' && stateAt(union, parentOf(id)) === undefined)) continue
    shades.set(id, 'removed')
    const { label, owner, type, stage, initial, order, states } = state
    const shell = Object.fromEntries(
      Object.entries({ label, owner, type, stage, initial, order }).filter(([, part]) => part !== undefined),
    )
    union = withValue(union, pathOf(id), states === undefined ? shell : { ...shell, states: {} })
  }
  for (const { id } of statesOf(to)) if (stateAt(from, id) === undefined) shades.set(id, 'added')
  const [before, after] = [roadsOf(from), roadsOf(to)]
  for (const road of after) if (!before.some(({ id }) => id === road.id)) shades.set(road.id, 'added')
  for (const road of before) {
    const [first] = road.transitions
    if (after.some(({ id }) => id === road.id) || first === undefined || stateAt(union, road.from) === undefined)
      continue
    shades.set(road.id, 'removed')
    const list = at(pathOf(road.from), 'always')
    const kept = valueAt<unknown[]>(union, list) ?? []
    union = withValue(union, list, [...kept, { target: `#${road.to}`, label: transitionWords(from, first) }])
  }
  const transitions = transitionsOf(to)
  for (const { path } of changes) {
    const id = stateOf(path)
    if (id !== '' && stateAt(to, id) !== undefined && !shades.has(id)) shades.set(id, 'changed')
    const on = transitions.find((each) => path === each.path || path.startsWith(`${each.path}.`))
    const road = on?.transition.target === undefined ? undefined : `${on.from}>${on.transition.target.slice(1)}`
    if (road !== undefined && !shades.has(road)) shades.set(road, 'changed')
  }
  return { union, shades }
}
