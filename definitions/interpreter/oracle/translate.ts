import { and, assign, createActor, createMachine, not, or, raise, stateIn } from 'xstate'
import type { Json, JsonObject } from '../../../domain/json.ts'
import type { Action, Condition, Expr, Leaf, State, Transition } from '../../format.ts'
import type { Case } from './generate.ts'

/** What both sides show after each command. */
export interface View {
  leaves: string[]
  ended: boolean
  context: JsonObject
  log: string[]
  live: string[]
}

/** The same case in XState. */
export interface Translated {
  view: () => View
  send: (event: string, payload: Json) => void
  nextDueMs: () => number | undefined
  fireNext: () => void
  moveTo: (ms: number) => void
  complete: (invocation: string, output: Json) => void
  fail: (invocation: string, error: { type: string; message: string }) => void
  /** XState took simultaneous eventless transitions in the order in which states were entered, not in document order (SCXML's and ours). */
  unordered: () => boolean
}

interface SomeEvent {
  type: string
  payload?: Json
  output?: Json
  error?: { type: string }
}
interface Args {
  context: JsonObject
  event: SomeEvent
}
interface NodeView {
  id: string
  type: string
  order: number
}
// The machine is built from data, so XState's inference has nothing to hold on to: these are the few shapes that we use.
interface Microstep {
  type: string
  snapshot: { _nodes: NodeView[]; context: JsonObject }
  _transitions: { eventType: string }[]
}

/** Translates a case of the subset to XState v5, written against its documentation and not against our compiler. */
export function translate({ definition, parallelRoot }: Case): Translated {
  let log: string[] = []
  const clock = simulatedClock()
  const named = definition.guards ?? {}
  const always = new Map<string, Transition[]>()

  const actionsOf = (list: readonly Action[] | undefined) => (list ?? []).map(actionOf)
  function actionOf(action: Action): unknown {
    switch (action.type) {
      case 'run':
        return () => void log.push(action.activity)
      case 'assign':
        return assign((args: Args) =>
          Object.fromEntries(Object.entries(action.set).map(([name, expr]) => [name, valueOf(expr, args)])),
        )
      case 'raise':
        return raise((args: Args) => ({ type: action.event, payload: valueOf(action.payload ?? null, args) }))
      default:
        throw new Error(`${action.type} is not of the subset`)
    }
  }

  const guardOf = (condition: Condition): unknown => {
    if ('all' in condition) return and(condition.all.map(guardOf) as [])
    if ('any' in condition) return or(condition.any.map(guardOf) as [])
    if ('not' in condition) return not(guardOf(condition.not) as never)
    if ('condition' in condition) return guardOf(named[condition.condition] as Condition)
    if (condition.fact === 'state') {
      const inside = stateIn(`#root.${condition.value as string}` as never)
      return condition.operator === 'contains' ? inside : not(inside)
    }
    return (args: Args) => holds(condition, args)
  }

  function transitionOf(
    { target, guard, reenter, actions }: Transition,
    only?: (event: SomeEvent) => boolean,
  ): unknown {
    const guards = [
      ...(only === undefined ? [] : [({ event }: Args) => only(event)]),
      ...(guard === undefined ? [] : [guardOf(guard)]),
    ]
    return {
      ...(target === undefined ? {} : { target: pathOf(target) }),
      ...(guards.length === 0 ? {} : { guard: guards.length === 1 ? guards[0] : and(guards as []) }),
      ...(reenter === undefined ? {} : { reenter }),
      actions: actionsOf(actions),
    }
  }
  const transitionsOf = (list: readonly Transition[] | undefined) => (list ?? []).map((t) => transitionOf(t))

  function stateOf(state: State, id: string): unknown {
    const keys = state.order ?? Object.keys(state.states ?? {})
    const inner = keys.map((key) => [key, stateOf(state.states?.[key] as State, id === '' ? key : `${id}.${key}`)])
    if (state.always !== undefined) always.set(`root.${id}`, state.always)
    return {
      ...(state.type === undefined ? {} : { type: state.type }),
      ...(state.type === 'history'
        ? { history: state.history, ...(state.target === undefined ? {} : { target: pathOf(state.target) }) }
        : {}),
      ...(state.initial === undefined ? {} : { initial: state.initial }),
      ...(state.states === undefined ? {} : { states: Object.fromEntries(inner) }),
      entry: actionsOf(state.entry),
      exit: actionsOf(state.exit),
      on: Object.fromEntries(
        // XState's wildcard also catches its own events (done, after, error); ours takes events of the definition only.
        Object.entries(state.on ?? {}).map(([name, list]) => [
          name,
          list.map((t) => transitionOf(t, name === '*' ? ({ type }) => !type.startsWith('xstate.') : undefined)),
        ]),
      ),
      ...(state.always === undefined ? {} : { always: transitionsOf(state.always) }),
      ...(state.onDone === undefined ? {} : { onDone: transitionsOf(state.onDone) }),
      // Named delays, since XState makes one timer of all those of a state that have the same number.
      after: Object.fromEntries(
        (state.after ?? []).map(({ id: timer, delay, then }) => [`${timer}@${id}@${delay}`, transitionsOf(then)]),
      ),
      invoke: (state.invoke ?? []).map((invoke) => ({
        id: `${id}/${invoke.id}`,
        src: call,
        onDone: transitionsOf(invoke.onDone),
        onError: (invoke.onError ?? []).map((t) =>
          transitionOf(t, (event) => t.errors === undefined || t.errors.includes(event.error?.type ?? '')),
        ),
      })),
    }
  }

  const delays: Record<string, number> = {}
  const collectDelays = (state: State, id: string): void => {
    for (const { id: timer, delay = '' } of state.after ?? [])
      delays[`${timer}@${id}@${delay}`] = Number(/^PT(\d+)S$/.exec(delay)?.[1]) * 1000
    for (const [key, inner] of Object.entries(state.states ?? {}))
      collectDelays(inner, id === '' ? key : `${id}.${key}`)
  }
  const root: State = {
    label: definition.label,
    states: definition.states,
    ...(parallelRoot ? { type: 'parallel', order: Object.keys(definition.states) } : { initial: definition.initial }),
    ...(definition.on === undefined ? {} : { on: definition.on }),
  }
  collectDelays(root, '')

  const machine = createMachine(
    {
      ...(stateOf(root, '') as object),
      id: 'root',
      context: { ...definition.context.initial },
      options: { maxIterations: 10_000 },
    },
    { delays },
  )

  const truthOf = (condition: Condition, context: JsonObject, active: ReadonlySet<string>): boolean => {
    if ('all' in condition) return condition.all.every((c) => truthOf(c, context, active))
    if ('any' in condition) return condition.any.some((c) => truthOf(c, context, active))
    if ('not' in condition) return !truthOf(condition.not, context, active)
    if ('condition' in condition) return truthOf(named[condition.condition] as Condition, context, active)
    if (condition.fact === 'state') return (condition.operator === 'contains') === active.has(condition.value as string)
    return holds(condition, { context, event: { type: '' } })
  }

  let mixed = false
  let before: { _nodes: NodeView[]; context: JsonObject } | undefined
  const actor = createActor(machine, {
    clock: clock.clock,
    inspect: (inspected) => {
      const micro = inspected as unknown as Microstep
      if (micro.type !== '@xstate.microstep') return
      const { _transitions: transitions } = micro
      if (before !== undefined && transitions.some(({ eventType }) => eventType === '')) mixed ||= disordered(before)
      before = micro.snapshot
    },
  })
  actor.start()

  /** Whether several states have an eventless transition enabled, and XState asks them in another order than the document's. */
  function disordered({ _nodes: nodes, context }: { _nodes: NodeView[]; context: JsonObject }): boolean {
    const active = new Set(nodes.map(({ id }) => id.slice('root.'.length)))
    const willing = nodes
      .filter(({ type }) => type === 'atomic' || type === 'final')
      .filter(({ id }) =>
        upwards(id).some((up) =>
          (always.get(up) ?? []).some(({ guard }) => guard === undefined || truthOf(guard, context, active)),
        ),
      )
    return willing.some(({ order }, i) => i > 0 && order < (willing[i - 1]?.order ?? 0))
  }
  type Live = Record<string, { getSnapshot: () => { status: string }; send: (event: SomeEvent) => void } | undefined>
  const snapshot = () =>
    actor.getSnapshot() as unknown as {
      status: string
      error: unknown
      context: JsonObject
      children: Live
      _nodes: NodeView[]
    }
  return {
    view: () => {
      const { status, error, context, children, _nodes } = snapshot()
      if (status === 'error') throw error
      const leaves = _nodes
        .filter(({ type }) => type === 'atomic' || type === 'final')
        .sort((a, b) => a.order - b.order)
      const live = Object.entries(children).filter(([, child]) => child?.getSnapshot().status === 'active')
      const seen = log
      log = []
      return {
        leaves: leaves.map(({ id }) => id.slice('root.'.length)),
        ended: status === 'done',
        context,
        log: seen,
        live: status === 'done' ? [] : live.map(([id]) => id).sort(),
      }
    },
    send: (type, payload) => (actor as unknown as { send: (event: SomeEvent) => void }).send({ type, payload }),
    nextDueMs: clock.nextDueMs,
    fireNext: clock.fireNext,
    moveTo: clock.moveTo,
    complete: (id, output) => snapshot().children[id]?.send({ type: 'complete', output }),
    fail: (id, error) => snapshot().children[id]?.send({ type: 'fail', error }),
    unordered: () => mixed,
  }
}

const pathOf = (target: string) => `#root.${target.slice(1)}`

const upwards = (id: string): string[] => (id === 'root' ? [id] : [id, ...upwards(id.slice(0, id.lastIndexOf('.')))])

/** A child that ends when it is told to. */
const call = {
  transition: (state: object, event: { type: string; output?: Json; error?: Json }) => {
    if (event.type === 'complete') return { ...state, status: 'done', output: event.output }
    return event.type === 'fail' ? { ...state, status: 'error', error: event.error } : state
  },
  getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined }),
  getPersistedSnapshot: (state: object) => state,
}

/** XState's own SimulatedClock moves in one leap and sorts equal dues unstably; this one goes from due to due, first armed first. */
function simulatedClock() {
  let nowMs = 0
  let count = 0
  const armed = new Map<number, { dueMs: number; run: () => void }>()
  const next = () =>
    [...armed].reduce<[number, { dueMs: number; run: () => void }] | undefined>(
      (a, b) => (a === undefined || b[1].dueMs < a[1].dueMs ? b : a),
      undefined,
    )
  return {
    clock: {
      now: () => nowMs,
      setTimeout: (run: () => void, delay: number) => {
        count += 1
        armed.set(count, { dueMs: nowMs + delay, run })
        return count
      },
      clearTimeout: (id: number) => void armed.delete(id),
    },
    moveTo: (ms: number) => {
      nowMs = ms
    },
    nextDueMs: () => next()?.[1].dueMs,
    fireNext: () => {
      const found = next()
      if (found === undefined) return
      armed.delete(found[0])
      nowMs = Math.max(nowMs, found[1].dueMs)
      found[1].run()
    },
  }
}

function holds({ fact, path, operator, value }: Leaf, { context, event }: Args): boolean {
  const field = (path ?? '$').slice(2)
  const left = fact === 'ctx' ? context[field] : fieldOf(event.payload, field)
  const right =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? context[(value.path ?? '$').slice(2)] : value
  switch (operator) {
    case 'equal':
      return left === right
    case 'notEqual':
      return left !== right
    case 'in':
      return (right as Json[]).includes(left as Json)
    case 'notIn':
      return !(right as Json[]).includes(left as Json)
    case 'lessThan':
      return (left as number) < (right as number)
    case 'lessThanInclusive':
      return (left as number) <= (right as number)
    case 'greaterThan':
      return (left as number) > (right as number)
    case 'greaterThanInclusive':
      return (left as number) >= (right as number)
    default:
      throw new Error(`${operator} is not of the subset`)
  }
}

/** The expressions of the subset, evaluated a second time and without our evaluator. */
function valueOf(expr: Expr, args: Args): Json {
  if (expr === null || typeof expr !== 'object' || Array.isArray(expr)) return expr
  if ('$ctx' in expr) return args.context[fieldName(expr['$ctx'])] ?? null
  if ('$event' in expr) return fieldOf(args.event.payload, fieldName(expr['$event']))
  if ('$output' in expr) return fieldOf(args.event.output, fieldName(expr['$output']))
  if ('$fn' in expr) {
    const [name, ...parts] = expr['$fn'] as Expr[]
    const values = parts.map((part) => valueOf(part, args))
    return name === 'add'
      ? values.reduce<number>((sum, n) => sum + (n as number), 0)
      : (values.find((v) => v !== null) ?? null)
  }
  return Object.fromEntries(Object.entries(expr).map(([key, part]) => [key, valueOf(part, args)]))
}

const fieldName = (path: Json | undefined) => (path as string).slice(2)

const fieldOf = (value: Json | undefined, field: string): Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value[field] ?? null) : null
