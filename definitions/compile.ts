import type { BusinessCalendar } from '../domain/business-calendar.ts'
import { parseDuration } from '../domain/duration.ts'
import { DomainError } from '../domain/errors.ts'
import type { Definition, Invoke, JsonSchema, Sla, State, Timer, Transition } from './format.ts'
import type { Graph, GraphEvent, GraphInvoke, GraphNode, GraphSla, GraphTimer, GraphTransition } from './graph.ts'

const defaultLimits = { maxMicrosteps: 100, maxVisits: 1000, horizonMs: 400 * 86_400_000 }
const defaultRetry = { maxAttempts: 10, initialInterval: 'PT5S', backoffCoefficient: 2, maxInterval: 'PT10M' }

/** What a definition leans on beside itself. */
export interface Catalogues {
  calendars: Record<string, BusinessCalendar>
}

/**
 * Compiles a definition that passed the checks to the graph that workflows run. `hash` is the sha256 of the canonical
 * text. Ends in DomainError `UnknownName` with the place where a name leads nowhere, so that nothing half-made runs.
 */
export function compile(definition: Definition, catalogues: Catalogues, hash: string): Graph {
  const root: State = {
    label: definition.label,
    states: definition.states,
    initial: definition.initial,
    ...(definition.on === undefined ? {} : { on: definition.on }),
  }
  const flat = flatten(root)
  const index = new Map(flat.map(({ id }, position) => [id, position]))
  const at = (ref: string, place: string): number => {
    const found = index.get(ref.replace(/^#/, ''))
    if (found === undefined || found === 0) throw unknown('state', ref, place)
    return found
  }
  const child = (parent: string, key: string, place: string) => at(parent === '' ? key : `${parent}.${key}`, place)

  const nodes = flat.map(({ id, state, parent, children }): GraphNode => {
    const place = id === '' ? '$' : `#${id}`
    const inherited = (pick: (s: State) => string | undefined): string | undefined => {
      for (let up: Flat | undefined = flat[index.get(id) ?? -1]; up !== undefined; up = flat[up.parent]) {
        const value = pick(up.state)
        if (value !== undefined) return value
      }
      return undefined
    }
    return compact<GraphNode>({
      id,
      kind: kindOf(state),
      parent,
      children: children.map((key) => child(id, key, place)),
      initial: state.initial === undefined ? undefined : child(id, state.initial, `${place}.initial`),
      history: state.type === 'history' ? (state.history ?? 'shallow') : undefined,
      target: state.type === 'history' && state.target !== undefined ? at(state.target, `${place}.target`) : undefined,
      outcome: state.outcome,
      stage: inherited((s) => s.stage),
      owner: state.owner,
      tmfState: inherited((s) => s.tmfState),
      tags: state.tags,
      entry: state.entry,
      exit: state.exit,
      on:
        state.on === undefined
          ? undefined
          : mapValues(state.on, (list, name) => transitions(list, at, `${place}.on.${name}`)),
      always: state.always === undefined ? undefined : transitions(state.always, at, `${place}.always`),
      onDone: state.onDone === undefined ? undefined : transitions(state.onDone, at, `${place}.onDone`),
      after: state.after?.map((timer) => timerOf(timer, at, place)),
      invoke: state.invoke?.map((invoke) => invokeOf(invoke, at, place)),
      sla: state.sla?.map((sla) => slaOf(sla, at, place)),
      notify: state.notify,
    })
  })

  return {
    format: 'samfony.graph/1',
    id: definition.id,
    version: definition.version,
    hash,
    limits: {
      maxMicrosteps: definition.limits?.maxMicrosteps ?? defaultLimits.maxMicrosteps,
      maxVisits: definition.limits?.maxVisits ?? defaultLimits.maxVisits,
      horizonMs:
        definition.limits?.horizon === undefined ? defaultLimits.horizonMs : durationMs(definition.limits.horizon),
    },
    contextSchema: definition.context.schema,
    contextInitial: definition.context.initial ?? {},
    facts: mapValues(definition.facts ?? {}, (fact) => ({
      source: fact.source,
      query: fact.query,
      params: fact.params ?? {},
      maxAgeMs: fact.maxAge === undefined ? 0 : durationMs(fact.maxAge),
    })),
    guards: definition.guards ?? {},
    events: mapValues(definition.events, (event, name) => eventOf(definition, event, name)),
    outcomes: mapValues(definition.outcomes, ({ kind }) => kind),
    calendars: mapValues(definition.calendars ?? {}, (id, alias) => {
      const calendar = Object.hasOwn(catalogues.calendars, id) ? catalogues.calendars[id] : undefined
      if (calendar === undefined) throw unknown('calendar', id, `$.calendars.${alias}`)
      return calendar
    }),
    nodes,
  }
}

interface Flat {
  id: string
  state: State
  parent: number
  children: string[]
}

/** Depth-first; `order` of a parallel is its document order, and children it does not name come last. */
function flatten(root: State): Flat[] {
  const flat: Flat[] = []
  const visit = (state: State, id: string, parent: number): void => {
    const named = state.order ?? []
    const children = [...named, ...Object.keys(state.states ?? {}).filter((key) => !named.includes(key))]
    const position = flat.push({ id, state, parent, children }) - 1
    for (const key of children) {
      const inner = state.states?.[key]
      if (inner === undefined) throw unknown('state', key, `#${id}.order`)
      visit(inner, id === '' ? key : `${id}.${key}`, position)
    }
  }
  visit(root, '', -1)
  return flat
}

function kindOf(state: State): GraphNode['kind'] {
  if (state.type !== undefined) return state.type
  return state.states === undefined ? 'atomic' : 'compound'
}

type Locate = (ref: string, place: string) => number

function transitions(
  list: readonly (Transition & { errors?: string[] })[],
  at: Locate,
  place: string,
): GraphTransition[] {
  return list.map((transition, i) =>
    compact<GraphTransition>({
      id: transition.id,
      target: transition.target === undefined ? undefined : at(transition.target, `${place}[${i}].target`),
      guard: transition.guard,
      allow: transition.allow,
      reenter: transition.reenter,
      actions: transition.actions,
      errors: transition.errors,
      tags: transition.tags,
    }),
  )
}

function timerOf({ then, label: _label, ...timer }: Timer, at: Locate, place: string): GraphTimer {
  return { ...timer, then: transitions(then ?? [], at, `${place}.after.${timer.id}`) }
}

function invokeOf({ onDone, onError, compensate, ...invoke }: Invoke, at: Locate, place: string): GraphInvoke {
  return compact<GraphInvoke>({
    ...invoke,
    input: invoke.input ?? {},
    retry: { ...defaultRetry, ...invoke.retry },
    onExit: invoke.onExit ?? 'cancel',
    compensate: compensate === 'none' ? undefined : compensate,
    onDone: onDone === undefined ? undefined : transitions(onDone, at, `${place}.${invoke.id}.onDone`),
    onError: onError === undefined ? undefined : transitions(onError, at, `${place}.${invoke.id}.onError`),
  })
}

function slaOf(sla: Sla, at: Locate, place: string): GraphSla {
  const { pauseIn = [], from = 'entry', ...rest } = sla
  return { ...rest, from, pauseIn: pauseIn.map((ref) => at(ref, `${place}.sla.${sla.id}.pauseIn`)) }
}

function eventOf(definition: Definition, event: Definition['events'][string], name: string): GraphEvent {
  const form = event.form === undefined ? undefined : definition.forms?.[event.form]
  if (event.form !== undefined && form === undefined) throw unknown('form', event.form, `$.events.${name}.form`)
  const schema = form === undefined ? event.payload : closed(form.schema)
  return compact<GraphEvent>({ kind: event.kind, schema, validate: form?.validate, dedupe: event.dedupe })
}

/** A form takes nothing that it does not name, unless it says so. */
function closed(schema: JsonSchema): JsonSchema {
  return typeof schema === 'boolean' || Object.hasOwn(schema, 'additionalProperties')
    ? schema
    : { ...schema, additionalProperties: false }
}

export function durationMs(duration: string): number {
  const { months, days, ms, negative } = parseDuration(duration)
  const total = (months * 30 + days) * 86_400_000 + ms
  return negative ? -total : total
}

function mapValues<A, B>(record: Record<string, A>, change: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
}

/** Leaves out what is undefined: every byte of the graph travels in a workflow's input. */
function compact<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T
}

const unknown = (what: string, name: string, place: string) =>
  new DomainError(
    'UnknownName',
    { en: `there is no ${what} "${name}"`, fa: `نامی به این صورت تعریف نشده است: ${name}` },
    place,
  )
