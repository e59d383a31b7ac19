import type { Json, JsonObject } from '../../domain/json.ts'
import type { Action, Condition, Definition, ErrorTransition, State } from '../format.ts'

/**
 * A definition as XState v5 machine JSON, for Stately and other tools: structure in XState's own words, guards and actions
 * as named objects, delays by name. What XState has no word for is in `meta.samfony` of the machine, its states and its
 * transitions, so that an import gives the whole definition back.
 */
export function exportXState(definition: Definition): JsonObject {
  const { states, on, initial, ...extra } = definition
  const target = (ref: string) => `#${definition.id}.${ref.slice(1)}`
  const transition = ({ target: to, reenter, guard, actions, ...rest }: ErrorTransition): JsonObject => ({
    ...(to === undefined ? {} : { target: target(to) }),
    ...(guard === undefined ? {} : { guard: guardOf(guard) }),
    ...(actions === undefined ? {} : { actions: actions.map(actionOf) }),
    ...(reenter === undefined ? {} : { reenter }),
    ...meta(rest),
  })
  const list = (transitions: readonly ErrorTransition[]) => transitions.map(transition)
  const events = (found: Record<string, ErrorTransition[]>) =>
    Object.fromEntries(Object.entries(found).map(([event, candidates]) => [event, list(candidates)]))

  const node = (state: State): JsonObject => {
    const {
      type,
      states: inner,
      initial: start,
      order,
      history,
      target: fallback,
      on: own,
      always,
      onDone,
      ...one
    } = state
    const { after, invoke, entry, exit, tags, label, ...rest } = one
    const children = Object.entries(inner ?? {})
    const ordered =
      order === undefined ? children : [...children].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    return {
      ...(type === undefined ? {} : { type }),
      ...(history === undefined ? {} : { history }),
      ...(fallback === undefined ? {} : { target: target(fallback) }),
      ...(start === undefined ? {} : { initial: start }),
      description: label.en,
      ...(tags === undefined ? {} : { tags }),
      ...(entry === undefined ? {} : { entry: entry.map(actionOf) }),
      ...(exit === undefined ? {} : { exit: exit.map(actionOf) }),
      ...(own === undefined ? {} : { on: events(own) }),
      ...(always === undefined ? {} : { always: list(always) }),
      ...(onDone === undefined ? {} : { onDone: list(onDone) }),
      ...(after === undefined ? {} : { after: Object.fromEntries(after.map(({ id, then = [] }) => [id, list(then)])) }),
      ...(invoke === undefined
        ? {}
        : {
            invoke: invoke.map(({ id, activity, process, input, onDone: done, onError, ...call }) => ({
              id,
              src: activity ?? process ?? id,
              ...(input === undefined ? {} : { input }),
              ...(done === undefined ? {} : { onDone: list(done) }),
              ...(onError === undefined ? {} : { onError: list(onError) }),
              ...meta({ ...call, ...(process === undefined ? {} : { process }) }),
            })),
          }),
      ...(inner === undefined ? {} : { states: Object.fromEntries(ordered.map(([key, child]) => [key, node(child)])) }),
      ...meta({
        ...rest,
        label,
        ...(after === undefined ? {} : { after: after.map(({ then: _then, ...timer }) => timer) }),
      }),
    }
  }
  return {
    id: definition.id,
    initial,
    ...(on === undefined ? {} : { on: events(on) }),
    states: Object.fromEntries(Object.entries(states).map(([key, state]) => [key, node(state)])),
    ...meta(extra),
  }
}

const meta = (rest: object): JsonObject =>
  Object.keys(rest).length === 0 ? {} : { meta: { samfony: rest as unknown as Json } }

/** A named guard by its name; another condition as a guard object with its text. */
const guardOf = (guard: Condition): Json =>
  'condition' in guard ? guard.condition : { type: 'condition', params: guard as unknown as Json }

const actionOf = ({ type, ...params }: Action): JsonObject => ({ type, params: params as unknown as Json })
