import type { Text } from '../domain/errors.ts'
import type { Definition, State, Transition } from './format.ts'

/** Who or what a state waits for; of a final state, how it ended. */
export type Tone = 'staff' | 'customer' | 'system' | 'success' | 'failure'

/** A state in which an order can stand, as a box of the map. */
export interface DrawnState {
  id: string
  label: Text
  /** Label of the state around it. */
  group: Text | null
  tone: Tone
}

/** A road between two boxes. `whole`: it is open from every state of a group, and drawn from the first of them. */
export interface DrawnRoad {
  from: string
  to: string
  label: Text | null
  kind: 'user' | 'automatic' | 'timer' | 'error'
  whole: boolean
}

export interface Drawing {
  states: DrawnState[]
  roads: DrawnRoad[]
}

/**
 * What the map of a definition shows: the innermost states in document order and one road for each pair of them. Roads of a
 * group start at its first state, or where it ends when they follow its completion; roads into a group lead to where it begins.
 */
export function drawingOf(definition: Definition): Drawing {
  const states: DrawnState[] = []
  const roads = new Map<string, DrawnRoad>()
  const found = statesOf(definition)

  const add = (from: string, target: string | undefined, road: Pick<DrawnRoad, 'label' | 'kind' | 'whole'>) => {
    const to = target === undefined ? undefined : entryOf(found, target.replace(/^#/, ''))
    if (to === undefined || to === from) return
    const key = `${from} ${to}`
    const before = roads.get(key)
    if (before === undefined) roads.set(key, { from, to, ...road })
    else if (before.label === null || (before.kind !== 'user' && road.kind === 'user'))
      roads.set(key, { ...before, ...road })
  }

  for (const [id, { state, group }] of found) {
    const leaf = state.states === undefined
    if (leaf && state.type !== 'history')
      states.push({ id, label: state.label, group, tone: toneOf(definition, state, group) })
    const from = leaf ? id : entryOf(found, id)
    if (from === undefined || state.type === 'history') continue
    const whole = !leaf
    for (const [event, list] of Object.entries(state.on ?? {}))
      for (const { target, label } of list)
        add(from, target, {
          label: label ?? definition.events[event]?.label ?? null,
          kind: kindOf(definition, event),
          whole,
        })
    const automatic = (list: Transition[] | undefined, start: string, kind: DrawnRoad['kind'], text: Text | null) => {
      for (const { target, label } of list ?? []) add(start, target, { label: label ?? text, kind, whole })
    }
    automatic(state.always, from, 'automatic', null)
    for (const end of exitsOf(found, id)) automatic(state.onDone, end, 'automatic', null)
    for (const { then, label } of state.after ?? []) automatic(then, from, 'timer', label ?? overdue)
    for (const { onDone, onError } of state.invoke ?? []) {
      automatic(onDone, from, 'automatic', null)
      automatic(onError, from, 'error', failed)
    }
  }
  return { states, roads: [...roads.values()] }
}

const overdue: Text = { fa: 'پایان مهلت', en: 'time is up' }
const failed: Text = { fa: 'خطا', en: 'error' }

type Found = Map<string, { state: State; group: Text | null }>

function statesOf(definition: Definition): Found {
  const found: Found = new Map()
  const visit = (states: Record<string, State>, prefix: string, group: Text | null) => {
    for (const [key, state] of Object.entries(states)) {
      found.set(`${prefix}${key}`, { state, group })
      visit(state.states ?? {}, `${prefix}${key}.`, state.label)
    }
  }
  visit(definition.states, '', null)
  return found
}

/** The innermost state where one arrives by entering a state; of parallel regions the first. */
function entryOf(found: Found, id: string): string | undefined {
  const state = found.get(id)?.state
  if (state === undefined) return undefined
  if (state.type === 'history')
    return entryOf(found, state.target?.replace(/^#/, '') ?? id.split('.').slice(0, -1).join('.'))
  if (state.states === undefined) return id
  const first = state.initial ?? state.order?.[0] ?? Object.keys(state.states)[0]
  return first === undefined ? undefined : entryOf(found, `${id}.${first}`)
}

/** Where a group ends: its final states, of each region. */
function exitsOf(found: Found, id: string): string[] {
  const state = found.get(id)?.state
  if (state?.states === undefined) return [id]
  const ends = [...found].filter(([other, { state: inner }]) => other.startsWith(`${id}.`) && inner.type === 'final')
  return ends.map(([end]) => end)
}

const kindOf = (definition: Definition, event: string): DrawnRoad['kind'] =>
  definition.events[event]?.kind === 'user' ? 'user' : 'automatic'

function toneOf(definition: Definition, state: State, group: Text | null): Tone {
  if (state.type === 'final') {
    const outcome = state.outcome === undefined ? undefined : definition.outcomes[state.outcome]
    return outcome === undefined
      ? group === null
        ? 'failure'
        : 'system'
      : outcome.kind === 'success'
        ? 'success'
        : 'failure'
  }
  if (state.owner !== undefined) return state.owner === 'customer' ? 'customer' : 'staff'
  if ((state.invoke ?? []).length > 0 || state.always !== undefined) return 'system'
  const users = Object.keys(state.on ?? {}).filter((event) => definition.events[event]?.kind === 'user')
  return users.length > 0 ? 'customer' : 'system'
}
