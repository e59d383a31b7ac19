import type { Text } from '../../domain/errors.ts'
import type { OutboxEntry } from '../../domain/transition.ts'
import type { Migration, StateMove } from '../format.ts'
import type { GraphNode } from '../graph.ts'
import { type Chart, nodeAt } from '../interpreter/chart.ts'
import { underscored } from '../interpreter/draft.ts'
import type { Incident, Instance, Invocation } from '../interpreter/instance.ts'
import { imageOf, type MoveProblem, type Placement } from './place.ts'

/** What comes along of an instance, and what must be done for the rest. */
interface Carried {
  kind: 'carried'
  parts: Pick<
    Instance,
    'leaves' | 'timers' | 'clocks' | 'invocations' | 'incidents' | 'visits' | 'history' | 'assigned' | 'pendingMessages'
  >
  /** By new state: timers and clocks that must not be armed anew, since they came along or had their turn before. */
  kept: Map<string, { timers: Set<string>; clocks: Set<string> }>
  /** Old to new key of each timer and clock that came along. */
  renamed: Map<string, string>
  /** States that stay, and get a number of their own all the same: their calls begin anew. */
  anew: Set<string>
  /** Calls to be begun in states that stay. */
  toStart: { state: string; id: string }[]
  /** Messages to be taken back, and children to be told to stop. */
  cancel: string[]
  outbox: OutboxEntry[]
  problems: MoveProblem[]
}

/** Translates everything of an instance that names a state. `busy` while a call runs that can neither come along nor be left alone. */
export function carry(
  old: Chart,
  fresh: Chart,
  before: Instance,
  map: Migration,
  { leaves, images, moves, active }: Placement,
): Carried | { kind: 'busy'; place: string } {
  const nodeOf = (chart: Chart, id: string): GraphNode | undefined => {
    const index = chart.byId.get(id)
    return index === undefined ? undefined : nodeAt(chart, index)
  }
  const moveOf = (id: string): Partial<StateMove> => moves.get(fresh.byId.get(id) ?? -1) ?? {}
  const kept: Carried['kept'] = new Map()
  const renamed: Carried['renamed'] = new Map()
  const anew: Carried['anew'] = new Set()
  const toStart: Carried['toStart'] = []
  const outbox: OutboxEntry[] = []
  const problems: MoveProblem[] = []

  for (const [from, to] of images) {
    const { timers = 'keep', invocations = 'keep' } = moveOf(to)
    if (invocations === 'restart') anew.add(to)
    const [was, is] = [nodeOf(old, from), nodeOf(fresh, to)]
    const ids = (list: { id: string }[] | undefined) => new Set(list?.map(({ id }) => id))
    kept.set(
      to,
      timers === 'keep' ? { timers: ids(was?.after), clocks: ids(was?.sla) } : { timers: new Set(), clocks: new Set() },
    )
    const known = ids(was?.invoke)
    for (const { id } of is?.invoke ?? [])
      if (invocations === 'restart' || !known.has(id)) toStart.push({ state: to, id })
  }

  const visits = visitsOf(old, fresh, before, map)
  const stays = (state: string) => {
    const to = images.get(state)
    return to === undefined || (moveOf(to).timers ?? 'keep') === 'restart' ? undefined : nodeOf(fresh, to)
  }
  const timers = before.timers.flatMap((timer) => {
    const to = timer.kind === 'after' ? stays(timer.state) : undefined
    if (to?.after?.some(({ id }) => id === timer.id) !== true) return []
    const key = `${to.id}/${timer.id}`
    renamed.set(timer.key, key)
    return [{ ...timer, key, state: to.id }]
  })
  const clocks = before.clocks.flatMap((clock) => {
    const to = stays(clock.state)
    if (to?.sla?.some(({ id }) => id === clock.id) !== true) return []
    renamed.set(`${clock.state}/${clock.id}`, `${to.id}/${clock.id}`)
    return [{ ...clock, state: to.id }]
  })

  const invocations: Invocation[] = []
  for (const call of before.invocations) {
    const to = images.get(call.state)
    const is = to === undefined ? undefined : nodeOf(fresh, to)?.invoke?.find(({ id }) => id === call.id)
    const comesAlong = is !== undefined && to !== undefined && (moveOf(to).invocations ?? 'keep') === 'keep'
    if (call.status === 'settled' || call.status === 'cancelling') return { kind: 'busy', place: call.id }
    if (call.status === 'running' && call.holdsExit) return { kind: 'busy', place: call.id }
    if (comesAlong) {
      if (is.activity !== call.activity || is.process !== call.process)
        problems.push(said('call', call.id, words.call(call.id)))
      const { retry, timeout } = is
      const policy = { ...(retry === undefined ? {} : { retry }), ...(timeout === undefined ? {} : { timeout }) }
      invocations.push({ ...call, ...policy, state: to })
      visits[underscored(to)] = Math.max(visits[underscored(to)] ?? 0, call.entry)
      continue
    }
    if (call.status === 'incident') continue
    if (call.process !== undefined) {
      outbox.push({ key: `${call.key}/cancel`, kind: 'cancel', invocation: call.key })
      continue
    }
    const declared = nodeOf(old, call.state)?.invoke?.find(({ id }) => id === call.id)
    // It may succeed yet, and then only the version that it began in knows how to undo it.
    if (declared?.compensate !== undefined) return { kind: 'busy', place: call.id }
    invocations.push({ ...call, status: 'cancelling' })
  }

  for (const { invokeId } of before.undo)
    if (!canUndo(fresh, invokeId)) problems.push(said('undo', invokeId, words.undo(invokeId)))
  for (const [state, { timers: wanted }] of explicit(map, images))
    if (wanted === 'keep')
      for (const { id } of nodeOf(old, state)?.after ?? [])
        if (nodeOf(fresh, images.get(state) ?? '')?.after?.some((timer) => timer.id === id) !== true)
          problems.push(said('timer', `${state}/${id}`, words.timer(`${state}/${id}`)))

  const staying = before.pendingMessages.filter(({ state }) => images.has(state))
  return {
    kind: 'carried',
    parts: {
      leaves: [...leaves],
      timers,
      clocks,
      invocations,
      incidents: before.incidents.flatMap((incident) => incidentOf(incident, invocations, renamed)),
      visits,
      history: historyOf(old, fresh, before, map),
      assigned: Object.fromEntries(
        Object.entries(before.assigned).flatMap(([state, role]) => {
          const to = images.get(state)
          return to === undefined || !active.has(fresh.byId.get(to) ?? -1) ? [] : [[to, role]]
        }),
      ),
      pendingMessages: staying.map(({ key, state }) => ({ key, state: images.get(state) ?? state })),
    },
    kept,
    renamed,
    anew,
    toStart,
    cancel: before.pendingMessages.filter((message) => !staying.includes(message)).map(({ key }) => key),
    outbox,
    problems,
  }
}

/** Visits count on where a state is continued; a call that has moved into another state never gets a key that was used before. */
function visitsOf(old: Chart, fresh: Chart, before: Instance, map: Migration): Record<string, number> {
  const visits: Record<string, number> = {}
  const callers = new Map<string, number>()
  for (const { id, invoke } of old.nodes) {
    const count = before.visits[underscored(id)] ?? 0
    for (const call of invoke ?? []) callers.set(call.id, Math.max(callers.get(call.id) ?? 0, count))
    const to = imageOf(fresh, map, id)
    if (count === 0 || to === undefined) continue
    visits[underscored(to)] = Math.max(visits[underscored(to)] ?? 0, count)
  }
  for (const { id, invoke } of fresh.nodes)
    for (const call of invoke ?? []) {
      const used = callers.get(call.id) ?? 0
      if (used > 0) visits[underscored(id)] = Math.max(visits[underscored(id)] ?? 0, used)
    }
  return visits
}

function historyOf(old: Chart, fresh: Chart, before: Instance, map: Migration): Instance['history'] {
  return Object.fromEntries(
    Object.entries(before.history).flatMap(([memory, ids]) => {
      const to = imageOf(fresh, map, memory)
      const states = ids.map((id) => (old.byId.has(id) ? imageOf(fresh, map, id) : undefined))
      if (to === undefined || states.includes(undefined)) return []
      return nodeAt(fresh, fresh.byId.get(to) ?? 0).kind === 'history' ? [[to, states as string[]]] : []
    }),
  )
}

/** An incident comes along with what it is about. */
function incidentOf(
  incident: Incident,
  calls: readonly Invocation[],
  renamed: ReadonlyMap<string, string>,
): Incident[] {
  const { kind, key, stimulus } = incident
  if (kind === 'invocation')
    return calls.some((call) => call.key === key && call.status === 'incident') ? [incident] : []
  if (stimulus?.type === 'timer') {
    const to = renamed.get(stimulus.key)
    return to === undefined ? [] : [{ ...incident, stimulus: { ...stimulus, key: to } }]
  }
  return stimulus?.type === 'done' || stimulus?.type === 'error' ? [] : [incident]
}

/** The undo list is carried as it is; somebody in the new version must be able to call for it. */
function canUndo(fresh: Chart, invokeId: string): boolean {
  const named = fresh.nodes.some(({ invoke }) => invoke?.some(({ id }) => id === invokeId))
  // `of` is a word of this action only.
  return named || JSON.stringify(fresh.nodes).includes('"of":"all"')
}

function explicit(map: Migration, images: ReadonlyMap<string, string>) {
  return [...images.keys()].flatMap((state) => {
    const entry = Object.hasOwn(map.states, `#${state}`) ? map.states[`#${state}`] : undefined
    return typeof entry === 'object' ? [[state, entry] as const] : []
  })
}

const said = (code: MoveProblem['code'], place: string, message: Text): MoveProblem => ({ code, place, message })

const words = {
  call: (id: string): Text => ({
    en: `the call ${id} is another activity in the new version`,
    fa: `فراخوانی ${id} در نسخهٔ جدید فعالیت دیگری است`,
  }),
  undo: (id: string): Text => ({
    en: `nothing in the new version undoes ${id}`,
    fa: `در نسخهٔ جدید چیزی ${id} را جبران نمی‌کند`,
  }),
  timer: (key: string): Text => ({
    en: `the timer ${key} is to be kept, and the new state has none of this name`,
    fa: `زمان‌سنج ${key} باید بماند ولی وضعیت جدید چنین زمان‌سنجی ندارد`,
  }),
}
