import { EngineFault } from '../fault.ts'
import type { GraphInvoke, GraphNode } from '../graph.ts'
import { notify, perform } from './actions.ts'
import { isDescendant, isFinal, isLeaf, nodeAt } from './chart.ts'
import { type Draft, entryOf, underscored, valueOf } from './draft.ts'
import type { Invocation, Stimulus } from './instance.ts'
import { type Chosen, entrySet, exitSet, withoutConflicts } from './route.ts'
import { selectEventless, selectForEvent } from './select.ts'
import { armTimers, dropTimers, settleClocks } from './timing.ts'
import { undoLate } from './undo.ts'

/** Thrown where a transition would leave a state whose call must not be interrupted (`onExit: wait`): the step is put off whole. */
export class Held extends Error {
  override readonly name = 'Held'
}

/** A call under way that holds its state: money must not be interrupted. One whose result has come, and waits to be used, does not. */
export const holdsExit = ({ holdsExit, status }: Invocation) => holdsExit && status === 'running'

/**
 * Runs one event to completion: its transitions, then eventless ones and inner events until nothing is enabled. More
 * than `maxMicrosteps` end in EngineFault `Loop`; a way out of a state that a call holds, by whatever road, in `Held`.
 */
export function macrostep(draft: Draft, chosen: Chosen[]): void {
  takeAll(draft, chosen)
  while (draft.instance.outcome === null) {
    const eventless = selectEventless(draft)
    if (eventless.length > 0) {
      takeAll(draft, eventless)
      continue
    }
    const next = draft.inner.shift()
    if (next === undefined) break
    draft.event = next
    takeAll(draft, selectForEvent(draft))
  }
  startInvocations(draft)
  settleClocks(draft)
  finish(draft)
}

/** One microstep: exits innermost first, then the transitions' own actions, then entries outermost first. */
function takeAll(draft: Draft, chosen: Chosen[]): void {
  if (chosen.length === 0) return
  const { chart, instance } = draft
  draft.microsteps += 1
  if (draft.microsteps > chart.graph.limits.maxMicrosteps)
    throw new EngineFault('Loop', `more than ${chart.graph.limits.maxMicrosteps} microsteps`)
  const transitions = withoutConflicts(chart, chosen, draft.active, instance.history)

  const leaving = new Set(transitions.flatMap((t) => [...exitSet(chart, t, draft.active, instance.history)]))
  if (instance.invocations.some((i) => holdsExit(i) && leaving.has(chart.byId.get(i.state) ?? -1))) throw new Held()
  leave(
    draft,
    [...leaving].filter((index) => draft.active.has(index)),
  )
  for (const { source, transition } of transitions) {
    const tags = (transition.tags ?? []).map((tag) => `tag:${tag}`)
    draft.tokens.push(...tags)
    // In the log, so that what an order has passed can be told when it moves to another version.
    draft.effects.push(...tags)
    perform(draft, transition.actions, nodeAt(chart, source).id)
  }
  // A history reached from inside its parent may name a state that was not left: it is not entered again.
  for (const index of entrySet(chart, transitions, instance.history)) if (!draft.active.has(index)) enter(draft, index)
}

/** Enters the initial configuration. */
export function enterInitial(draft: Draft): void {
  const initial: Chosen = { source: 0, transition: { target: 0, reenter: true } }
  for (const index of entrySet(draft.chart, [initial], {})) enter(draft, index)
}

function leave(draft: Draft, states: number[]): void {
  const { chart, instance } = draft
  const innermostFirst = states.sort((a, b) => b - a)
  const before = [...draft.active].sort((a, b) => a - b)
  for (const index of innermostFirst) {
    for (const child of nodeAt(chart, index).children) {
      const memory = nodeAt(chart, child)
      if (memory.kind !== 'history') continue
      instance.history[memory.id] = before
        .filter((s) =>
          memory.history === 'deep'
            ? isLeaf(nodeAt(chart, s)) && isDescendant(chart, s, index)
            : nodeAt(chart, s).parent === index,
        )
        .map((s) => nodeAt(chart, s).id)
    }
  }
  for (const index of innermostFirst) {
    const node = nodeAt(chart, index)
    perform(draft, node.exit, node.id)
    dropTimers(draft, node.id)
    draft.toInvoke.delete(index)
    stopInvocations(draft, node)
    const taken = instance.pendingMessages.filter(({ state }) => state === node.id).map(({ key }) => key)
    if (taken.length > 0) {
      draft.cancel.push(...taken.filter((key) => !draft.outbox.some((entry) => entry.key === key)))
      draft.outbox = draft.outbox.filter(({ key }) => !taken.includes(key))
      instance.pendingMessages = instance.pendingMessages.filter(({ state }) => state !== node.id)
    }
    draft.active.delete(index)
    draft.left.push(node.id)
    draft.tokens.push(`-${node.id}`)
  }
}

function enter(draft: Draft, index: number): void {
  const { chart, instance } = draft
  const node = nodeAt(chart, index)
  draft.active.add(index)
  draft.entered.push(node.id)
  draft.tokens.push(...(node.tags ?? []).map((tag) => `tag:${tag}`), `#${node.id}`)
  const visits = entryOf(draft, node.id) + 1
  if (visits > chart.graph.limits.maxVisits && !draft.byOperator)
    throw new EngineFault('Loop', `${node.id} was entered ${visits - 1} times already (limits.maxVisits)`)
  instance.visits[underscored(node.id)] = visits
  perform(draft, node.entry, node.id)
  for (const message of node.notify ?? []) notify(draft, message, node.id)
  armTimers(draft, node)
  if (node.invoke !== undefined) draft.toInvoke.add(index)
  if (node.kind === 'final') complete(draft, index)
}

/** Raises `done.state` for the parent, and for each parallel that is now complete; a completed root ends the instance. */
function complete(draft: Draft, index: number): void {
  const { chart } = draft
  const node = nodeAt(chart, index)
  const parent = node.parent === -1 ? undefined : nodeAt(chart, node.parent)
  if (parent?.kind === 'compound') draft.inner.push(doneOf(parent.id))
  let root = index
  let above = parent === undefined ? -1 : parent.kind === 'parallel' ? node.parent : parent.parent
  while (above !== -1 && nodeAt(chart, above).kind === 'parallel' && isFinal(chart, above, draft.active)) {
    draft.inner.push(doneOf(nodeAt(chart, above).id))
    root = above
    above = nodeAt(chart, above).parent
  }
  if (above !== -1) return
  draft.instance.outcome = node.outcome ?? nodeAt(chart, root).outcome ?? ''
  draft.outcomeKind = chart.graph.outcomes[draft.instance.outcome] ?? null
  draft.tokens.push(`outcome:${draft.instance.outcome}`)
}

const doneOf = (id: string) => ({ name: `done.state:${id}`, payload: null, output: null })

/** A finished instance leaves what is still active: exit actions run, timers and calls are dropped. The leaves stay on record. */
function finish(draft: Draft): void {
  const { chart, instance } = draft
  instance.leaves = [...draft.active]
    .sort((a, b) => a - b)
    .filter((s) => isLeaf(nodeAt(chart, s)))
    .map((s) => nodeAt(chart, s).id)
  if (instance.outcome === null) return
  for (const index of [...draft.active].sort((a, b) => b - a)) {
    const node = nodeAt(chart, index)
    perform(draft, node.exit, node.id)
    stopInvocations(draft, node)
  }
  draft.cancel.push(
    ...instance.pendingMessages.map(({ key }) => key).filter((key) => !draft.outbox.some((entry) => entry.key === key)),
  )
  draft.outbox = draft.outbox.filter(({ key }) => !instance.pendingMessages.some((pending) => pending.key === key))
  instance.pendingMessages = []
  instance.timers = []
  instance.clocks = []
  instance.assigned = {}
  instance.deferred = []
}

function startInvocations(draft: Draft): void {
  if (draft.instance.outcome !== null) return
  for (const index of [...draft.toInvoke].sort((a, b) => a - b)) {
    const node = nodeAt(draft.chart, index)
    for (const invoke of node.invoke ?? []) startInvocation(draft, node, invoke)
  }
}

/** Puts a call on the list of those under way; the driver makes it. */
export function startInvocation(draft: Draft, node: GraphNode, invoke: GraphInvoke): void {
  const { instance } = draft
  const entry = entryOf(draft, node.id)
  const key = `${instance.id}/${invoke.id}/${entry}`
  const input = valueOf(draft, invoke.input)
  draft.effects.push(`invoke:${invoke.id}`)
  instance.invocations.push({
    key,
    state: node.id,
    id: invoke.id,
    entry,
    ...(invoke.activity === undefined ? {} : { activity: invoke.activity }),
    ...(invoke.process === undefined ? {} : { process: invoke.process }),
    ...(invoke.version === undefined ? {} : { version: invoke.version }),
    input,
    ...(invoke.retry === undefined ? {} : { retry: invoke.retry }),
    ...(invoke.timeout === undefined ? {} : { timeout: invoke.timeout }),
    ...(invoke.idempotencyKey === undefined
      ? {}
      : { idempotencyKey: filled(invoke.idempotencyKey, instance.id, invoke.id, entry) }),
    holdsExit: invoke.onExit === 'wait',
    status: 'running',
    attempt: 1,
  })
  if (invoke.process === undefined) return
  const child = { process: invoke.process, businessKey: key, input: input as Record<string, never>, invocation: key }
  draft.outbox.push({
    key: `${key}/open`,
    kind: 'start',
    ...child,
    ...(invoke.version === undefined ? {} : { version: invoke.version }),
  })
}

const filled = (pattern: string, instance: string, invokeId: string, entry: number) =>
  pattern.replaceAll('{instance}', instance).replaceAll('{invokeId}', invokeId).replaceAll('{entry}', String(entry))

/**
 * Leaving a state asks its calls to stop, and does not wait: a late success is undone when it comes (`done` of a stale
 * key). One that has come already, and was kept for later, is late now.
 */
function stopInvocations(draft: Draft, node: GraphNode): void {
  const { instance } = draft
  for (const invocation of instance.invocations.filter(({ state }) => state === node.id)) {
    const declared = node.invoke?.find(({ id }) => id === invocation.id)
    const { key } = invocation
    const isResult = (kept?: Stimulus) => (kept?.type === 'done' || kept?.type === 'error') && kept.key === key
    const abandoned = declared?.onExit === 'abandon'
    const result = [...instance.deferred, ...instance.incidents.map(({ stimulus }) => stimulus)].find(isResult)
    instance.deferred = instance.deferred.filter((kept) => !isResult(kept))
    instance.incidents = instance.incidents.filter((i) => i.key !== key && !isResult(i.stimulus))
    if (result !== undefined) {
      instance.invocations = instance.invocations.filter((other) => other !== invocation)
      if (result.type === 'done' && declared?.compensate !== undefined && !abandoned)
        undoLate(draft, invocation, declared.compensate, result.output)
      continue
    }
    // What is abandoned runs on, and whatever comes of it is nobody's any more.
    if (invocation.status === 'incident' || abandoned) {
      instance.invocations = instance.invocations.filter((other) => other !== invocation)
      continue
    }
    invocation.status = 'cancelling'
    if (invocation.process === undefined) continue
    draft.outbox.push({ key: `${invocation.key}/cancel`, kind: 'cancel', invocation: invocation.key })
    instance.invocations = instance.invocations.filter((other) => other !== invocation)
  }
}
