import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { Actor, Scope } from '../../../domain/transition.ts'
import { calendars } from '../../catalogue/calendars.ts'
import { roles } from '../../catalogue/roles.ts'
import { explore } from '../../check/explore.ts'
import { compile } from '../../compile.ts'
import type { Allow, Definition, State, Transition } from '../../format.ts'
import type { Graph, GraphTransition } from '../../graph.ts'
import { type Chart, chartOf } from '../chart.ts'
import type { Instance, StepResult } from '../instance.ts'
import { newInstance, step } from '../step.ts'

/**
 * A3, as a table made from the shipped definitions: every place where an order can stand × every event × every role × every
 * scope. What is allowed is read from the JSON itself, not from the compiled graph that the interpreter runs on.
 */
const folder = new URL('../../seeds/', import.meta.url)
const shipped = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Definition)

const reaches: Scope[][] = [[], ['own'], ['subtree'], ['centre'], ['city'], ['any', 'subtree', 'centre', 'city', 'own']]
const held = Object.keys(roles).flatMap((role) =>
  reaches.map((scopes): Actor => ({ id: 'somebody', roles: [{ role, scopes }] })),
)
const fire = (chart: Chart, before: Instance, name: string, actor: Actor): StepResult =>
  step(chart, before, { type: 'user', name, payload: null, actor }, {}, 0)

describe.each(shipped.map((definition) => ({ name: definition.id, definition })))('$name', ({ definition }) => {
  const graph = compile(definition, { calendars }, '')
  const whole = chartOf(graph)
  const open = chartOf(onlyPermissions(graph))
  const standing = explore(graph).configurations.filter(({ leaves, outcome }) => leaves.length > 0 && outcome === null)
  const places = [...new Map(standing.map(({ leaves }) => [leaves.join(), { leaves }])).values()]
  const at = (leaves: string[], did: Record<string, string> = {}): Instance =>
    frozen({ ...newInstance({ id: 'i', orderId: 'i', context: {}, nowMs: 0 }), seq: 1, leaves, actors: did })
  const events = Object.keys(definition.events)

  test('exactly the pairs that the definition allows succeed, and every other is refused', () => {
    let allowed = 0
    const wrong: string[] = []
    for (const { leaves } of places)
      for (const event of events) {
        const chosen = chosenIn(definition, leaves, event)
        const before = at(leaves)
        for (const actor of held) {
          const result = fire(open, before, event, actor)
          const expected =
            chosen.length === 0
              ? 'NoSuchTransition'
              : chosen.every(({ allow }) => covers(allow, actor))
                ? 'moved'
                : 'Forbidden'
          if (codeOf(result) !== expected)
            wrong.push(
              `${leaves.join('+')} ${event} ${JSON.stringify(actor.roles)}: ${codeOf(result)}, not ${expected}`,
            )
          if (result.kind === 'moved') allowed += 1
        }
      }
    expect(wrong).toEqual([])
    expect(allowed).toBeGreaterThan(0)
  })

  test('whoever did the first of two steps may not do the second (four eyes)', () => {
    for (const { leaves } of places)
      for (const event of events)
        for (const { notActorOf, role } of chosenIn(definition, leaves, event).flatMap(({ allow = [] }) => allow)) {
          if (notActorOf === undefined) continue
          const actor: Actor = {
            id: 'somebody',
            roles: [{ role, scopes: ['any', 'subtree', 'centre', 'city', 'own'] }],
          }
          expect(codeOf(fire(open, at(leaves, { [notActorOf]: 'another' }), event, actor))).toBe('moved')
          expect(codeOf(fire(open, at(leaves, { [notActorOf]: 'somebody' }), event, actor))).toBe('Forbidden')
        }
  })

  test('with its guards and forms in place nobody gets through whom no candidate names, and nothing is changed', () => {
    const wrong: string[] = []
    for (const { leaves } of places) {
      // A frozen instance: a step that wrote into it would throw.
      const before = at(leaves)
      for (const event of [...events, 'NOT_AN_EVENT']) {
        const candidates = candidatesIn(definition, leaves, event)
        for (const actor of held) {
          if (candidates.some(({ allow }) => covers(allow, actor))) continue
          const code = codeOf(fire(whole, before, event, actor))
          if (code !== (candidates.length === 0 ? 'NoSuchTransition' : 'Forbidden'))
            wrong.push(`${leaves.join('+')} ${event} ${JSON.stringify(actor.roles)}: ${code}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })
})

const codeOf = (result: StepResult) => (result.kind === 'rejected' ? result.code : result.kind)

function covers(allow: Allow[] | undefined, actor: Actor): boolean {
  return (allow ?? []).some(({ role, scope = 'subtree' }) =>
    actor.roles.some((one) => one.role === role && (scope === 'any' || one.scopes.includes(scope))),
  )
}

/** Of each active leaf the nearest state around it that knows the event, and there its first candidate. */
function chosenIn(definition: Definition, leaves: string[], event: string): Transition[] {
  return [...new Set(candidateLists(definition, leaves, event).flatMap((lists) => lists[0]?.[0] ?? []))]
}

function candidatesIn(definition: Definition, leaves: string[], event: string): Transition[] {
  return candidateLists(definition, leaves, event).flat(2)
}

/** For each leaf, from itself outwards, the candidates of every state that knows the event. */
function candidateLists(definition: Definition, leaves: string[], event: string): Transition[][][] {
  if (definition.events[event]?.kind !== 'user') return []
  return leaves.map((leaf) => {
    const parts = leaf.split('.')
    const around = parts.map((_, i) => stateAt(definition, parts.slice(0, parts.length - i)))
    return [...around, { on: definition.on ?? {} }].map(({ on }) => on?.[event] ?? []).filter((list) => list.length > 0)
  })
}

function stateAt(definition: Definition, parts: string[]): Pick<State, 'on'> {
  let states: Record<string, State> | undefined = definition.states
  let found: State | undefined
  for (const part of parts) {
    found = states?.[part]
    states = found?.states
  }
  if (found === undefined) throw new Error(`no state ${parts.join('.')}`)
  return found
}

/** The graph where nothing but the permission decides: no guard, form, action, call, timer or automatic step. */
function onlyPermissions(graph: Graph): Graph {
  const plain = ({ guard: _guard, actions: _actions, ...rest }: GraphTransition) => rest
  return {
    ...graph,
    contextSchema: true,
    events: Object.fromEntries(Object.entries(graph.events).map(([name, { kind }]) => [name, { kind }])),
    nodes: graph.nodes.map(
      ({ on, entry: _e, exit: _x, always: _a, after: _t, invoke: _i, sla: _s, notify: _n, ...node }) => ({
        ...node,
        ...(on === undefined
          ? {}
          : { on: Object.fromEntries(Object.entries(on).map(([name, list]) => [name, list.map(plain)])) }),
      }),
    ),
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}
