import { at } from '../../../../definitions/check/place.ts'
import type { Definition, State, Transition } from '../../../../definitions/format.ts'
import { pathOf, statesOf } from './states.ts'

/** What lets a transition go; `name` is the event, the timer or the call. */
export type Trigger =
  | { kind: 'on'; name: string }
  | { kind: 'always' }
  | { kind: 'onDone' }
  | { kind: 'after'; name: string }
  | { kind: 'done'; name: string }
  | { kind: 'error'; name: string }

/** One transition of a definition: from which state ('' = the whole process), by what, and where it stands. */
export interface FoundTransition {
  path: string
  from: string
  trigger: Trigger
  /** Position among the candidates of the same trigger, and how many there are. */
  position: number
  of: number
  transition: Transition
}

/** All transitions in the order of the document. */
export function transitionsOf(definition: Definition): FoundTransition[] {
  const root: { id: string; state: State } = {
    id: '',
    state: { label: definition.label, ...(definition.on === undefined ? {} : { on: definition.on }) },
  }
  return [root, ...statesOf(definition)].flatMap(({ id, state }) => {
    const place = pathOf(id)
    const list = (transitions: Transition[] | undefined, path: string, trigger: Trigger): FoundTransition[] =>
      (transitions ?? []).map((transition, position) => ({
        path: at(path, position),
        from: id,
        trigger,
        position,
        of: transitions?.length ?? 0,
        transition,
      }))
    const { on = {}, always, onDone, after = [], invoke = [] } = state
    return [
      ...Object.entries(on).flatMap(([name, each]) => list(each, at(place, 'on', name), { kind: 'on', name })),
      ...list(always, at(place, 'always'), { kind: 'always' }),
      ...list(onDone, at(place, 'onDone'), { kind: 'onDone' }),
      ...after.flatMap(({ id: name, then }, i) => list(then, at(place, 'after', i, 'then'), { kind: 'after', name })),
      ...invoke.flatMap((call, i) => [
        ...list(call.onDone, at(place, 'invoke', i, 'onDone'), { kind: 'done', name: call.id }),
        ...list(call.onError, at(place, 'invoke', i, 'onError'), { kind: 'error', name: call.id }),
      ]),
    ]
  })
}

/** All transitions between two states, drawn as one arrow. */
export interface Road {
  id: string
  from: string
  to: string
  transitions: FoundTransition[]
}

/** The arrows of the drawing. Those that stay where they are have none; those of the process itself start nowhere and have none either. */
export function roadsOf(definition: Definition): Road[] {
  const roads = new Map<string, Road>()
  const known = new Set(statesOf(definition).map(({ id }) => id))
  for (const found of transitionsOf(definition)) {
    const to = found.transition.target?.replace(/^#/, '')
    if (to === undefined || found.from === '' || !known.has(to)) continue
    const id = `${found.from}>${to}`
    const road = roads.get(id) ?? { id, from: found.from, to, transitions: [] }
    roads.set(id, { ...road, transitions: [...road.transitions, found] })
  }
  return [...roads.values()]
}
