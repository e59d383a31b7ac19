import type { Json, JsonObject } from '../../domain/json.ts'
import { at } from '../check/place.ts'
import type { Action, Condition, Definition, ErrorTransition, Invoke, JsonSchema, State, Timer } from '../format.ts'
import { draftOf, durationOf, eventNameOf, keyOf } from './draft.ts'
import { noCounterpart, notImportable } from './refusal.ts'

/**
 * A definition from XState v5 machine JSON. One that was exported from here comes back whole; of another its structure is
 * taken (states, events, eventless and delayed transitions, calls, named guards, history). Ends in DomainError
 * `NotImportable` at the first thing that has no counterpart: functions, wildcards, several targets, delays of parts of a second.
 */
export function importXState(machine: Json): Definition {
  const root = objectAt(machine, '$')
  known(root, rootKeys, '$')
  const own = ours(root)
  const id = keyOf(typeof root['id'] === 'string' ? root['id'] : 'imported', '$.id')
  const names = customIds(root, id)
  const reader = { id, names, own: own !== undefined }
  return draftOf({
    id,
    initial: keyOf(text(root['initial'], '$.initial'), '$.initial'),
    states: statesOf(root['states'], '$.states', '', reader),
    ...(root['on'] === undefined ? {} : { on: eventsOf(root['on'], '$.on', '', reader) }),
    ...(own === undefined ? {} : { extra: own }),
    ...(root['context'] === undefined ? {} : { context: objectAt(root['context'], '$.context') }),
  })
}

/** `names`: ids that states give themselves, by id. `own`: the document came from here, names are left as they are. */
interface Reader {
  id: string
  names: ReadonlyMap<string, string>
  own: boolean
}

const rootKeys = ['id', 'initial', 'on', 'states', 'meta', 'context', 'version', 'description', 'type', 'tags']
const stateKeys = [
  ...[
    'id',
    'key',
    'type',
    'initial',
    'on',
    'states',
    'meta',
    'description',
    'tags',
    'entry',
    'exit',
    'always',
    'onDone',
  ],
  ...['after', 'invoke', 'history', 'target', 'order'],
]
const transitionKeys = ['target', 'guard', 'cond', 'actions', 'reenter', 'internal', 'meta', 'description']
const callKeys = ['id', 'src', 'input', 'onDone', 'onError', 'meta', 'type']

function statesOf(value: Json | undefined, place: string, parent: string, reader: Reader): Record<string, State> {
  return Object.fromEntries(
    Object.entries(objectAt(value, place)).map(([key, state]) => {
      const name = keyOf(key, at(place, key))
      return [
        name,
        stateOf(objectAt(state, at(place, key)), at(place, key), parent === '' ? name : `${parent}.${name}`, reader),
      ]
    }),
  )
}

function stateOf(node: JsonObject, place: string, path: string, reader: Reader): State {
  known(node, stateKeys, place)
  const { after: timers, ...rest } = (ours(node) ?? {}) as JsonObject & { after?: Json }
  const key = path.slice(path.lastIndexOf('.') + 1)
  const list = (name: string) =>
    node[name] === undefined ? {} : { [name]: transitionsOf(node[name], at(place, name), path, reader) }
  const type = node['type'] === 'compound' && !reader.own ? undefined : node['type']
  const inner = node['states'] === undefined ? undefined : statesOf(node['states'], at(place, 'states'), path, reader)
  const isRootEnd = type === 'final' && !path.includes('.') && !reader.own
  return {
    label: {
      fa: key,
      en: typeof node['description'] === 'string' && node['description'] !== '' ? node['description'] : key,
    },
    ...(type === undefined ? {} : { type: type as NonNullable<State['type']> }),
    ...(node['history'] === undefined ? {} : { history: node['history'] === 'deep' ? 'deep' : 'shallow' }),
    ...(node['type'] === 'history'
      ? { target: targetOf(text(node['target'], at(place, 'target')), place, parentOf(path), reader) }
      : {}),
    ...(node['initial'] === undefined ? {} : { initial: text(node['initial'], at(place, 'initial')) }),
    ...(node['tags'] === undefined ? {} : { tags: node['tags'] as string[] }),
    ...(node['entry'] === undefined ? {} : { entry: actionsOf(node['entry'], at(place, 'entry')) }),
    ...(node['exit'] === undefined ? {} : { exit: actionsOf(node['exit'], at(place, 'exit')) }),
    ...(node['on'] === undefined ? {} : { on: eventsOf(node['on'], at(place, 'on'), path, reader) }),
    ...list('always'),
    ...list('onDone'),
    ...(node['after'] === undefined
      ? {}
      : { after: timersOf(node['after'], at(place, 'after'), path, timers, reader) }),
    ...(node['invoke'] === undefined ? {} : { invoke: callsOf(node['invoke'], at(place, 'invoke'), path, reader) }),
    ...(inner === undefined ? {} : { states: inner }),
    ...(type === 'parallel' && inner !== undefined
      ? { order: Object.keys(inner).filter((one) => inner[one]?.type !== 'history') }
      : {}),
    ...(isRootEnd ? { outcome: key } : {}),
    ...(rest as Partial<State>),
  }
}

function eventsOf(value: Json, place: string, path: string, reader: Reader): Record<string, ErrorTransition[]> {
  return Object.fromEntries(
    Object.entries(objectAt(value, place)).map(([event, list]) => {
      if (event.includes('*')) throw noCounterpart(at(place, event), 'a wildcard')
      return [
        reader.own ? event : eventNameOf(event, at(place, event)),
        transitionsOf(list, at(place, event), path, reader),
      ]
    }),
  )
}

function transitionsOf(value: Json | undefined, place: string, path: string, reader: Reader): ErrorTransition[] {
  const list = Array.isArray(value) ? value : [value ?? null]
  return list.map((one, i): ErrorTransition => {
    const here = Array.isArray(value) ? at(place, i) : place
    if (typeof one === 'string') return { target: targetOf(one, here, path, reader) }
    const transition = objectAt(one, here)
    known(transition, transitionKeys, here)
    const { target, actions, reenter } = transition
    if (Array.isArray(target) && target.length !== 1)
      throw noCounterpart(at(here, 'target'), 'a transition to several targets')
    const to = Array.isArray(target) ? target[0] : target
    const guard = transition['guard'] ?? transition['cond']
    return {
      ...(to === undefined ? {} : { target: targetOf(text(to, at(here, 'target')), here, path, reader) }),
      ...(guard === undefined ? {} : { guard: guardOf(guard, at(here, 'guard')) }),
      ...(actions === undefined ? {} : { actions: actionsOf(actions, at(here, 'actions')) }),
      ...(typeof reenter === 'boolean' ? { reenter } : {}),
      ...((ours(transition) ?? {}) as Partial<ErrorTransition>),
    }
  })
}

function guardOf(guard: Json, place: string): Condition {
  if (typeof guard === 'string') return { condition: keyOf(guard, place) }
  const { type, params } = objectAt(guard, place)
  if (type === 'condition' && params !== undefined) return params as unknown as Condition
  if (typeof type === 'string' && params === undefined) return { condition: keyOf(type, place) }
  throw noCounterpart(place, 'a guard with parameters')
}

function actionsOf(value: Json, place: string): Action[] {
  return (Array.isArray(value) ? value : [value]).map((one, i): Action => {
    const here = at(place, i)
    if (typeof one === 'string') throw noCounterpart(here, `the action ${one}`)
    const { type, params } = objectAt(one, here)
    const kinds = ['assign', 'raise', 'run', 'compensate', 'start', 'signal', 'notify']
    if (typeof type !== 'string' || !kinds.includes(type) || params === undefined)
      throw noCounterpart(here, `the action ${typeof type === 'string' ? type : '?'}`)
    return { type, ...objectAt(params, at(here, 'params')) } as unknown as Action
  })
}

function timersOf(value: Json, place: string, path: string, declared: Json | undefined, reader: Reader): Timer[] {
  const found = objectAt(value, place)
  const order = Array.isArray(declared) ? (declared as unknown as Timer[]) : undefined
  if (order !== undefined)
    return order.map((timer) => {
      const then = transitionsOf(found[timer.id] ?? [], at(place, timer.id), path, reader)
      return { ...timer, ...(then.length === 0 ? {} : { then }) }
    })
  return Object.entries(found).map(([delay, list], i): Timer => {
    const ms = Number(delay)
    if (Number.isNaN(ms)) throw noCounterpart(at(place, delay), `the named delay ${delay}`)
    return {
      id: `after${i + 1}`,
      delay: durationOf(ms, at(place, delay)),
      then: transitionsOf(list, at(place, delay), path, reader),
    }
  })
}

function callsOf(value: Json, place: string, path: string, reader: Reader): Invoke[] {
  return (Array.isArray(value) ? value : [value]).map((one, i): Invoke => {
    const here = Array.isArray(value) ? at(place, i) : place
    const call = objectAt(one, here)
    known(call, callKeys, here)
    const rest = (ours(call) ?? {}) as Partial<Invoke>
    const src = text(call['src'], at(here, 'src'))
    if (rest.process === undefined && !/^[a-z][a-zA-Z0-9]*\.[a-z][A-Za-z0-9]*$/.test(src))
      throw notImportable(at(here, 'src'), {
        en: `"${src}" is no activity (noun.verb)`,
        fa: `«${src}» فعالیت نیست (اسم.فعل)`,
      })
    const input = call['input']
    return {
      id: keyOf(typeof call['id'] === 'string' ? call['id'] : `call${i + 1}`, at(here, 'id')),
      ...(rest.process === undefined ? { activity: src } : {}),
      ...(input === undefined ? {} : { input }),
      ...(call['onDone'] === undefined
        ? {}
        : { onDone: transitionsOf(call['onDone'], at(here, 'onDone'), path, reader) }),
      ...(call['onError'] === undefined
        ? {}
        : { onError: transitionsOf(call['onError'], at(here, 'onError'), path, reader) }),
      ...rest,
    }
  })
}

/** XState's four ways to name a target, as an absolute one: `#machine.a.b`, `#custom`, `.child`, `sibling`. */
function targetOf(target: string, place: string, path: string, { id, names }: Reader): string {
  if (target.startsWith('#')) {
    const rest = target.slice(1)
    if (rest.startsWith(`${id}.`)) return `#${rest.slice(id.length + 1)}`
    const [head = '', ...inner] = rest.split('.')
    const named = names.get(head)
    if (named !== undefined) return `#${[named, ...inner].join('.')}`
    throw notImportable(place, { en: `no state has the id ${head}`, fa: `وضعیتی با شناسه ${head} نیست` })
  }
  const base = target.startsWith('.') ? path : parentOf(path)
  return `#${[base, target.replace(/^\./, '')].filter(Boolean).join('.')}`
}

const parentOf = (path: string) => (path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '')

function customIds(root: JsonObject, machine: string): Map<string, string> {
  const found = new Map<string, string>()
  const visit = (states: Json | undefined, path: string): void => {
    if (states === null || typeof states !== 'object' || Array.isArray(states)) return
    for (const [key, state] of Object.entries(states)) {
      if (state === null || typeof state !== 'object' || Array.isArray(state)) continue
      const own = path === '' ? key : `${path}.${key}`
      if (typeof state['id'] === 'string' && state['id'] !== machine) found.set(state['id'], own)
      visit(state['states'], own)
    }
  }
  visit(root['states'], '')
  return found
}

function ours({ meta }: JsonObject): JsonObject | undefined {
  if (meta === null || meta === undefined || typeof meta !== 'object' || Array.isArray(meta)) return undefined
  const found = meta['samfony']
  return found !== null && typeof found === 'object' && !Array.isArray(found) ? found : undefined
}

function known(node: JsonObject, keys: readonly string[], place: string): void {
  for (const key of Object.keys(node)) if (!keys.includes(key)) throw noCounterpart(at(place, key), `"${key}"`)
}

function objectAt(value: Json | JsonSchema | undefined, place: string): JsonObject {
  if (value === null || value === undefined || typeof value !== 'object' || Array.isArray(value))
    throw notImportable(place, { en: 'an object is wanted here', fa: 'اینجا یک شیء لازم است' })
  return value
}

function text(value: Json | undefined, place: string): string {
  if (typeof value !== 'string') throw notImportable(place, { en: 'a text is wanted here', fa: 'اینجا متن لازم است' })
  return value
}
