import { at } from '../../../../definitions/check/place.ts'
import type { Allow, Definition, EventDeclaration, State, Transition } from '../../../../definitions/format.ts'
import type { Json } from '../../../../domain/json.ts'
import { type Fragment, paste } from './clipboard.ts'
import { renameEventReferences, renameReferences } from './references.ts'
import { transitionsOf } from './roads.ts'
import { isInside, parentOf, pathOf, stateAt } from './states.ts'
import { valueAt, withValue } from './tree.ts'

/** How a new transition goes: a person presses, something outside happens, at once, after a time, or when a call ends. */
export type NewTrigger =
  | { kind: 'on'; name: string; declare?: EventDeclaration; allow?: Allow[] }
  | { kind: 'always' }
  | { kind: 'onDone' }
  | { kind: 'after'; id: string; delay: string; calendar?: string }
  | { kind: 'done'; call: number }
  | { kind: 'error'; call: number }

/** One thing that a person does to a definition. Places are paths of the document, states are dotted ids, '' is the process. */
export type Command =
  | { type: 'set'; path: string; value: unknown }
  | { type: 'setMany'; values: { path: string; value: unknown }[] }
  | { type: 'addState'; parent: string; key: string; state: State }
  | { type: 'removeState'; id: string }
  | { type: 'renameState'; id: string; key: string }
  | { type: 'moveState'; id: string; parent: string }
  | { type: 'connect'; from: string; to: string; trigger: NewTrigger }
  | { type: 'swap'; list: string; a: number; b: number }
  | { type: 'addEvent'; name: string; event: EventDeclaration }
  | { type: 'removeEvent'; name: string }
  | { type: 'renameEvent'; name: string; to: string }
  | { type: 'paste'; parent: string; fragment: Fragment }
  | { type: 'replace'; definition: Definition }

/**
 * The definition after one command. Pure: the old one stays as it is, so undo is a list of old ones. A command whose place is not
 * there changes nothing and answers the same object. What a change leaves dangling is told by the checks, not repaired silently,
 * except that arrows go with the state that they lead to.
 */
export function edit(definition: Definition, command: Command): Definition {
  switch (command.type) {
    case 'set':
      return withValue(definition, command.path, command.value)
    case 'setMany':
      return command.values.reduce((sofar, { path, value }) => withValue(sofar, path, value), definition)
    case 'addState':
      return addState(definition, command)
    case 'removeState':
      return removeState(definition, command.id)
    case 'renameState':
      return place(definition, command.id, parentOf(command.id), command.key)
    case 'moveState':
      return moveState(definition, command.id, command.parent)
    case 'connect':
      return connect(definition, command)
    case 'swap':
      return swap(definition, command)
    case 'addEvent':
      return withValue(definition, at('$', 'events', command.name), command.event)
    case 'removeEvent':
      return removeEvent(definition, command.name)
    case 'renameEvent':
      if (definition.events[command.name] === undefined || definition.events[command.to] !== undefined)
        return definition
      return renameEventReferences(definition, command.name, command.to)
    case 'paste':
      return paste(definition, command.fragment, command.parent)
    default:
      return command.definition
  }
}

const inner = (parent: string) => at(pathOf(parent), 'states')

function addState(definition: Definition, { parent, key, state }: Extract<Command, { type: 'addState' }>): Definition {
  const around: Partial<State> | undefined = parent === '' ? { states: definition.states } : stateAt(definition, parent)
  if (around === undefined || around.states?.[key] !== undefined) return definition
  const added = withValue(definition, at(inner(parent), key), state)
  if (parent === '') return added
  // A first state inside makes a group of the state around it, and the place where it begins.
  if (around.type === 'parallel') return withValue(added, at(pathOf(parent), 'order'), [...(around.order ?? []), key])
  return around.initial === undefined ? withValue(added, at(pathOf(parent), 'initial'), key) : added
}

function removeState(definition: Definition, id: string): Definition {
  if (stateAt(definition, id) === undefined) return definition
  // From the last to the first, so that the places of those before stay right.
  const doomed = transitionsOf(definition)
    .filter(({ transition, from }) => {
      const to = transition.target?.slice(1)
      return to !== undefined && isInside(to, id) && !isInside(from, id)
    })
    .reverse()
  const cut = doomed.reduce((sofar, { path }) => withValue(sofar, path, undefined), definition)
  return detach(cut, id)
}

/** Takes a state out of the one around it, whose beginning and order follow. */
function detach(definition: Definition, id: string): Definition {
  const parent = parentOf(id)
  const key = id.slice(parent === '' ? 0 : parent.length + 1)
  const without = withValue(definition, pathOf(id), undefined)
  const around = parent === '' ? without : stateAt(without, parent)
  if (around === undefined) return without
  const left = Object.keys(around.states ?? {})
  const order = (around as State).order
  const ordered =
    order === undefined
      ? without
      : withValue(
          without,
          at(pathOf(parent), 'order'),
          order.filter((one) => one !== key),
        )
  if (parent !== '' && left.length === 0)
    return edit(ordered, {
      type: 'setMany',
      values: ['states', 'initial', 'order', 'type'].map((part) => ({
        path: at(pathOf(parent), part),
        value: undefined,
      })),
    })
  return around.initial === key ? withValue(ordered, at(pathOf(parent), 'initial'), left[0]) : ordered
}

function moveState(definition: Definition, id: string, parent: string): Definition {
  const around = parent === '' ? definition : stateAt(definition, parent)
  if (around === undefined || parentOf(id) === parent || isInside(parent, id)) return definition
  const key = id.split('.').at(-1) ?? id
  return around.states?.[key] === undefined ? place(definition, id, parent, key) : definition
}

/** Puts a state under another key or into another state; everything that names it follows. */
function place(definition: Definition, id: string, parent: string, key: string): Definition {
  const state = stateAt(definition, id)
  const to = parent === '' ? key : `${parent}.${key}`
  if (state === undefined || to === id || stateAt(definition, to) !== undefined) return definition
  if (parent === parentOf(id)) return renameReferences(rekey(definition, id, key), id, to)
  return renameReferences(addState(detach(definition, id), { type: 'addState', parent, key, state }), id, to)
}

/** Another key in the same place among its brothers. */
function rekey(definition: Definition, id: string, key: string): Definition {
  const parent = parentOf(id)
  const old = id.split('.').at(-1) ?? id
  const path = pathOf(parent)
  const states = valueAt<Record<string, State>>(definition, inner(parent)) ?? {}
  const renamed = Object.fromEntries(Object.entries(states).map(([each, state]) => [each === old ? key : each, state]))
  const order = valueAt<string[]>(definition, at(path, 'order'))
  return edit(definition, {
    type: 'setMany',
    values: [
      { path: inner(parent), value: renamed },
      ...(valueAt(definition, at(path, 'initial')) === old ? [{ path: at(path, 'initial'), value: key }] : []),
      ...(order === undefined
        ? []
        : [{ path: at(path, 'order'), value: order.map((each) => (each === old ? key : each)) }]),
    ],
  })
}

function connect(definition: Definition, { from, to, trigger }: Extract<Command, { type: 'connect' }>): Definition {
  const path = pathOf(from)
  if (from !== '' && stateAt(definition, from) === undefined) return definition
  const target: Transition = to === from ? {} : { target: `#${to}` }
  const append = (base: Definition, list: string, transition: unknown) =>
    withValue(base, list, [...(valueAt<unknown[]>(base, list) ?? []), transition])
  switch (trigger.kind) {
    case 'on': {
      const declared =
        trigger.declare === undefined
          ? definition
          : withValue(definition, at('$', 'events', trigger.name), trigger.declare)
      const allowed = trigger.allow === undefined || trigger.allow.length === 0 ? {} : { allow: trigger.allow }
      return append(declared, at(path, 'on', trigger.name), { ...target, ...allowed })
    }
    case 'always':
      return append(definition, at(path, 'always'), target)
    case 'onDone':
      return append(definition, at(path, 'onDone'), target)
    case 'after': {
      const { id, delay, calendar } = trigger
      return append(definition, at(path, 'after'), {
        id,
        delay,
        ...(calendar === undefined ? {} : { calendar }),
        then: [target],
      })
    }
    case 'done':
      return append(definition, at(path, 'invoke', trigger.call, 'onDone'), target)
    default:
      return append(definition, at(path, 'invoke', trigger.call, 'onError'), target)
  }
}

function swap(definition: Definition, { list, a, b }: Extract<Command, { type: 'swap' }>): Definition {
  const items = valueAt<Json[]>(definition, list)
  if (items === undefined || items[a] === undefined || items[b] === undefined) return definition
  const next = [...items]
  ;[next[a], next[b]] = [items[b], items[a]]
  return withValue(definition, list, next)
}

function removeEvent(definition: Definition, name: string): Definition {
  const doomed = transitionsOf(definition).filter(({ trigger }) => trigger.kind === 'on' && trigger.name === name)
  const lists = new Set(doomed.map(({ path }) => path.replace(/\[\d+\]$/, '')))
  const cut = [...lists].reduce((sofar, path) => withValue(sofar, path, undefined), definition)
  return withValue(cut, at('$', 'events', name), undefined)
}
