import { deepStrictEqual } from 'node:assert/strict'
import type { BusinessCalendar } from '../../../domain/business-calendar.ts'
import { addDuration } from '../../../domain/business-calendar.ts'
import type { Json, JsonObject } from '../../../domain/json.ts'
import type { Actor, Scope } from '../../../domain/transition.ts'
import { compile } from '../../compile.ts'
import type { Definition, EventDeclaration, State } from '../../format.ts'
import { type Chart, chartOf } from '../chart.ts'
import type { FactSnapshots, Instance, StepReport, StepResult, Stimulus } from '../instance.ts'
import { canResume, nextCall } from '../settle.ts'
import { newInstance, step } from '../step.ts'
import { nextTimer } from '../timing.ts'

/** A state as a test writes it: labels are for people. */
export type Sketch = Omit<State, 'label' | 'states'> & { states?: Record<string, Sketch> }

/** Only what a test is about; the rest of a definition is filled in. */
export interface Plan extends Partial<Omit<Definition, 'states' | 'events' | 'initial'>> {
  initial?: string
  states: Record<string, Sketch>
  events?: Record<string, Omit<EventDeclaration, 'label'>>
  /** Context variables of the new instance. */
  given?: JsonObject
  known?: Record<string, BusinessCalendar>
}

export const startMs = Date.parse('2026-07-04T06:00:00Z')

const label = { en: 'x', fa: 'x' }

/** Saturday to Wednesday 08:00-16:00 in Tehran. The trial starts on a Saturday at 09:30. */
export const office: BusinessCalendar = {
  id: 'office',
  label,
  utcOffsetMinutes: 210,
  week: {
    sat: ['08:00-16:00'],
    sun: ['08:00-16:00'],
    mon: ['08:00-16:00'],
    tue: ['08:00-16:00'],
    wed: ['08:00-16:00'],
    thu: [],
    fri: [],
  },
  holidays: [],
  dated: [],
}

export const person = (id: string, role: string, ...scopes: Scope[]): Actor => ({ id, roles: [{ role, scopes }] })
export const clerk = person('clerk-1', 'clerk', 'subtree', 'any')
export const operator = person('operator-1', 'operator', 'any')
export const byClerk = [{ role: 'clerk' }]

/** The graph of a sketch, as a workflow would run it. */
export function chartFor({ states, events = {}, known = {}, given: _given, ...rest }: Plan): Chart {
  const definition: Definition = {
    format: 'samfony.process/1',
    id: 'trial',
    version: 1,
    label,
    subject: 'process',
    context: { schema: true },
    outcomes: { ok: { kind: 'success', label }, off: { kind: 'cancelled', label } },
    initial: Object.keys(states)[0] ?? '',
    ...rest,
    states: states as unknown as Record<string, State>,
    events: Object.fromEntries(Object.entries(events).map(([name, event]) => [name, { label, ...event }])),
  }
  return chartOf(compile(definition, { calendars: known }, 'hash'))
}

/**
 * One instance under test. Every step is made twice, from the instance frozen to its depth and from its JSON copy, and
 * must come out the same: no step changes its input, and nothing but JSON is carried.
 */
export function createTrial(plan: Plan) {
  const chart = chartFor(plan)
  let nowMs = startMs
  let instance = newInstance({ id: 'wf', orderId: 'order-1', context: plan.given ?? {}, nowMs })
  let last: StepResult | undefined
  const reports: StepReport[] = []

  const put = (stimulus: Stimulus, facts: FactSnapshots = {}): StepResult => {
    const result = step(chart, deepFreeze(instance), deepFreeze(stimulus), facts, nowMs)
    const again = step(chart, JSON.parse(JSON.stringify(instance)) as Instance, stimulus, facts, nowMs)
    deepStrictEqual(JSON.parse(JSON.stringify(result)), result)
    deepStrictEqual(again, result)
    last = result
    if (result.kind === 'moved') {
      instance = result.instance
      reports.push(result.report)
    }
    return result
  }
  const live = (id: string) => {
    const found = instance.invocations.findLast((i) => i.id === id)
    if (found === undefined) throw new Error(`no call ${id}`)
    return found.key
  }
  const refusal = (result: StepResult) => (result.kind === 'rejected' ? result.code : result.kind)

  return {
    chart,
    put,
    instance: () => instance,
    last: () => last,
    nowMs: () => nowMs,
    report: () => reports.at(-1) as StepReport,
    reports: () => reports,
    /** Everything that went to the relay so far. */
    outbox: () => reports.flatMap(({ outbox }) => outbox),
    start: () => put({ type: 'start' }),
    /** `moved`, or the code of the refusal. */
    user: (name: string, payload: Json = null, actor: Actor = clerk) =>
      refusal(put({ type: 'user', name, payload, actor })),
    external: (name: string, payload: Json = null) => put({ type: 'external', name, payload }).kind,
    done: (id: string, output: Json = {}) => put({ type: 'done', key: live(id), output }).kind,
    fail: (id: string, type = 'Broken') => put({ type: 'error', key: live(id), error: { type, message: type } }).kind,
    key: live,
    /** Lets time pass and every due timer fire, in order. */
    advance: (duration: string) => {
      const untilMs = addDuration(nowMs, duration)
      for (
        let timer = nextTimer(instance);
        timer !== undefined && timer.dueMs <= untilMs;
        timer = nextTimer(instance)
      ) {
        nowMs = Math.max(nowMs, timer.dueMs)
        put({ type: 'timer', key: timer.key })
      }
      nowMs = untilMs
    },
    /** To a later instant, while nobody looks. */
    moveTo: (ms: number) => {
      nowMs = Math.max(nowMs, ms)
    },
    /** Lets time pass while nobody looks. */
    sleep: (duration: string) => {
      nowMs = addDuration(nowMs, duration)
    },
    /** Makes the queued calls, all of which succeed, then takes what was deferred. Returns what was called. */
    drain: () => {
      const made: string[] = []
      for (;;) {
        const call = nextCall(instance)
        if (call !== undefined) {
          made.push(call.activity)
          put({ type: 'callDone', key: call.key })
        } else if (canResume(instance)) put({ type: 'resume' })
        else return made
      }
    },
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
