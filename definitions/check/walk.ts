import type {
  Action,
  Condition,
  Definition,
  ErrorTransition,
  Expr,
  Invoke,
  JsonSchema,
  Notification,
  Sla,
  State,
  Timer,
} from '../format.ts'
import { at } from './place.ts'

/** A state with its dotted id and its place. */
export interface PlacedState {
  id: string
  path: string
  state: State
  parent: PlacedState | undefined
}

/** What makes a transition go: `on:EVENT`, `always`, `onDone`, `after:id`, `done:invokeId`, `error:invokeId`. */
export interface PlacedTransition {
  path: string
  /** Dotted id of the state that owns it; '' is the root. */
  source: string
  trigger: string
  transition: ErrorTransition
}

export interface Placed<T> {
  path: string
  /** Dotted id of the state it stands in; '' where none. */
  state: string
  value: T
}

/** All states, outer before inner. */
export function statesOf(definition: Definition): PlacedState[] {
  const visit = (states: Record<string, State>, path: string, parent: PlacedState | undefined): PlacedState[] =>
    Object.entries(states).flatMap(([key, state]) => {
      const id = parent === undefined ? key : `${parent.id}.${key}`
      const placed = { id, path: at(path, key), state, parent }
      return [placed, ...visit(state.states ?? {}, at(placed.path, 'states'), placed)]
    })
  return visit(definition.states, '$.states', undefined)
}

/** All transitions, those of the root too. */
export function transitionsOf(definition: Definition): PlacedTransition[] {
  const list = (transitions: ErrorTransition[] | undefined, path: string, source: string, trigger: string) =>
    (transitions ?? []).map((transition, i) => ({ path: at(path, i), source, trigger, transition }))
  const events = (on: State['on'], path: string, source: string) =>
    Object.entries(on ?? {}).flatMap(([event, found]) => list(found, at(path, 'on', event), source, `on:${event}`))
  return [
    ...events(definition.on, '$', ''),
    ...statesOf(definition).flatMap(({ id, path, state }) => [
      ...events(state.on, path, id),
      ...list(state.always, at(path, 'always'), id, 'always'),
      ...list(state.onDone, at(path, 'onDone'), id, 'onDone'),
      ...(state.after ?? []).flatMap((timer, i) =>
        list(timer.then, at(path, 'after', i, 'then'), id, `after:${timer.id}`),
      ),
      ...(state.invoke ?? []).flatMap((invoke, i) => [
        ...list(invoke.onDone, at(path, 'invoke', i, 'onDone'), id, `done:${invoke.id}`),
        ...list(invoke.onError, at(path, 'invoke', i, 'onError'), id, `error:${invoke.id}`),
      ]),
    ]),
  ]
}

export function invokesOf(definition: Definition): Placed<Invoke>[] {
  return statesOf(definition).flatMap(({ id, path, state }) =>
    (state.invoke ?? []).map((value, i) => ({ path: at(path, 'invoke', i), state: id, value })),
  )
}

export function timersOf(definition: Definition): Placed<Timer>[] {
  return statesOf(definition).flatMap(({ id, path, state }) =>
    (state.after ?? []).map((value, i) => ({ path: at(path, 'after', i), state: id, value })),
  )
}

export function slasOf(definition: Definition): Placed<Sla>[] {
  return statesOf(definition).flatMap(({ id, path, state }) =>
    (state.sla ?? []).map((value, i) => ({ path: at(path, 'sla', i), state: id, value })),
  )
}

/** Actions of entries, exits and transitions. */
export function actionsOf(definition: Definition): Placed<Action>[] {
  const list = (actions: Action[] | undefined, path: string, state: string) =>
    (actions ?? []).map((value, i) => ({ path: at(path, i), state, value }))
  return [
    ...statesOf(definition).flatMap(({ id, path, state }) => [
      ...list(state.entry, at(path, 'entry'), id),
      ...list(state.exit, at(path, 'exit'), id),
    ]),
    ...transitionsOf(definition).flatMap(({ path, source, transition }) =>
      list(transition.actions, at(path, 'actions'), source),
    ),
  ]
}

/** Messages of states, of sla steps and of `notify` actions. */
export function notificationsOf(definition: Definition): Placed<Notification>[] {
  return [
    ...statesOf(definition).flatMap(({ id, path, state }) =>
      (state.notify ?? []).map((value, i) => ({ path: at(path, 'notify', i), state: id, value })),
    ),
    ...slasOf(definition).flatMap(({ path, state, value: { steps } }) =>
      steps.flatMap(({ notify }, i) =>
        (notify ?? []).map((value, j) => ({ path: at(path, 'steps', i, 'notify', j), state, value })),
      ),
    ),
    ...actionsOf(definition).flatMap(({ path, state, value }) =>
      value.type === 'notify' ? [{ path: at(path, 'notify'), state, value: value.notify }] : [],
    ),
  ]
}

/** Every condition of the document. */
export function conditionsOf(definition: Definition): Placed<Condition>[] {
  const one = (value: Condition | undefined, path: string, state = '') =>
    value === undefined ? [] : [{ path, state, value }]
  return [
    ...Object.entries(definition.guards ?? {}).flatMap(([name, guard]) => one(guard, at('$.guards', name))),
    ...Object.entries(definition.forms ?? {}).flatMap(([name, form]) => [
      ...form.steps.flatMap(({ when }, i) => one(when, at('$.forms', name, 'steps', i, 'when'))),
      ...(form.validate ?? []).flatMap(({ that }, i) => one(that, at('$.forms', name, 'validate', i, 'that'))),
    ]),
    ...transitionsOf(definition).flatMap(({ path, source, transition: { guard } }) =>
      one(guard, at(path, 'guard'), source),
    ),
    ...notificationsOf(definition).flatMap(({ path, state, value: { when } }) => one(when, at(path, 'when'), state)),
  ]
}

/** Every expression of the document. */
export function expressionsOf(definition: Definition): Placed<Expr>[] {
  const one = (value: Expr | undefined, path: string, state = '') =>
    value === undefined ? [] : [{ path, state, value }]
  return [
    ...Object.entries(definition.context.initial ?? {}).flatMap(([k, v]) => one(v, at('$.context.initial', k))),
    ...Object.entries(definition.facts ?? {}).flatMap(([name, { params }]) =>
      one(params, at('$.facts', name, 'params')),
    ),
    ...Object.entries(definition.forms ?? {}).flatMap(([name, { prefill }]) =>
      one(prefill, at('$.forms', name, 'prefill')),
    ),
    ...invokesOf(definition).flatMap(({ path, state, value: { input, compensate } }) => [
      ...one(input, at(path, 'input'), state),
      ...(compensate === undefined || compensate === 'none'
        ? []
        : one(compensate.input, at(path, 'compensate', 'input'), state)),
    ]),
    ...timersOf(definition).flatMap(({ path, state, value }) => one(value.at, at(path, 'at'), state)),
    ...notificationsOf(definition).flatMap(({ path, state, value: { data } }) => one(data, at(path, 'data'), state)),
    ...actionsOf(definition).flatMap(({ path, state, value }) => {
      switch (value.type) {
        case 'assign':
          return one(value.set, at(path, 'set'), state)
        case 'run':
          return one(value.input, at(path, 'input'), state)
        case 'raise':
          return one(value.payload, at(path, 'payload'), state)
        case 'start':
          return [...one(value.key, at(path, 'key'), state), ...one(value.input, at(path, 'input'), state)]
        case 'signal':
          return [...one(value.to, at(path, 'to'), state), ...one(value.payload, at(path, 'payload'), state)]
        default:
          return []
      }
    }),
  ]
}

/** Every JSON Schema that a definition brings along. */
export function schemasOf(definition: Definition): { path: string; schema: JsonSchema }[] {
  return [
    { path: '$.context.schema', schema: definition.context.schema },
    ...Object.entries(definition.facts ?? {}).map(([k, { type }]) => ({
      path: at('$.facts', k, 'type'),
      schema: type,
    })),
    ...Object.entries(definition.forms ?? {}).map(([k, { schema }]) => ({ path: at('$.forms', k, 'schema'), schema })),
    ...Object.entries(definition.events).flatMap(([k, { payload }]) =>
      payload === undefined ? [] : [{ path: at('$.events', k, 'payload'), schema: payload }],
    ),
  ]
}

/** A dotted id of a reference `#a.b`. */
export const idOf = (ref: string) => ref.replace(/^#/, '')
