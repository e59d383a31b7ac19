import type { Truth } from '../condition.ts'
import { EngineFault } from '../fault.ts'
import type { Action, Leaf } from '../format.ts'
import type { Graph, GraphTransition } from '../graph.ts'
import { activeStates, type Chart, chartOf, nodeAt } from '../interpreter/chart.ts'
import { type Draft, draftOf, type InnerEvent } from '../interpreter/draft.ts'
import type { Instance } from '../interpreter/instance.ts'
import { enterInitial, macrostep } from '../interpreter/microstep.ts'
import { selectForEvent } from '../interpreter/select.ts'
import { newInstance } from '../interpreter/step.ts'
import { isMark, markedGraph, markOf } from './marked.ts'

/** A stable place of a definition: its active leaves, and what its history states remember. */
export interface Configuration {
  leaves: string[]
  /** The outcome, once it has ended. */
  outcome: string | null
  edges: Edge[]
  /** Calls that may come back without anything happening: nobody listens. */
  idle: string[]
}

/** One macrostep between two configurations. */
export interface Edge {
  stimulus: string
  kind: 'start' | 'event' | 'timer' | 'call' | 'clock'
  to: number
  /** States entered and tags passed, in order: `#paid`, `tag:money-in`, `outcome:active`. */
  tokens: string[]
  /** Everything that happened, in order: `-state` left, `>state|trigger|position` a transition taken, `+state` entered. */
  marks: string[]
  /** Whether it was taken under a condition on how often a state was visited: such a cycle ends. */
  counted: boolean
}

export interface Exploration {
  /** `configurations[0]` is before the start: its edges lead to the first configurations. */
  configurations: Configuration[]
  chart: Chart
  /** States that were ever entered, and those in which the process ever rests. */
  entered: Set<string>
  rested: Set<string>
  /** The search was given up: too many parallel combinations. */
  cut: boolean
  /** A macrostep that need not end, by the configuration it starts from. */
  loop: { from: number; stimulus: string } | undefined
}

/** `fixed`: a leaf that always has this truth. `starts`: leaf states of further places to begin at, their positions are 1, 2, … */
interface ExploreMore {
  fixed?: (leaf: Leaf) => Truth | undefined
  starts?: string[][]
}

const limits = { configurations: 20_000, runs: 40_000, runsPerStimulus: 2_000, repeats: 4 }

/**
 * The configuration graph, by running the interpreter itself from every configuration that can be reached, with every
 * stimulus. Guards are free booleans (each leaf both ways in each selection; only `state` is known), so that "no road"
 * is a proof, while a road that is found may still be closed by data. Permissions and forms are not asked.
 */
export function explore(graph: Graph, more: ExploreMore = {}): Exploration {
  const chart = chartOf(bare(markedGraph(graph)))
  const idle = newInstance({ id: 'check', orderId: 'check', context: {}, nowMs: 0 })
  const places: Configuration[] = [{ leaves: [], outcome: null, edges: [], idle: [] }]
  const instances: Instance[] = [idle]
  const index = new Map<string, number>()
  const found: Exploration = {
    configurations: places,
    chart,
    entered: new Set(),
    rested: new Set(),
    cut: false,
    loop: undefined,
  }
  let runs = 0

  const placeOf = (draft: Draft): number => {
    const { leaves, history, outcome } = draft.instance
    const key = JSON.stringify([leaves, history, outcome])
    const known = index.get(key)
    if (known !== undefined) return known
    index.set(key, places.length)
    places.push({ leaves, outcome, edges: [], idle: [] })
    instances.push({ ...idle, leaves, history, outcome })
    for (const state of draft.active) found.rested.add(nodeAt(chart, state).id)
    return places.length - 1
  }

  const tryAll = (from: number, stimulus: Stimulus): void => {
    const seen = new Set<string>()
    const pending: Truth[][] = [[]]
    for (let tried = 0; pending.length > 0; tried++) {
      if (tried >= limits.runsPerStimulus || runs >= limits.runs) {
        found.cut = true
        return
      }
      runs += 1
      const decided = pending.pop() as Truth[]
      const outcome = run(chart, instances[from] as Instance, stimulus, decided, more.fixed)
      for (let at = decided.length; at < outcome.decisions.length; at++)
        pending.push([...outcome.decisions.slice(0, at), 'false'])
      if (outcome.draft === 'loop') {
        found.loop ??= { from, stimulus: stimulus.name }
        continue
      }
      if (outcome.draft === undefined) continue
      for (const state of outcome.draft.entered) found.entered.add(state)
      const to = placeOf(outcome.draft)
      const marks = outcome.draft.tokens.flatMap(markOf)
      const tokens = outcome.draft.tokens.filter((token) => !isMark(token))
      if (to === from && tokens.length === 0 && outcome.draft.microsteps === 0) {
        const { idle } = places[from] as Configuration
        if (stimulus.kind === 'call' && !idle.includes(stimulus.name)) idle.push(stimulus.name)
        continue
      }
      const edge = { stimulus: stimulus.name, kind: stimulus.kind, to, tokens, marks, counted: outcome.counted }
      const key = JSON.stringify(edge)
      if (seen.has(key)) continue
      seen.add(key)
      places[from]?.edges.push(edge)
    }
  }

  for (const leaves of more.starts ?? []) {
    index.set(JSON.stringify([leaves, {}, null]), places.length)
    places.push({ leaves, outcome: null, edges: [], idle: [] })
    instances.push({ ...idle, leaves })
  }
  tryAll(0, { name: 'start', kind: 'start' })
  for (let from = 1; from < places.length; from++) {
    if (places.length > limits.configurations) found.cut = true
    if (found.cut) break
    const { leaves, outcome } = places[from] as Configuration
    if (outcome !== null) continue
    for (const stimulus of stimuliOf(chart, leaves)) tryAll(from, stimulus)
  }
  return found
}

interface Stimulus {
  name: string
  kind: Edge['kind']
  /** What the interpreter is handed; none = the start. */
  event?: InnerEvent
  /** An event inside the macrostep (an sla clock that raises one). */
  raised?: InnerEvent
  /** Nobody listening = nothing happens. */
  needsCandidate?: boolean
}

function stimuliOf(chart: Chart, leaves: readonly string[]): Stimulus[] {
  const event = (name: string, error?: string): InnerEvent => ({
    name,
    payload: null,
    output: null,
    ...(error === undefined ? {} : { error: { type: error, message: error } }),
  })
  const active = activeStates(chart, leaves).map((state) => nodeAt(chart, state))
  const names = new Set(active.flatMap(({ on }) => Object.keys(on ?? {})))
  const outside = [...names].filter((name) => chart.graph.events[name]?.kind !== 'internal' || name === 'SYSTEM_CANCEL')
  return [
    ...outside.map((name): Stimulus => ({ name, kind: 'event', event: event(name), needsCandidate: true })),
    ...active.flatMap(({ id, after = [], invoke = [], sla = [] }): Stimulus[] => [
      ...after.map(
        (timer): Stimulus => ({
          name: `timer ${id}/${timer.id}`,
          kind: 'timer',
          event: event(`timer:${id}/${timer.id}`),
        }),
      ),
      ...invoke.flatMap((call): Stimulus[] => {
        const errors = new Set((call.onError ?? []).flatMap(({ errors }) => errors ?? []))
        return [
          { name: `done ${call.id}`, kind: 'call', event: event(`done:${id}/${call.id}`) },
          ...[...errors, 'another error'].map(
            (error): Stimulus => ({
              name: `error ${call.id}: ${error}`,
              kind: 'call',
              event: event(`error:${id}/${call.id}`, error),
            }),
          ),
        ]
      }),
      ...sla.flatMap(({ id: clock, steps }) =>
        steps.flatMap(({ at, raise }): Stimulus[] =>
          raise === undefined ? [] : [{ name: `clock ${id}/${clock} ${at}%`, kind: 'clock', raised: event(raise) }],
        ),
      ),
    ]),
  ]
}

interface Run {
  /** undefined: nothing happens; 'loop': the macrostep came back to where it was. */
  draft: Draft | 'loop' | undefined
  decisions: Truth[]
  counted: boolean
}

class Looping extends Error {}

/** One macrostep with the first guards decided as told, and every further one true. */
function run(
  chart: Chart,
  from: Instance,
  stimulus: Stimulus,
  decided: readonly Truth[],
  fixed: ExploreMore['fixed'],
): Run {
  const draft = draftOf(chart, from, {}, 0, null)
  const decisions: Truth[] = []
  const answers = new Map<string, Truth>()
  const asked = new Map<string, number>()
  let counted = false
  draft.oracle = (leaf: Leaf) => {
    if (leaf.fact === 'state') return undefined
    const known = fixed?.(leaf)
    if (known !== undefined) return known
    const key = `${draft.microsteps}|${draft.event.name}|${JSON.stringify(leaf)}`
    const before = answers.get(key)
    if (before !== undefined) return before
    const situation = `${[...draft.active].join()}|${draft.event.name}|${JSON.stringify(leaf)}`
    const times = (asked.get(situation) ?? 0) + 1
    asked.set(situation, times)
    if (times > limits.repeats) throw new Looping()
    const answer = decided[decisions.length] ?? 'true'
    decisions.push(answer)
    answers.set(key, answer)
    counted ||= leaf.fact === 'visits' || leaf.fact === 'ctx'
    return answer
  }
  try {
    if (stimulus.event !== undefined) draft.event = stimulus.event
    if (stimulus.raised !== undefined) draft.inner.push(stimulus.raised)
    if (stimulus.kind === 'start') enterInitial(draft)
    const chosen = stimulus.event === undefined ? [] : selectForEvent(draft)
    if (chosen.length === 0 && stimulus.needsCandidate === true) return { draft: undefined, decisions, counted }
    macrostep(draft, chosen)
    return { draft, decisions, counted }
  } catch (fault) {
    if (fault instanceof Looping || (fault instanceof EngineFault && fault.type === 'Loop'))
      return { draft: 'loop', decisions, counted }
    if (fault instanceof EngineFault) return { draft: undefined, decisions, counted }
    throw fault
  }
}

/** The graph without data and effects: only what decides where a process can be. */
function bare(graph: Graph): Graph {
  const raises = (actions: readonly Action[] | undefined): Action[] =>
    (actions ?? []).flatMap((action) => (action.type === 'raise' ? [{ type: 'raise', event: action.event }] : []))
  const list = (transitions: GraphTransition[] | undefined) =>
    transitions?.map((transition) => ({ ...transition, actions: raises(transition.actions) }))
  return {
    ...graph,
    limits: { ...graph.limits, maxMicrosteps: Math.min(graph.limits.maxMicrosteps, 100) },
    nodes: graph.nodes.map(({ notify: _notify, on, always, onDone, after, invoke, sla, entry, exit, ...node }) => ({
      ...node,
      entry: raises(entry),
      exit: raises(exit),
      ...(on === undefined
        ? {}
        : { on: Object.fromEntries(Object.entries(on).map(([name, found]) => [name, list(found) ?? []])) }),
      ...(always === undefined ? {} : { always: list(always) ?? [] }),
      ...(onDone === undefined ? {} : { onDone: list(onDone) ?? [] }),
      ...(after === undefined
        ? {}
        : { after: after.map(({ id, then }) => ({ id, delay: 'PT1H', then: list(then) ?? [] })) }),
      ...(invoke === undefined
        ? {}
        : {
            invoke: invoke.map(({ id, activity, onDone: done, onError }) => ({
              id,
              ...(activity === undefined ? {} : { activity }),
              input: {},
              onExit: 'cancel' as const,
              ...(done === undefined ? {} : { onDone: list(done) ?? [] }),
              ...(onError === undefined ? {} : { onError: list(onError) ?? [] }),
            })),
          }),
      ...(sla === undefined
        ? {}
        : { sla: sla.map(({ calendar: _calendar, ...clock }) => ({ ...clock, pauseIn: [] })) }),
    })),
  }
}
