import type { Json, JsonObject } from '../domain/json.ts'
import type { Actor, IncidentRecord, OutcomeKind, TransitionRecord } from '../domain/transition.ts'
import type { LeafResult } from './condition.ts'
import type { Chart } from './interpreter/chart.ts'
import type { FactRequest, FactSnapshots, Instance, Reason, StepResult, Stimulus } from './interpreter/instance.ts'
import { canResume } from './interpreter/settle.ts'
import { newInstance, step } from './interpreter/step.ts'

/** A line of the log, as far as a replay reads it. */
export type LoggedStep = Pick<
  TransitionRecord,
  'seq' | 'at' | 'event' | 'actor' | 'payload' | 'from' | 'to' | 'entered' | 'left' | 'trace' | 'set'
> & { definitionVersion: number }

export interface Replay {
  instance: Instance
  outcomeKind: OutcomeKind | null
  /** Lines that the interpreter does not make again from what the log holds; there the log's own states and data were taken over. */
  differing: number[]
}

/**
 * Makes the steps of a log again on the interpreter, with the facts that its traces kept: what the order was after the last
 * line given. Each line is held against what comes out. `later` are the lines after those, in which a stimulus that was put
 * aside is found; `incidents` are those of the order, closed ones too, for the errors that the log does not repeat.
 */
export function replay(
  chartOf: (version: number) => Chart,
  order: { id: string; orderId: string; startedAtMs: number },
  lines: readonly LoggedStep[],
  { later = [], incidents = [] }: { later?: readonly LoggedStep[]; incidents?: readonly IncidentRecord[] } = {},
): Replay {
  let instance = newInstance({ ...order, context: lines[0]?.set ?? {}, nowMs: order.startedAtMs })
  let outcomeKind: OutcomeKind | null = null
  const differing: number[] = []
  for (const [index, line] of lines.entries()) {
    const chart = chartOf(line.definitionVersion)
    const ahead = () => [...lines.slice(index + 1), ...later]
    const befores = line.event.type === 'start' ? beforeStart(chart, instance) : [instance]
    const made = befores
      .flatMap((before) =>
        stimuliOf(before, line, incidents, ahead).map((stimulus) => madeAgain(chart, before, stimulus, line)),
      )
      .find((result) => result !== undefined && agrees(result, instance, line))
    if (made === undefined) differing.push(line.seq)
    instance = withErrors(made?.instance ?? takenOver(instance, line, incidents), incidents)
    outcomeKind = made?.report.outcomeKind ?? outcomeKind
  }
  return { instance, outcomeKind, differing }
}

/** What an order was started with is in the first line beside what its first states made of it: given or initial, one of the two. */
function beforeStart(chart: Chart, instance: Instance): Instance[] {
  const given = Object.entries(instance.context).filter(([name]) => !Object.hasOwn(chart.graph.contextInitial, name))
  return [{ ...instance, context: Object.fromEntries(given) }, instance]
}

type Moved = Extract<StepResult, { kind: 'moved' }>

function madeAgain(chart: Chart, instance: Instance, stimulus: Stimulus, line: LoggedStep): Moved | undefined {
  const nowMs = Date.parse(line.at)
  const trace = (line.trace ?? []) as unknown as Reason[]
  let facts: FactSnapshots = {}
  for (let round = 0; round < 8; round++) {
    const result = step(chart, instance, stimulus, facts, nowMs)
    if (result.kind === 'moved') return result
    if (result.kind !== 'needs') return undefined
    facts = { ...facts, ...Object.fromEntries(result.facts.map((fact) => [fact.key, factOf(fact, trace, nowMs)])) }
  }
  return undefined
}

/** A fact's value as far as the trace shows it: the paths that guards read. */
function factOf({ name }: FactRequest, trace: readonly Reason[], atMs: number) {
  let value: Json = null
  for (const leaf of trace.flatMap(({ leaves }) => leaves)) {
    if (leaf.fact === name && leaf.actual !== undefined) value = placed(value, leaf)
  }
  return { value, atMs }
}

function placed(value: Json, { path = '$', actual = null }: LeafResult): Json {
  const keys = path.split('.').slice(1)
  const put = (at: Json | undefined, depth: number): Json => {
    const key = keys[depth]
    if (key === undefined) return actual
    const inside: JsonObject = typeof at === 'object' && at !== null && !Array.isArray(at) ? at : {}
    return { ...inside, [key]: put(inside[key], depth + 1) }
  }
  return put(value, 0)
}

function agrees({ report }: Moved, before: Instance, { event, from, to, entered, set }: LoggedStep): boolean {
  const same = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
  if (report.event.type !== event.type || report.event.name !== event.name) return false
  return same(before.leaves, from) && same(report.to, to) && same(report.entered, entered) && same(report.set, set)
}

/** With keys in one order: the database forgets it. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

/** What may have led to a line, the likeliest first. */
function stimuliOf(
  instance: Instance,
  line: LoggedStep,
  incidents: readonly IncidentRecord[],
  ahead: () => LoggedStep[],
): Stimulus[] {
  const { event, actor } = line
  const direct = stimulusOf(instance, line, incidents)
  if (event.type === 'deferred' || event.type === 'incident') {
    const kept = ahead().find((next) => kindOf(next) === event.name && next.actor === null)
    const stimulus = kept === undefined ? undefined : stimulusOf(instance, kept, incidents)
    return stimulus === undefined ? [] : [stimulus]
  }
  const found: Stimulus[] = []
  if (event.type === 'dropped' || (canResume(instance) && actor === null)) found.push({ type: 'resume' })
  if (direct !== undefined) found.push(direct)
  // A step that a person's repair led to carries the name of what was kept.
  if (actor !== null && event.type !== 'user')
    for (const { id } of instance.incidents) {
      found.push({ type: 'retry', incident: id, actor: asActor(actor) })
      found.push({ type: 'resolve', incident: id, output: line.payload, actor: asActor(actor) })
    }
  return found
}

const kindOf = ({ event }: LoggedStep) => (event.type === 'sla' ? 'timer' : event.type)

function stimulusOf(
  instance: Instance,
  { seq, event, actor, payload }: LoggedStep,
  incidents: readonly IncidentRecord[],
): Stimulus | undefined {
  const { type, name, key = '' } = event
  switch (type) {
    case 'start':
      return { type: 'start' }
    case 'user':
      return { type: 'user', name, payload, actor: asActor(actor) }
    case 'external':
      return { type: 'external', name, payload, ...(event.key === undefined ? {} : { key }) }
    case 'timer':
      return { type: 'timer', key: name.slice('timer:'.length) }
    case 'sla':
      return { type: 'timer', key: name }
    case 'done':
    case 'late done':
      return { type: 'done', key, output: payload }
    case 'error':
    case 'late error':
      return { type: 'error', key, error: (payload ?? nameless) as { type: string; message: string } }
    case 'callDone':
      return { type: 'callDone', key }
    case 'callFailed':
      return { type: 'callFailed', key, error: incidents.find(({ id }) => id.startsWith(`${seq}-`))?.error ?? nameless }
    case 'command': {
      const [command = ''] = name.split(' ')
      const place = name.slice(name.indexOf(' ') + 1)
      const incident = instance.incidents.find((open) => open.place === place)?.id ?? ''
      if (command === 'cancel') return { type: 'cancel', ...(actor === null ? {} : { actor: asActor(actor) }) }
      if (command === 'move') return { type: 'move', target: place, actor: asActor(actor) }
      if (command === 'retry') return { type: 'retry', incident, actor: asActor(actor) }
      return { type: 'resolve', incident, output: payload, actor: asActor(actor) }
    }
    default:
      return undefined
  }
}

const nameless = { type: 'Failed', message: '' }

/** The log keeps the role by which somebody acted, and that it covered the order was checked then. */
function asActor(actor: LoggedStep['actor']): Actor {
  const role = actor?.role
  return {
    id: actor?.id ?? '',
    ...(actor?.name === undefined ? {} : { name: actor.name }),
    roles: role === undefined ? [] : [{ role, scopes: ['own', 'subtree', 'centre', 'city', 'any'] }],
  }
}

/** The log's own word on a line that cannot be made again: states and data are right, what runs in them may be missing. */
function takenOver(instance: Instance, line: LoggedStep, incidents: readonly IncidentRecord[]): Instance {
  const left = (state: string) => line.left.includes(state)
  const opened = incidents.filter(({ id }) => id.startsWith(`${line.seq}-`))
  return {
    ...instance,
    seq: line.seq,
    leaves: line.to,
    context: { ...instance.context, ...line.set },
    timers: instance.timers.filter(({ state }) => !left(state)),
    clocks: instance.clocks.filter(({ state }) => !left(state)),
    invocations: instance.invocations.filter(({ state, key }) => !left(state) && key !== line.event.key),
    queue: instance.queue.filter(({ key }) => key !== line.event.key),
    incidents: [...instance.incidents, ...opened],
    status: opened.length > 0 ? 'held' : instance.status,
  }
}

/** The words of an error are in the table of incidents. */
function withErrors(instance: Instance, incidents: readonly IncidentRecord[]): Instance {
  if (instance.incidents.length === 0) return instance
  const known = new Map(incidents.map((incident) => [incident.id, incident]))
  return {
    ...instance,
    incidents: instance.incidents.map((open) => ({ ...open, error: known.get(open.id)?.error ?? open.error })),
  }
}
