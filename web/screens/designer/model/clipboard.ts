import { at } from '../../../../definitions/check/place.ts'
import type {
  Condition,
  Definition,
  EventDeclaration,
  FactDeclaration,
  Form,
  State,
} from '../../../../definitions/format.ts'
import type { Json } from '../../../../domain/json.ts'
import { parentOf, pathOf, stateAt } from './states.ts'
import { valueAt, withValue } from './tree.ts'

/** What the clipboard holds, as text: states with everything of the definition that they lean on by name. */
export interface Fragment {
  format: 'samfony.fragment/1'
  /** Key -> state. References between them are kept; those to others dangle until someone sets them. */
  states: Record<string, State>
  /** Ids that the states had, by key. */
  ids: Record<string, string>
  events: Record<string, EventDeclaration>
  forms: Record<string, Form>
  guards: Record<string, Condition>
  facts: Record<string, FactDeclaration>
  calendars: Record<string, string>
  context: Record<string, Json>
  initial: Record<string, Json>
}

/** The states of these ids (none inside another of them) with what they lean on. */
export function copy(definition: Definition, ids: readonly string[]): Fragment {
  const outer = ids.filter((id) => !ids.some((other) => other !== id && id.startsWith(`${other}.`)))
  const states: Record<string, State> = {}
  const kept: Record<string, string> = {}
  for (const id of outer) {
    const state = stateAt(definition, id)
    if (state === undefined) continue
    const key = fresh(id.split('.').at(-1) ?? id, states)
    states[key] = state
    kept[key] = id
  }
  const body = states as unknown as Json
  const events = pick(definition.events, (name) => mentions(body, name))
  const forms = pick(definition.forms, (name) => Object.values(events).some(({ form }) => form === name))
  const withForms = [body, forms as unknown as Json]
  const guards = closure(definition.guards ?? {}, withForms)
  const all: Json = [...withForms, guards as unknown as Json]
  const facts = pick(definition.facts, (name) => mentions(all, name))
  const calendars = pick(definition.calendars, (name) => mentions(all, name))
  const paths = JSON.stringify([all, facts])
  const schema = definition.context.schema
  const properties = (typeof schema === 'boolean' ? {} : (schema['properties'] ?? {})) as Record<string, Json>
  const context = pick(properties, (name) => new RegExp(`"\\$\\.${name}["'.]`).test(paths))
  const initial = pick(definition.context.initial, (name) => Object.hasOwn(context, name))
  return { format: 'samfony.fragment/1', states, ids: kept, events, forms, guards, facts, calendars, context, initial }
}

/** A text as a fragment; undefined where it is none. */
export function readFragment(text: string): Fragment | undefined {
  try {
    const value = JSON.parse(text) as Fragment
    return value.format === 'samfony.fragment/1' && typeof value.states === 'object' ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * Puts a fragment into a state ('' = the process). A state whose key is taken gets another one, and references among the pasted
 * states follow. Declarations that are missing come along; those that are there stay as they are.
 */
export function paste(definition: Definition, fragment: Fragment, parent: string): Definition {
  const around = parent === '' ? definition : stateAt(definition, parent)
  if (around === undefined) return definition
  const taken: Record<string, unknown> = { ...around.states }
  const names = new Map<string, string>()
  for (const key of Object.keys(fragment.states)) {
    const name = fresh(key, taken)
    taken[name] = true
    names.set(fragment.ids[key] ?? key, parent === '' ? name : `${parent}.${name}`)
  }
  const states = renamed(fragment.states as unknown as Json, names) as unknown as Record<string, State>
  let next = definition
  for (const [key, state] of Object.entries(states)) {
    const id = names.get(fragment.ids[key] ?? key) ?? key
    next = withValue(next, pathOf(id), state)
    const group = stateAt(next, parent)
    if (group?.type === 'parallel')
      next = withValue(next, at(pathOf(parent), 'order'), [...(group.order ?? []), id.split('.').at(-1)])
    else if (parentOf(id) !== '' && group?.initial === undefined)
      next = withValue(next, at(pathOf(parent), 'initial'), id.split('.').at(-1))
  }
  for (const part of ['events', 'forms', 'guards', 'facts', 'calendars'] as const)
    next = fill(next, `$.${part}`, fragment[part])
  if (typeof next.context.schema !== 'boolean') next = fill(next, '$.context.schema.properties', fragment.context)
  return fill(next, '$.context.initial', fragment.initial)
}

function fill(definition: Definition, path: string, declared: Record<string, unknown>): Definition {
  return Object.entries(declared ?? {}).reduce(
    (sofar, [name, value]) =>
      valueAt(sofar, at(path, name)) === undefined ? withValue(sofar, at(path, name), value) : sofar,
    definition,
  )
}

function renamed(node: Json, names: ReadonlyMap<string, string>): Json {
  if (typeof node === 'string') {
    if (!node.startsWith('#')) return node
    for (const [from, to] of names)
      if (node === `#${from}` || node.startsWith(`#${from}.`)) return `#${to}${node.slice(from.length + 1)}`
    return node
  }
  if (node === null || typeof node !== 'object') return node
  if (Array.isArray(node)) return node.map((one) => renamed(one, names))
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, renamed(value, names)]))
}

/** Named guards that are used, and those that these use. */
function closure(guards: Record<string, Condition>, body: Json): Record<string, Condition> {
  let found: Record<string, Condition> = {}
  for (;;) {
    const next = pick(guards, (name) => mentions([body, found as unknown as Json], name))
    if (Object.keys(next).length === Object.keys(found).length) return next
    found = next
  }
}

function pick<T>(table: Record<string, T> | undefined, keep: (name: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(table ?? {}).filter(([name]) => keep(name)))
}

/** Whether a name stands anywhere as a value or a key. */
function mentions(node: Json, name: string): boolean {
  if (typeof node === 'string') return node === name
  if (node === null || typeof node !== 'object') return false
  if (!Array.isArray(node) && Object.hasOwn(node, name)) return true
  return Object.values(node).some((value) => mentions(value, name))
}

function fresh(key: string, taken: Record<string, unknown>): string {
  if (!Object.hasOwn(taken, key)) return key
  for (let n = 2; ; n++) if (!Object.hasOwn(taken, `${key}${n}`)) return `${key}${n}`
}
