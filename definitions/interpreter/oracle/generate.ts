import type { Action, Condition, Definition, ErrorTransition, Expr, State, Transition } from '../../format.ts'

/** A definition of the subset on which XState and we must agree (docs/definitions.md), and what happens to it. */
export interface Case {
  definition: Definition
  /** A definition's root is compound; this one is to be run as a parallel. */
  parallelRoot: boolean
  commands: Command[]
}

/** `at` picks among what is possible at that moment. */
export type Command =
  | { type: 'sendPossible'; at: number; n: number }
  | { type: 'send'; event: string; n: number }
  | { type: 'tick'; seconds: number }
  | { type: 'complete'; at: number; n: number }
  | { type: 'fail'; at: number; error: string }

const events = ['E0', 'E1', 'E2', 'E3'] as const
const variables = ['x', 'y', 'z'] as const
const errors = ['A', 'B'] as const
const maxDepth = 4
const maxStates = 18

/** Builds a case from a tape of choices, so that a shorter tape of smaller numbers is a simpler case. A tape at its end reads 0, the simplest choice. */
export function generate(tape: readonly number[]): Case {
  let at = 0
  let states = 0
  const pick = (count: number): number => (tape[at++] ?? 0) % count
  const chance = (percent: number): boolean => pick(100) >= 100 - percent
  const oneOf = <T>(list: readonly T[]): T => list[pick(list.length)] as T

  const literal = (): number => pick(4)

  function plant(key: string, parent: Node | undefined, kind: Node['kind']): Node {
    states += 1
    const id = parent === undefined || parent.id === '' ? key : `${parent.id}.${key}`
    const depth = parent === undefined ? 0 : parent.depth + 1
    const node: Node = { key, id, parent, kind, depth, children: [], state: { label } }
    parent?.children.push(node)
    if (kind === 'final') node.state.type = 'final'
    if (kind === 'compound') {
      const inner = 2 + pick(2)
      for (let i = 0; i < inner; i++) plant(`s${i}`, node, kindAt(depth + 1))
      if (chance(45)) plant('f', node, 'final')
      if (depth > 0 && chance(45)) remember(node)
    }
    if (kind === 'parallel') {
      const regions = 2 + pick(2)
      for (let i = 0; i < regions; i++)
        plant(`p${i}`, node, depth + 1 < maxDepth && chance(75) ? 'compound' : kindAt(depth + 1))
      if (depth > 0 && chance(35)) remember(node)
    }
    return node
  }

  function kindAt(depth: number): Node['kind'] {
    if (depth >= maxDepth || states >= maxStates) return 'atomic'
    return oneOf(['atomic', 'atomic', 'compound', 'atomic', 'compound', 'parallel'] as const)
  }

  function remember(node: Node): void {
    const deep = chance(60)
    const memory = plant('h', node, 'history')
    memory.state.type = 'history'
    memory.state.history = deep ? 'deep' : 'shallow'
    const inside = all(node).filter((other) => other !== node && other.kind !== 'history')
    if (chance(50)) memory.state.target = `#${oneOf(inside).id}`
  }

  function condition(depth: number, about: { event?: boolean; state?: boolean }): Condition {
    const form = pick(12)
    if (depth < 2 && form === 9) return { all: [condition(depth + 1, about), condition(depth + 1, about)] }
    if (depth < 2 && form === 10) return { any: [condition(depth + 1, about), condition(depth + 1, about)] }
    if (depth < 2 && form === 11) return { not: condition(depth + 1, about) }
    if (form === 8) return { condition: oneOf(['lowX', 'evenY']) }
    if (form === 7 && about.state === true)
      return { fact: 'state', operator: oneOf(['contains', 'doesNotContain']), value: oneOf(nodes).id }
    if (form === 6 && about.event === true)
      return { fact: 'event', path: '$.n', operator: oneOf(['equal', 'notEqual']), value: oneOf([0, 1, 2, null]) }
    const left = { fact: 'ctx', path: `$.${oneOf(variables)}` }
    if (form === 5) return { ...left, operator: oneOf(['in', 'notIn']), value: [literal(), literal()] }
    if (form === 4)
      return { ...left, operator: oneOf(['lessThan', 'equal']), value: { fact: 'ctx', path: `$.${oneOf(variables)}` } }
    const operator = oneOf([
      'lessThan',
      'lessThanInclusive',
      'greaterThan',
      'greaterThanInclusive',
      'equal',
      'notEqual',
    ] as const)
    return { ...left, operator, value: literal() }
  }

  function expression(): Expr {
    const form = pick(7)
    if (form === 1) return { $ctx: `$.${oneOf(variables)}` }
    if (form === 2 || form === 3) return { $fn: ['add', { $ctx: `$.${oneOf(variables)}` }, 1] }
    if (form === 4) return { $fn: ['coalesce', { $event: '$.n' }, literal()] }
    if (form === 5) return { $fn: ['coalesce', { $output: '$.n' }, literal()] }
    return literal()
  }

  /** Every list starts with a marker, so that the log shows the order of all of them. */
  function actions(marker: string): Action[] {
    const list: Action[] = [{ type: 'run', activity: marker }]
    if (chance(40)) {
      const set: Record<string, Expr> = { [oneOf(variables)]: expression() }
      if (chance(40)) set[oneOf(variables)] = expression()
      list.push({ type: 'assign', set })
    }
    if (chance(16))
      list.push({
        type: 'raise',
        event: oneOf([...events, 'R0']),
        ...(chance(50) ? { payload: { n: expression() } } : {}),
      })
    if (chance(15)) list.push({ type: 'assign', set: { [oneOf(variables)]: expression() } })
    return list
  }

  let markers = 0
  function transition(
    source: Node,
    about: { event?: boolean; state?: boolean; guarded?: boolean; outside?: boolean },
  ): Transition {
    const found: Transition = {}
    const reenter = chance(20)
    const targets = nodes.filter(
      (target) => allowed(source, target, reenter) && !(about.outside === true && ancestorsOf(target).includes(source)),
    )
    if (targets.length > 0 && chance(80)) {
      found.target = `#${oneOf(targets).id}`
      if (reenter) found.reenter = true
    }
    if (about.guarded === true || chance(50)) found.guard = condition(0, about)
    markers += 1
    found.actions = actions(`take:${source.id}:${markers}`)
    return found
  }

  /** Candidates of one trigger: all but the last are guarded, or nothing behind them could ever be taken. */
  function candidates(source: Node, about: { event?: boolean; state?: boolean; outside?: boolean }): Transition[] {
    const more = chance(45) ? [transition(source, { ...about, guarded: true })] : []
    return [...more, transition(source, about)]
  }

  /** Makes an eventless transition use itself up, since most that do not would be endless loops and skipped. */
  function exhausted(found: Transition): Transition {
    const few: Condition = { fact: 'ctx', path: '$.w', operator: 'lessThan', value: 1 + pick(12) }
    const more: Action = { type: 'assign', set: { w: { $fn: ['add', { $ctx: '$.w' }, 1] } } }
    return {
      ...found,
      guard: found.guard === undefined ? few : { all: [found.guard, few] },
      actions: [...(found.actions ?? []), more],
    }
  }

  function dress(node: Node): void {
    const { state, id, kind } = node
    if (kind === 'history') return
    if (node.parent !== undefined) {
      if (chance(70)) state.entry = actions(`enter:${id}`)
      if (chance(70)) state.exit = actions(`leave:${id}`)
    }
    if (kind === 'final') return
    const on: Record<string, Transition[]> = {}
    for (let i = 1 + pick(3); i > 0; i--) on[oneOf(events)] = candidates(node, { event: true, state: true })
    if (chance(15)) on['R0'] = candidates(node, { event: true })
    if (chance(10)) on['*'] = candidates(node, { event: true })
    state.on = on
    if (node.parent === undefined) return
    if (chance(20)) state.always = candidates(node, { state: true }).map(exhausted)
    if (chance(1)) state.always = [transition(node, {})]
    if (chance(35))
      state.after = Array.from({ length: 1 + pick(2) }, (_, i) => ({
        id: `t${i}`,
        delay: `PT${1 + pick(3)}S`,
        then: candidates(node, { state: true }),
      }))
    if (chance(25))
      state.invoke = Array.from({ length: 1 + pick(2) }, (_, i) => ({
        id: `c${i}_${id.replaceAll('.', '_')}`,
        activity: 'call',
        ...(chance(80) ? { onDone: candidates(node, { state: true }) } : {}),
        ...(chance(60) ? { onError: onErrors(node) } : {}),
      }))
    const canBeDone = kind === 'parallel' || node.children.some((child) => child.kind === 'final')
    if (canBeDone && chance(75)) state.onDone = candidates(node, { state: true, outside: chance(80) })
  }

  /** The last one takes any error, since XState dies of one that nobody takes. */
  function onErrors(node: Node): ErrorTransition[] {
    const some = chance(50) ? [{ ...transition(node, { state: true }), errors: [oneOf(errors)] }] : []
    const { guard: _guard, ...last } = transition(node, {})
    return [...some, last]
  }

  function command(): Command {
    const form = pick(10)
    if (form < 5) return { type: 'sendPossible', at: pick(64), n: pick(3) }
    if (form === 5) return { type: 'send', event: oneOf(events), n: pick(3) }
    if (form < 8) return { type: 'tick', seconds: 1 + pick(4) }
    return form === 8
      ? { type: 'complete', at: pick(64), n: pick(3) }
      : { type: 'fail', at: pick(64), error: oneOf(errors) }
  }

  const parallelRoot = chance(10)
  const commands: Command[] = Array.from({ length: 4 + pick(14) }, command)
  const root = plant('', undefined, parallelRoot ? 'parallel' : 'compound')
  const nodes = all(root).filter((node) => node !== root)
  for (const node of [root, ...nodes]) dress(node)
  for (const node of [root, ...nodes]) arrange(node, oneOf, chance)

  return {
    parallelRoot,
    commands,
    definition: {
      format: 'samfony.process/1',
      id: 'generated',
      version: 1,
      label,
      subject: 'process',
      context: { schema: true, initial: { w: 0, x: literal(), y: literal(), z: literal() } },
      guards: {
        lowX: { fact: 'ctx', path: '$.x', operator: 'lessThan', value: 2 },
        evenY: { fact: 'ctx', path: '$.y', operator: 'in', value: [0, 2, 4, 6] },
      },
      events: Object.fromEntries(
        [...events, 'R0'].map((name) => [name, { kind: name === 'R0' ? 'internal' : 'external', label }]),
      ),
      outcomes: {},
      initial: root.state.initial ?? 'p0',
      states: root.state.states ?? {},
      ...(root.state.on === undefined ? {} : { on: root.state.on }),
    },
  }
}

const label = { en: '', fa: '' }

interface Node {
  key: string
  id: string
  parent: Node | undefined
  kind: 'atomic' | 'compound' | 'parallel' | 'final' | 'history'
  depth: number
  children: Node[]
  state: State
}

const all = (node: Node): Node[] => [node, ...node.children.flatMap(all)]

const ancestorsOf = (node: Node): Node[] =>
  node.parent === undefined ? [] : [node.parent, ...ancestorsOf(node.parent)]

/** Whether the checks would let a transition pass: it stays in its region, and does not aim at its own source (E25, E26). */
function allowed(source: Node, target: Node, reenter: boolean): boolean {
  if (target === source) return reenter && source.parent !== undefined && source.parent.kind !== 'parallel'
  if (source.parent === undefined && reenter) return false
  const place = target.kind === 'history' ? target.parent : target
  if (place === undefined) return false
  const up = ancestorsOf(source)
  // From inside its own parent a history may mean the very source: XState then enters what it has not left, and we do not.
  if (target.kind === 'history' && up.includes(place)) return false
  const above = ancestorsOf(target)
  const inside = above.includes(source)
  const domain = inside && !reenter ? source : up.find((node) => above.includes(node))
  return domain !== undefined && domain.kind !== 'parallel'
}

/** Puts children into the state, in an order of keys that must not matter beside `order`. */
function arrange(node: Node, oneOf: <T>(list: readonly T[]) => T, chance: (percent: number) => boolean): void {
  if (node.children.length === 0) return
  const shown = node.parent !== undefined && chance(50) ? [...node.children].reverse() : node.children
  node.state.states = Object.fromEntries(shown.map((child) => [child.key, child.state]))
  if (node.kind === 'parallel') {
    node.state.type = 'parallel'
    node.state.order = node.children.map(({ key }) => key)
    return
  }
  const choices = node.children.filter(({ kind, state }) =>
    kind === 'history' ? state.target !== undefined : kind !== 'final',
  )
  node.state.initial = oneOf(choices).key
}
