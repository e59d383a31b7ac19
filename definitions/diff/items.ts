import type { Text } from '../../domain/errors.ts'
import type { Json, JsonObject } from '../../domain/json.ts'
import { at } from '../check/place.ts'
import {
  invokesOf,
  notificationsOf,
  type PlacedTransition,
  slasOf,
  statesOf,
  timersOf,
  transitionsOf,
} from '../check/walk.ts'
import type { Definition } from '../format.ts'
import { triggerWords } from '../words/trigger.ts'
import type { Item, ItemKind } from './item.ts'

/** Every named part of a definition: states, transitions, deadlines, calls, messages and all that is declared. The order is that of the document. */
export function itemsOf(definition: Definition): Item[] {
  const states = statesOf(definition)
  const labels = new Map(states.map(({ id, state }) => [id, state.label]))
  const stateName = (id: string) => labels.get(id) ?? definition.label
  const inState = (name: string, state: string): Text => ({
    fa: `${name} در «${stateName(state).fa}»`,
    en: `${name} in "${stateName(state).en}"`,
  })
  const declared = (kind: ItemKind, key: string, record: object | undefined): Item[] =>
    Object.entries(record ?? {}).map(([name, value]) => ({
      kind,
      key: `${key}/${name}`,
      name: nameOf(value as Json, name),
      path: at('$', key, name),
      parts: kind === 'guard' ? { condition: value as Json } : partsOf(value as unknown as JsonObject),
    }))

  return [
    {
      kind: 'definition',
      key: 'definition',
      name: definition.label,
      path: '$',
      parts: partsOf({
        label: definition.label,
        description: definition.description,
        subject: definition.subject,
        stages: definition.stages,
        limits: definition.limits,
        initial: definition.initial,
        calendars: definition.calendars,
        permissions: definition.permissions,
        meta: definition.meta,
      }),
    },
    ...states.map(({ id, path, state }): Item => {
      const {
        states: _in,
        on: _on,
        always: _al,
        onDone: _od,
        after: _af,
        invoke: _iv,
        sla: _sl,
        notify: _no,
        ...own
      } = state
      return { kind: 'state', key: `state/${id}`, name: state.label, path, parts: partsOf(own) }
    }),
    ...transitionItems(definition, stateName),
    ...timersOf(definition).map(
      ({ path, state, value: { then: _then, id, ...own } }): Item => ({
        kind: 'deadline',
        key: `timer/${state}/${id}`,
        name: inState(id, state),
        path,
        parts: partsOf(own),
      }),
    ),
    ...slasOf(definition).map(
      ({ path, state, value: { id, ...own } }): Item => ({
        kind: 'deadline',
        key: `sla/${state}/${id}`,
        name: inState(id, state),
        path,
        parts: partsOf(own),
      }),
    ),
    ...invokesOf(definition).map(
      ({ path, state, value: { onDone: _done, onError: _error, id, ...own } }): Item => ({
        kind: 'call',
        key: `call/${id}`,
        name: inState(own.activity ?? own.process ?? id, state),
        path,
        parts: partsOf({ ...own, state: `#${state}` }),
      }),
    ),
    ...messageItems(definition, inState),
    ...declared('guard', 'guards', definition.guards),
    ...declared('event', 'events', definition.events),
    ...declared('form', 'forms', definition.forms),
    ...declared('fact', 'facts', definition.facts),
    ...declared('outcome', 'outcomes', definition.outcomes),
    ...dataItems(definition),
    ...(definition.requires ?? []).map(
      ({ id, ...own }, i): Item => ({
        kind: 'promise',
        key: `promise/${id}`,
        name: own.label ?? { fa: id, en: id },
        path: at('$.requires', i),
        parts: partsOf(own),
      }),
    ),
    ...(definition.migrations ?? []).map(
      (value, i): Item => ({
        kind: 'migration',
        key: `migration/${JSON.stringify(value.from)}`,
        name: both(JSON.stringify(value.from)),
        path: at('$.migrations', i),
        parts: partsOf(value as unknown as JsonObject),
      }),
    ),
    ...(definition.tests ?? []).map(
      ({ name, ...own }, i): Item => ({
        kind: 'test',
        key: `test/${name}`,
        name: both(name),
        path: at('$.tests', i),
        parts: partsOf(own),
      }),
    ),
  ]
}

/** A transition is known by its id, else by what it leads to: a moved arrow is paired with the one it replaces afterwards. */
function transitionItems(definition: Definition, stateName: (id: string) => Text): Item[] {
  const seen = new Map<string, number>()
  const unique = (key: string) => {
    const times = (seen.get(key) ?? 0) + 1
    seen.set(key, times)
    return times === 1 ? key : `${key} ${times}`
  }
  return transitionsOf(definition).map(({ path, source, trigger, transition }: PlacedTransition): Item => {
    const { id, label, ...own } = transition
    const group = `transition/${source}/${trigger}`
    const by = triggerWords(trigger, definition)
    const from = stateName(source)
    const to = own.target === undefined ? undefined : stateName(own.target.slice(1))
    return {
      kind: 'transition',
      key: unique(`${group}/${id ?? own.target ?? 'stay'}${own.errors === undefined ? '' : ` ${own.errors.join()}`}`),
      group,
      name: {
        fa: `«${from.fa}»، ${by.fa}${to === undefined ? '' : ` ← «${to.fa}»`}`,
        en: `"${from.en}", ${by.en}${to === undefined ? '' : ` -> "${to.en}"`}`,
      },
      path,
      parts: partsOf({ ...own, label }),
    }
  })
}

function messageItems(definition: Definition, inState: (name: string, state: string) => Text): Item[] {
  const seen = new Map<string, number>()
  return notificationsOf(definition).map(({ path, state, value }): Item => {
    const key = `message/${state}/${value.id ?? `${value.template} ${value.to}`}`
    const times = (seen.get(key) ?? 0) + 1
    seen.set(key, times)
    return {
      kind: 'message',
      key: times === 1 ? key : `${key} ${times}`,
      name: inState(value.template, state),
      path,
      parts: partsOf({ ...value, id: undefined }),
    }
  })
}

function dataItems({ context: { schema, initial = {} } }: Definition): Item[] {
  if (typeof schema === 'boolean') return []
  const required = new Set((schema['required'] ?? []) as string[])
  return Object.entries((schema['properties'] ?? {}) as JsonObject).map(([name, type]) => ({
    kind: 'data',
    key: `data/${name}`,
    name: both(name),
    path: at('$.context.schema.properties', name),
    parts: partsOf({ type, initial: initial[name], required: required.has(name) }),
  }))
}

const both = (name: string): Text => ({ fa: name, en: name })

function nameOf(value: Json, name: string): Text {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return both(name)
  const label = value['label']
  return label !== null && typeof label === 'object' && !Array.isArray(label) ? (label as unknown as Text) : both(name)
}

/** Only what is there: an absent part and one that says nothing are the same. */
function partsOf(own: object): Record<string, Json> {
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))
}
