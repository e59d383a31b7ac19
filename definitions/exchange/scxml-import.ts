import type { Json, JsonObject } from '../../domain/json.ts'
import { readJson } from '../check/read.ts'
import type { Action, Condition, Definition, ErrorTransition, Invoke, State, Timer } from '../format.ts'
import { draftOf, durationOf, eventNameOf, keyOf } from './draft.ts'
import { noCounterpart, notImportable } from './refusal.ts'
import { ownNamespace, scxmlNamespace } from './scxml-names.ts'
import { readXml, type XmlElement } from './xml-tree.ts'

/**
 * A definition from SCXML. One that was exported from here comes back whole; of another its structure is taken: states,
 * regions, ends, history, transitions, named conditions, delayed events of their own state, `raise`. Ends in DomainError
 * `NotImportable` with line and column at the first thing that has no counterpart: data, scripts, `if`, expressions,
 * several targets, wildcards.
 */
export function importScxml(text: string): Definition {
  const root = readXml(text)
  if (root.uri !== scxmlNamespace || root.name !== 'scxml') throw noCounterpart(root.place, `the element ${root.name}`)
  refuseUnknown(root)
  const own = extraOf(root)
  const paths = pathsOf(root, own !== undefined)
  const reader: Reader = { paths, own: own !== undefined }
  const first = root.attributes['initial'] ?? initialOf(root) ?? childStates(root)[0]?.attributes['id']
  const parts = transitionsIn(root, '', reader)
  return draftOf({
    id: keyOf(root.attributes['name'] ?? 'imported', root.place),
    initial: lastKey(pathOf(first ?? '', root.place, reader, own !== undefined)),
    states: childrenOf(root, reader),
    ...(Object.keys(parts.on).length === 0 ? {} : { on: parts.on }),
    ...(own === undefined ? {} : { extra: own }),
  })
}

/** `paths`: dotted path of each id of the document. `own`: it was exported from here. */
interface Reader {
  paths: ReadonlyMap<string, string>
  own: boolean
}

const stateNames = ['state', 'parallel', 'final', 'history']
const allowed = new Set([...stateNames, 'transition', 'onentry', 'onexit', 'invoke', 'initial'])

const childStates = ({ children }: XmlElement) =>
  children.filter(({ uri, name }) => uri === scxmlNamespace && stateNames.includes(name))
const lastKey = (path: string) => path.slice(path.lastIndexOf('.') + 1)

/** Our own ids are paths already; a foreign id is the key of its state, which need not be unique here. */
function pathsOf(root: XmlElement, own: boolean): Map<string, string> {
  const paths = new Map<string, string>()
  const visit = (element: XmlElement, parent: string): void => {
    for (const [i, child] of childStates(element).entries()) {
      const id = child.attributes['id'] ?? `${child.name}${i + 1}`
      if (paths.has(id))
        throw notImportable(child.place, { en: `the id ${id} stands twice`, fa: `شناسه ${id} تکراری است` })
      const key = own ? lastKey(id) : keyOf(id.replaceAll(/[.:]/g, '_'), child.place)
      const path = parent === '' ? key : `${parent}.${key}`
      paths.set(id, path)
      visit(child, path)
    }
  }
  visit(root, '')
  return paths
}

function pathOf(id: string, place: string, { paths }: Reader, own: boolean): string {
  const path = paths.get(id)
  if (path !== undefined) return path
  if (own && id !== '') return id
  throw notImportable(place, { en: `there is no state ${id}`, fa: `وضعیت ${id} وجود ندارد` })
}

function childrenOf(element: XmlElement, reader: Reader): Record<string, State> {
  return Object.fromEntries(
    childStates(element).map((child, i) => {
      const path = reader.paths.get(child.attributes['id'] ?? `${child.name}${i + 1}`) ?? ''
      return [lastKey(path), stateOf(child, path, reader)]
    }),
  )
}

function refuseUnknown({ children }: XmlElement): void {
  for (const { uri, name, place } of children)
    if (uri === scxmlNamespace && !allowed.has(name)) throw noCounterpart(place, `the element ${name}`)
}

function stateOf(element: XmlElement, path: string, reader: Reader): State {
  refuseUnknown(element)
  const { after: declared, ...extra } = (extraOf(element) ?? {}) as JsonObject & { after?: Json }
  const key = lastKey(path)
  const label = { fa: key, en: key }
  if (element.name === 'history') {
    const to = element.children.find(({ name }) => name === 'transition')?.attributes['target']
    if (to === undefined) throw noCounterpart(element.place, 'a history without a default')
    return {
      label,
      type: 'history',
      history: element.attributes['type'] === 'deep' ? 'deep' : 'shallow',
      target: `#${pathOf(to, element.place, reader, reader.own)}`,
      ...(extra as Partial<State>),
    }
  }
  const inner = childrenOf(element, reader)
  const hasInner = Object.keys(inner).length > 0
  const start = element.attributes['initial'] ?? initialOf(element) ?? childStates(element)[0]?.attributes['id']
  const parts = transitionsIn(element, path, reader)
  const timers = timersOf(element, path, parts.timers, declared, reader)
  const [entry, exit] = [actionsIn(element, 'onentry'), actionsIn(element, 'onexit')]
  const calls = callsOf(element, parts, reader)
  const type = element.name === 'parallel' ? 'parallel' : element.name === 'final' ? 'final' : undefined
  return {
    label,
    ...(type === undefined ? {} : { type }),
    ...(entry.length === 0 ? {} : { entry }),
    ...(exit.length === 0 ? {} : { exit }),
    ...(Object.keys(parts.on).length === 0 ? {} : { on: parts.on }),
    ...(parts.always.length === 0 ? {} : { always: parts.always }),
    ...(parts.onDone.length === 0 ? {} : { onDone: parts.onDone }),
    ...(timers.length === 0 ? {} : { after: timers }),
    ...(calls.length === 0 ? {} : { invoke: calls }),
    ...(hasInner && type !== 'parallel'
      ? { initial: lastKey(pathOf(start ?? '', element.place, reader, reader.own)) }
      : {}),
    ...(hasInner ? { states: inner } : {}),
    ...(type === 'parallel' ? { order: Object.keys(inner).filter((one) => inner[one]?.type !== 'history') } : {}),
    ...(type === 'final' && !path.includes('.') && !reader.own ? { outcome: key } : {}),
    ...(extra as Partial<State>),
  }
}

function initialOf({ children }: XmlElement): string | undefined {
  return children.find(({ name }) => name === 'initial')?.children.find(({ name }) => name === 'transition')
    ?.attributes['target']
}

interface Transitions {
  on: Record<string, ErrorTransition[]>
  always: ErrorTransition[]
  onDone: ErrorTransition[]
  timers: Map<string, ErrorTransition[]>
  done: Map<string, ErrorTransition[]>
  failed: Map<string, ErrorTransition[]>
}

function transitionsIn(element: XmlElement, path: string, reader: Reader): Transitions {
  const parts: Transitions = { on: {}, always: [], onDone: [], timers: new Map(), done: new Map(), failed: new Map() }
  const delayed = new Set(sendsOf(element).map(({ attributes }) => attributes['event'] ?? ''))
  const put = (map: Map<string, ErrorTransition[]>, key: string, one: ErrorTransition) =>
    map.set(key, [...(map.get(key) ?? []), one])
  for (const child of element.children) {
    if (child.uri !== scxmlNamespace || child.name !== 'transition') continue
    const one = transitionOf(child, path, reader)
    const events = (child.attributes['event'] ?? '').split(/\s+/).filter(Boolean)
    if (events.length === 0) parts.always.push(one)
    for (const event of events) {
      if (event.includes('*')) throw noCounterpart(child.place, 'a wildcard')
      if (event === `done.state.${element.attributes['id'] ?? ''}`) parts.onDone.push(one)
      else if (delayed.has(event)) put(parts.timers, event, one)
      else if (event.startsWith('done.invoke.')) put(parts.done, event.slice('done.invoke.'.length), one)
      else if (event.startsWith('error.invoke.')) put(parts.failed, event.slice('error.invoke.'.length), one)
      else if (/^(error|done)\./.test(event)) throw noCounterpart(child.place, `the event ${event}`)
      else {
        const name = reader.own ? event : eventNameOf(event, child.place)
        parts.on[name] = [...(parts.on[name] ?? []), one]
      }
    }
  }
  return parts
}

function transitionOf(element: XmlElement, path: string, reader: Reader): ErrorTransition {
  const { target, cond, type } = element.attributes
  if (target !== undefined && /\s/.test(target.trim()))
    throw noCounterpart(element.place, 'a transition to several targets')
  const extra = (extraOf(element) ?? {}) as Partial<ErrorTransition>
  const to = target === undefined ? undefined : pathOf(target, element.place, reader, reader.own)
  const actions = actionsOf(element)
  // A foreign transition is external unless it says otherwise; that only differs where the target is inside its source.
  const outside = reader.own
    ? type === 'external'
    : type !== 'internal' && to !== undefined && (to === path || to.startsWith(`${path}.`))
  return {
    ...(to === undefined ? {} : { target: `#${to}` }),
    ...(cond === undefined || (reader.own && cond === 'samfony') ? {} : { guard: condOf(cond, element.place) }),
    ...(outside ? { reenter: true } : {}),
    ...(actions.length === 0 ? {} : { actions }),
    ...extra,
  }
}

function condOf(cond: string, place: string): Condition {
  if (!/^[a-zA-Z][A-Za-z0-9_-]*$/.test(cond)) throw noCounterpart(place, `the expression "${cond}"`)
  return { condition: cond }
}

const actionsIn = (element: XmlElement, name: 'onentry' | 'onexit') =>
  element.children.filter((child) => child.name === name).flatMap(actionsOf)

function actionsOf(element: XmlElement): Action[] {
  return element.children.flatMap((child): Action[] => {
    if (child.uri === ownNamespace) return child.name === 'action' ? [jsonOf(child) as unknown as Action] : []
    if (child.name === 'raise')
      return [{ type: 'raise', event: eventNameOf(child.attributes['event'] ?? '', child.place) }]
    if (child.name === 'send' && element.name === 'onentry' && child.attributes['delay'] !== undefined) return []
    if (child.name === 'send' && element.name === 'onentry' && child.attributes['event']?.startsWith('after.') === true)
      return []
    throw noCounterpart(child.place, `the element ${child.name}`)
  })
}

const sendsOf = (element: XmlElement) =>
  element.children
    .filter(({ name }) => name === 'onentry')
    .flatMap(({ children }) => children.filter(({ name }) => name === 'send'))

function timersOf(
  element: XmlElement,
  path: string,
  transitions: ReadonlyMap<string, ErrorTransition[]>,
  declared: Json | undefined,
  reader: Reader,
): Timer[] {
  const then = (event: string) => {
    const list = transitions.get(event)
    return list === undefined ? {} : { then: list }
  }
  if (Array.isArray(declared))
    return (declared as unknown as Timer[]).map((timer) => ({ ...timer, ...then(`after.${path}.${timer.id}`) }))
  return sendsOf(element).map(({ attributes: { event = '', delay = '' }, place }, i): Timer => {
    const found = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(delay)
    if (found === null || reader.own) throw noCounterpart(place, `the delay "${delay}"`)
    const ms = Number(found[1]) * (found[2] === 's' ? 1000 : 1)
    return { id: `after${i + 1}`, delay: durationOf(ms, place), ...then(event) }
  })
}

function callsOf(element: XmlElement, { done, failed }: Transitions, { own }: Reader): Invoke[] {
  return element.children
    .filter(({ uri, name }) => uri === scxmlNamespace && name === 'invoke')
    .map((child, i): Invoke => {
      const { id = `call${i + 1}`, src = '', type = '' } = child.attributes
      const isProcess = type === `${ownNamespace}:process`
      if (!own && !/^[a-z][a-zA-Z0-9]*\.[a-z][A-Za-z0-9]*$/.test(src))
        throw noCounterpart(child.place, `the call of "${src}"`)
      const [onDone, onError] = [done.get(id), failed.get(id)]
      return {
        id: keyOf(id, child.place),
        ...(isProcess ? { process: src } : { activity: src }),
        ...(onDone === undefined ? {} : { onDone }),
        ...(onError === undefined ? {} : { onError }),
        ...((extraOf(child) ?? {}) as Partial<Invoke>),
      }
    })
}

function extraOf({ children }: XmlElement): JsonObject | undefined {
  const found = children.find(({ uri, name }) => uri === ownNamespace && name === 'extra')
  return found === undefined ? undefined : jsonOf(found)
}

function jsonOf({ text, place }: XmlElement): JsonObject {
  const reading = readJson(text)
  if (!reading.ok || reading.value === null || typeof reading.value !== 'object' || Array.isArray(reading.value))
    throw notImportable(place, { en: 'no JSON object', fa: 'شیء JSON نیست' })
  return reading.value
}
