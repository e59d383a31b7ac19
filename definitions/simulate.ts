import { addDuration } from '../domain/business-calendar.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import type { Actor } from '../domain/transition.ts'
import type { DefinitionTest, TestStep } from './format.ts'
import type { Graph } from './graph.ts'
import { chartOf } from './interpreter/chart.ts'
import type { Instance, Reason, StepResult, Stimulus } from './interpreter/instance.ts'
import { canResume, nextCall } from './interpreter/settle.ts'
import { newInstance, step } from './interpreter/step.ts'
import { nextTimer } from './interpreter/timing.ts'

/** What a step of a simulation led to. `failures` are the expectations that did not hold. */
export interface SimulatedStep {
  step: TestStep | { start: true }
  now: string
  in: string[]
  context: JsonObject
  effects: string[]
  outcome: string | null
  rejected: string | null
  reasons: Reason[]
  incidents: { place: string; type: string }[]
  failures: string[]
  /** `#state` entered, `-state` left, `tag:x` passed, in order. */
  tokens: string[]
}

const maxTimersPerAdvance = 1000

/**
 * Runs a definition's test (or a list of steps in the same grammar) on the very interpreter that runs orders, and
 * touches nothing outside: calls complete only where the steps say so, `run` effects and compensations succeed at once,
 * facts are those given. `startMs` is the instant of the first step.
 */
export function simulate(graph: Graph, test: DefinitionTest, startMs: number): SimulatedStep[] {
  const chart = chartOf(graph)
  const facts: JsonObject = { ...test.given?.facts }
  let nowMs = startMs
  let instance: Instance = newInstance({
    id: 'simulated',
    orderId: 'simulated',
    context: { ...sample(graph), ...test.given?.context },
    nowMs,
  })
  let effects: string[] = []
  let tokens: string[] = []
  let refused: { code: string; reasons: Reason[] } | undefined

  const put = (stimulus: Stimulus): void => {
    let snapshots = {}
    let result: StepResult
    do {
      result = step(chart, instance, stimulus, snapshots, nowMs)
      if (result.kind === 'needs')
        snapshots = {
          ...snapshots,
          ...Object.fromEntries(
            result.facts.map(({ key, name }) => [key, { value: facts[name] ?? null, atMs: nowMs }]),
          ),
        }
    } while (result.kind === 'needs')
    if (result.kind === 'rejected') refused = { code: result.code, reasons: result.reasons }
    if (result.kind !== 'moved') return
    instance = result.instance
    tokens.push(...result.tokens)
    effects.push(...result.report.effects.filter((effect) => !effect.startsWith('invoke:')))
    const call = nextCall(instance)
    if (call !== undefined) put({ type: 'callDone', key: call.key })
    else if (canResume(instance)) put({ type: 'resume' })
  }

  const advanceTo = (untilMs: number): void => {
    for (let fired = 0; fired < maxTimersPerAdvance; fired++) {
      const timer = nextTimer(instance)
      if (timer === undefined || timer.dueMs > untilMs) break
      nowMs = Math.max(nowMs, timer.dueMs)
      put({ type: 'timer', key: timer.key })
    }
    nowMs = untilMs
  }

  const report = (of: SimulatedStep['step']): SimulatedStep => {
    const done: SimulatedStep = {
      step: of,
      now: new Date(nowMs).toISOString(),
      in: instance.leaves.map((leaf) => `#${leaf}`),
      context: instance.context,
      effects,
      outcome: instance.outcome,
      rejected: refused?.code ?? null,
      reasons: refused?.reasons ?? [],
      incidents: instance.incidents.map(({ place, error }) => ({ place, type: error.type })),
      failures: [],
      tokens,
    }
    if ('expect' in of && of.expect !== undefined) done.failures = unmet(of.expect, done)
    effects = []
    tokens = []
    refused = undefined
    return done
  }

  put({ type: 'start' })
  const steps = [report({ start: true })]
  for (const one of test.steps) {
    let missing: string | undefined
    if (one.facts !== undefined) Object.assign(facts, one.facts)
    if (one.complete !== undefined || one.fail !== undefined) {
      const id = one.complete ?? one.fail
      const invocation = instance.invocations.findLast((i) => i.id === id && i.status !== 'incident')
      if (invocation === undefined) missing = `no call ${id} is under way`
      else if (one.complete !== undefined) put({ type: 'done', key: invocation.key, output: one.output ?? {} })
      else
        put({
          type: 'error',
          key: invocation.key,
          error: { type: one.error ?? 'Failed', message: one.error ?? 'Failed' },
        })
    }
    if (one.send !== undefined) put(sent(graph, one, one.send))
    if (one.advance !== undefined) advanceTo(addDuration(nowMs, one.advance))
    const done = report(one)
    steps.push(missing === undefined ? done : { ...done, failures: [missing, ...done.failures] })
  }
  return steps
}

function sent(graph: Graph, one: TestStep, name: string): Stimulus {
  const payload: Json = one.payload ?? null
  if (name === 'SYSTEM_CANCEL') return { type: 'cancel' }
  if (graph.events[name]?.kind !== 'user') return { type: 'external', name, payload }
  return { type: 'user', name, payload, actor: actorOf(one.by) }
}

/** An actor of a test holds his one role everywhere. */
export function actorOf(by: TestStep['by']): Actor {
  const role = by?.role ?? 'nobody'
  return { id: by?.id ?? role, roles: [{ role, scopes: ['own', 'subtree', 'centre', 'city', 'any'] }] }
}

function unmet(expected: NonNullable<TestStep['expect']>, found: SimulatedStep): string[] {
  const failures: string[] = []
  for (const state of expected.in ?? [])
    if (!found.in.some((leaf) => leaf === state || leaf.startsWith(`${state}.`)))
      failures.push(`not in ${state}, but in ${found.in.join(' ')}`)
  for (const effect of expected.effects ?? [])
    if (!found.effects.includes(effect)) failures.push(`no effect ${effect} among ${found.effects.join(' ')}`)
  if (expected.outcome !== undefined && found.outcome !== expected.outcome)
    failures.push(`outcome is ${found.outcome}, not ${expected.outcome}`)
  if (expected.rejected !== undefined && found.rejected !== expected.rejected)
    failures.push(`rejected is ${found.rejected}, not ${expected.rejected}`)
  if (expected.rejected === undefined && found.rejected !== null) failures.push(`rejected: ${found.rejected}`)
  if (expected.incident !== undefined && found.incidents.length > 0 !== expected.incident)
    failures.push(`incident is ${found.incidents.length > 0}`)
  return failures
}

/** Values for the required context variables that a test does not give: enough to pass the context's schema. */
export function sample(graph: Graph): JsonObject {
  const schema = graph.contextSchema
  if (typeof schema === 'boolean') return {}
  const properties = (schema['properties'] ?? {}) as Record<string, JsonObject>
  const required = (schema['required'] ?? []) as string[]
  return Object.fromEntries(
    required
      .filter((name) => !Object.hasOwn(graph.contextInitial, name))
      .map((name) => [name, sampleOf(name, properties[name] ?? {})]),
  )
}

function sampleOf(name: string, schema: JsonObject): Json {
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type']
  if (Array.isArray(schema['enum'])) return schema['enum'][0] ?? null
  if (schema['pattern'] === '^0[0-9]{10}$') return '02188000000'
  if (schema['format'] === 'date-time') return '2026-01-01T00:00:00Z'
  if (schema['format'] === 'date') return '2026-01-01'
  if (type === 'integer' || type === 'number') return (schema['minimum'] as number | undefined) ?? 0
  if (type === 'boolean') return false
  if (type === 'array') return []
  return type === 'object' ? {} : name
}
