import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { IncidentRecord } from '../domain/transition.ts'
import { compile } from './compile.ts'
import { chartOf } from './interpreter/chart.ts'
import type { Instance, StepReport, Stimulus } from './interpreter/instance.ts'
import { generate } from './interpreter/oracle/generate.ts'
import { canResume, nextCall } from './interpreter/settle.ts'
import { newInstance, step } from './interpreter/step.ts'
import { nextTimer } from './interpreter/timing.ts'
import { type LoggedStep, replay } from './replay.ts'

const actor = { id: 'u1', roles: [{ role: 'operator', scopes: ['any' as const] }] }

/** A random life of a random definition, with everything that may happen to an order, as its log and its instances tell it. */
function live(tape: readonly number[], choices: readonly number[]) {
  const { definition } = generate(tape)
  const chart = chartOf(compile(definition, { calendars: {} }, 'hash'))
  let nowMs = 1_000
  let instance = newInstance({ id: 'i', orderId: 'o', context: {}, nowMs })
  const lines: LoggedStep[] = []
  const instances: Instance[] = []
  const incidents = new Map<string, IncidentRecord>()
  const put = (stimulus: Stimulus) => {
    const result = step(chart, instance, stimulus, {}, nowMs)
    if (result.kind !== 'moved') return
    instance = result.instance
    for (const { id, kind, place, error, openedAt } of instance.incidents)
      incidents.set(id, { id, kind, place, error, openedAt })
    lines.push(lineOf(result.report, instance.seq, nowMs))
    instances.push(instance)
  }
  put({ type: 'start' })
  let at = 0
  const pick = (count: number) => (choices[at++] ?? 0) % Math.max(1, count)
  while (at < choices.length && lines.length < 40) {
    nowMs += pick(5) * 500
    const call = nextCall(instance)
    const live = instance.invocations.filter(({ status }) => status === 'running' || status === 'cancelling')
    const one = live[pick(live.length)]
    const incident = instance.incidents[pick(instance.incidents.length)]
    const timer = nextTimer(instance)
    if (canResume(instance)) put({ type: 'resume' })
    const error = { type: ['A', 'B', 'C'][pick(3)] ?? 'A', message: 'it did not work' }
    switch (pick(9)) {
      case 0:
      case 1:
      case 2:
        put({ type: 'external', name: `E${pick(4)}`, payload: { n: pick(4) }, key: `k${at}` })
        break
      case 3:
        if (one !== undefined) put({ type: 'done', key: one.key, output: { n: pick(4) } })
        break
      case 4:
        if (one !== undefined) put({ type: 'error', key: one.key, error })
        break
      case 5:
        if (call !== undefined)
          put(pick(3) === 0 ? { type: 'callFailed', key: call.key, error } : { type: 'callDone', key: call.key })
        break
      case 6:
        if (timer !== undefined) {
          nowMs = Math.max(nowMs, timer.dueMs)
          put({ type: 'timer', key: timer.key })
        }
        break
      case 7:
        if (incident !== undefined)
          put(
            pick(2) === 0
              ? { type: 'retry', incident: incident.id, actor }
              : { type: 'resolve', incident: incident.id, output: { n: 1 }, actor },
          )
        break
      default:
        if (pick(12) === 0) put({ type: 'cancel', actor })
    }
  }
  return { chart, lines, instances, incidents: [...incidents.values()] }
}

function lineOf(report: StepReport, seq: number, nowMs: number): LoggedStep {
  const { event, payload, from, to, entered, left, trace, set, role } = report
  const by = report.actor === null ? null : { id: report.actor.id, ...(role === null ? {} : { role }) }
  // As the database gives it back.
  return JSON.parse(
    JSON.stringify({
      seq,
      at: new Date(nowMs).toISOString(),
      event,
      actor: by,
      payload,
      from,
      to,
      entered,
      left,
      trace,
      set,
      definitionVersion: 1,
    }),
  ) as LoggedStep
}

/** What a screen shows of an instance. */
const shown = ({ seq, leaves, status, outcome, context, timers, clocks, invocations, incidents, assigned }: Instance) =>
  JSON.parse(
    JSON.stringify({
      seq,
      leaves,
      status,
      outcome,
      context,
      timers,
      clocks,
      assigned,
      invocations: invocations.map(({ key, status, attempt }) => ({ key, status, attempt })),
      incidents: incidents.map(({ id, kind, place, error, openedAt }) => ({ id, kind, place, error, openedAt })),
    }),
  ) as unknown

describe('a replay of the log', () => {
  const counts = { lines: 0, differing: 0, whole: 0, lives: 0 }

  test('gives the order as it was after each of its steps, or names the steps that it could not make again', () => {
    fc.assert(
      fc.property(
        fc.noBias(fc.array(fc.nat({ max: 0xffff }), { minLength: 300, maxLength: 900 })),
        fc.array(fc.nat(1_000), { minLength: 20, maxLength: 200 }),
        (tape, choices) => {
          const { chart, lines, instances, incidents } = live(tape, choices)
          for (const upTo of new Set([1, Math.ceil(lines.length / 2), lines.length - 1, lines.length]).values()) {
            if (upTo < 1) continue
            const made = replay(() => chart, { id: 'i', orderId: 'o', startedAtMs: 1_000 }, lines.slice(0, upTo), {
              later: lines.slice(upTo),
              incidents,
            })
            const was = instances[upTo - 1]
            if (was === undefined) throw new Error('no such step')
            expect([made.instance.seq, made.instance.leaves, made.instance.context]).toEqual([
              was.seq,
              was.leaves,
              was.context,
            ])
            counts.lives += 1
            counts.lines += upTo
            counts.differing += made.differing.length
            if (made.differing.length > 0) continue
            counts.whole += 1
            expect(shown(made.instance)).toEqual(shown(was))
          }
        },
      ),
      { numRuns: 80, endOnFailure: true },
    )
  })

  test('and those are few', () => {
    expect(counts.lines).toBeGreaterThan(300)
    expect(counts.differing / counts.lines).toBeLessThan(0.1)
    expect(counts.whole / counts.lives).toBeGreaterThan(0.8)
  })

  test('a log that was altered is found out', () => {
    const { chart, lines, incidents } = live([], [0, 0, 0, 0])
    const altered = lines.map((line, i) => (i === 0 ? { ...line, set: { ...line.set, x: 99 } } : line))
    expect(replay(() => chart, { id: 'i', orderId: 'o', startedAtMs: 1_000 }, lines, { incidents }).differing).toEqual(
      [],
    )
    expect(
      replay(
        () => chart,
        { id: 'i', orderId: 'o', startedAtMs: 1_000 },
        altered.map((line) => ({ ...line, to: [...line.to, 'nowhere'] })),
        { incidents },
      ).differing,
    ).toContain(1)
  })
})
