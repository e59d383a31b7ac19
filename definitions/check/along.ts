import type { Action, Definition, Notification } from '../format.ts'
import type { Configuration, Edge } from './explore.ts'
import { markPrefix } from './marked.ts'
import { at } from './place.ts'
import { type Placed, type PlacedTransition, statesOf, transitionsOf } from './walk.ts'

/** Something that happens on an edge: an action, or a transition that is taken. */
export type Happening =
  | { type: 'action'; path: string; state: string; action: Action }
  | { type: 'transition'; placed: PlacedTransition }
  | { type: 'message'; path: string; state: string; message: Notification }

/** Reads the marks of an edge back into what the document says, in the order in which the interpreter does it. */
export interface Along {
  happenings: (edge: Edge) => Happening[]
  /** Ids of the calls that begin when the macrostep is over. */
  begun: (edge: Edge, target: Configuration) => string[]
}

/** An index over a definition, made once for all edges of its graph. */
export function alongOf(definition: Definition): Along {
  const states = new Map(statesOf(definition).map((placed) => [placed.id, placed]))
  const transitions = markedTransitions(definition)
  const actions = (list: Action[] | undefined, path: string, state: string): Happening[] =>
    (list ?? []).map((action, i) => ({ type: 'action', path: at(path, i), state, action }))

  const read = (mark: string): Happening[] => {
    const id = mark.slice(1)
    if (mark.startsWith(markPrefix)) {
      const placed = transitions.get(mark)
      if (placed === undefined) return []
      return [
        { type: 'transition', placed },
        ...actions(placed.transition.actions, at(placed.path, 'actions'), placed.source),
      ]
    }
    const found = states.get(id)
    if (found === undefined) return []
    const { state, path } = found
    if (mark.startsWith('-')) return actions(state.exit, at(path, 'exit'), id)
    return [
      ...actions(state.entry, at(path, 'entry'), id),
      ...(state.notify ?? []).map(
        (message, i): Happening => ({ type: 'message', path: at(path, 'notify', i), state: id, message }),
      ),
    ]
  }

  const known = new WeakMap<string[], Happening[]>()
  const happenings = ({ marks }: Edge) => {
    const before = known.get(marks)
    if (before !== undefined) return before
    const fresh = marks.flatMap(read)
    known.set(marks, fresh)
    return fresh
  }

  return {
    happenings,
    begun: (edge, target) => {
      if (target.outcome !== null) return []
      const entered = new Set<string>()
      for (const mark of edge.marks)
        if (mark.startsWith('+')) entered.add(mark.slice(1))
        else if (mark.startsWith('-')) entered.delete(mark.slice(1))
      return [...entered].flatMap((id) => (states.get(id)?.state.invoke ?? []).map((call) => call.id))
    },
  }
}

/** The messages of an edge: those of states and those of `notify` actions. */
export function messagesOf(happenings: Happening[]): Placed<Notification>[] {
  return happenings.flatMap((one): Placed<Notification>[] => {
    if (one.type === 'message') return [{ path: one.path, state: one.state, value: one.message }]
    return one.type === 'action' && one.action.type === 'notify'
      ? [{ path: at(one.path, 'notify'), state: one.state, value: one.action.notify }]
      : []
  })
}

/** Mark of a transition -> where it stands in the document. */
export function markedTransitions(definition: Definition): Map<string, PlacedTransition> {
  const positions = new Map<string, number>()
  return new Map(
    transitionsOf(definition).map((placed) => {
      const list = `${placed.source}|${placed.trigger}`
      const position = positions.get(list) ?? 0
      positions.set(list, position + 1)
      return [`${markPrefix}${list}|${position}`, placed] as const
    }),
  )
}
