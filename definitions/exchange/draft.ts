import type { Json, JsonObject } from '../../domain/json.ts'
import type { Condition, Definition, EventDeclaration, State, Transition } from '../format.ts'
import { notImportable } from './refusal.ts'

/** What an import found: structure, and whatever its document brought along of ours. */
export interface Found {
  id: string
  initial: string
  states: Record<string, State>
  on?: Record<string, Transition[]>
  /** The rest of a definition that was exported from here. */
  extra?: JsonObject
  context?: Record<string, Json>
}

/**
 * A definition from a foreign document. Where the document came from here, nothing is lost; else only its structure is
 * there: every event is a person's, nobody is allowed anything, and named guards are never true. The lint lists what is missing.
 */
export function draftOf({ id, initial, states, on, extra, context = {} }: Found): Definition {
  const structure = { initial, states, ...(on === undefined ? {} : { on }) }
  if (extra !== undefined) return { ...(extra as unknown as Definition), ...structure }
  const events = new Set<string>()
  const guards = new Set<string>()
  const outcomes = new Set<string>()
  collect(structure, { events, guards, outcomes })
  const plain = (name: string) => ({ fa: name, en: name })
  return {
    format: 'samfony.process/1',
    id,
    version: 1,
    label: plain(id),
    subject: 'process',
    context: {
      schema: { type: 'object', properties: Object.fromEntries(Object.keys(context).map((name) => [name, {}])) },
      ...(Object.keys(context).length === 0 ? {} : { initial: context }),
    },
    ...(guards.size === 0 ? {} : { guards: Object.fromEntries([...guards].map((name) => [name, neverTrue])) }),
    events: Object.fromEntries(
      [...events].map((name): [string, EventDeclaration] => [name, { kind: 'user', label: plain(name) }]),
    ),
    outcomes: Object.fromEntries([...outcomes].map((name) => [name, { kind: 'success', label: plain(name) }])),
    ...structure,
  }
}

/** What a named guard means is not in a foreign document: somebody has to say it. */
const neverTrue: Condition = { fact: 'visits', path: '$', operator: 'equal', value: 'say what this means' }

function collect(
  part: { states?: Record<string, State>; on?: Record<string, Transition[]> },
  found: { events: Set<string>; guards: Set<string>; outcomes: Set<string> },
): void {
  const transitions = (list: readonly Transition[] = []) => {
    for (const { guard } of list) if (guard !== undefined && 'condition' in guard) found.guards.add(guard.condition)
  }
  for (const [event, list] of Object.entries(part.on ?? {})) {
    found.events.add(event)
    transitions(list)
  }
  for (const state of Object.values(part.states ?? {})) {
    collect(state, found)
    transitions(state.always)
    transitions(state.onDone)
    for (const { then } of state.after ?? []) transitions(then)
    for (const { onDone, onError } of state.invoke ?? []) {
      transitions(onDone)
      transitions(onError)
    }
    if (state.outcome !== undefined) found.outcomes.add(state.outcome)
    for (const action of [...(state.entry ?? []), ...(state.exit ?? [])])
      if (action.type === 'raise') found.events.add(action.event)
  }
}

/** A foreign event name as ours: capitals, digits and underscores. Ends in `NotImportable` where nothing of it is left. */
export function eventNameOf(name: string, place: string): string {
  const ours = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
    .replace(/^[^A-Z]+|_+$/g, '')
  if (!/^[A-Z][A-Z0-9_]{1,63}$/.test(ours))
    throw notImportable(place, { en: `"${name}" is no name for an event`, fa: `«${name}» نام رویداد نمی‌شود` })
  return ours
}

/** A key of a state or a call; ends in `NotImportable` where it is none of ours. */
export function keyOf(name: string, place: string): string {
  if (!/^[a-zA-Z][A-Za-z0-9_-]{0,63}$/.test(name))
    throw notImportable(place, { en: `"${name}" is no key`, fa: `«${name}» شناسه نمی‌شود` })
  return name
}

/** A number of milliseconds as a duration of whole seconds; ends in `NotImportable`. */
export function durationOf(ms: number, place: string): string {
  if (!Number.isSafeInteger(ms) || ms <= 0 || ms % 1000 !== 0)
    throw notImportable(place, { en: 'a delay is a number of whole seconds', fa: 'تاخیر باید ثانیه کامل باشد' })
  return `PT${ms / 1000}S`
}
