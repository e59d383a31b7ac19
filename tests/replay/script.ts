import { ApplicationFailure } from '@temporalio/common'
import { activities } from '../../definitions/catalogue/activities.ts'
import { calendars } from '../../definitions/catalogue/calendars.ts'
import { compile } from '../../definitions/compile.ts'
import type { Definition, DefinitionTest, TestStep } from '../../definitions/format.ts'
import type { Instance } from '../../definitions/interpreter/instance.ts'
import { actorOf, sample } from '../../definitions/simulate.ts'
import { timeSkippingServer } from '../../dev/time-skipping.ts'
import { parseDuration } from '../../domain/duration.ts'
import type { JsonObject } from '../../domain/json.ts'
import { type Kind, names } from '../../workflows/messages.ts'
import { type CallFn, eventually, startSmallWorld } from '../small-world.ts'

const weekMs = 7 * 86_400_000
/** The Saturday morning in Tehran for which definitions write their tests. */
const saturdayMs = Date.parse('2026-05-02T06:00:00Z')

export type ScriptWorld = Awaited<ReturnType<typeof startScriptWorld>>

/** A world whose clock jumps, in which the tests of definitions are told to real workflows: a call waits until the script ends it. */
export async function startScriptWorld() {
  const temporal = await timeSkippingServer()
  const waiting = new Map<string, { done: (output: JsonObject) => void; failed: (error: Error) => void }>()
  const facts = new Map<string, JsonObject>()
  let over = false
  const call: CallFn = async ({ key }) =>
    over || /\/(fx|undo)\//.test(key)
      ? null
      : new Promise((done, failed) => {
          waiting.set(key, { done, failed })
        })
  const bank = {
    'payment.verify': async ({ attemptId }: { attemptId: string }) => ({
      outcome: attemptId === 'paid' ? 'paid' : 'notPaid',
    }),
    'payment.settle': async () => null,
    'payment.book': async () => ({ outcome: 'booked' }),
    'payment.close': async () => null,
    'subscription.openRenewals': async () => ({ opened: 0 }),
  }
  const calls = Object.fromEntries(Object.keys(activities).map((name) => [name, call]))
  const world = await startSmallWorld(
    { ...calls, ...(bank as unknown as Record<string, CallFn>) },
    {
      temporalAddress: temporal.address,
      facts: ({ name, orderId }) => facts.get(orderId)?.[name] ?? null,
    },
  )
  type Order = Awaited<ReturnType<typeof world.start>>
  const rowOf = async (order: Order) => {
    const row = await order.row()
    return { ...row, instance: row.instance as unknown as Instance | null }
  }
  const start = async (...wish: Parameters<typeof world.start>) => {
    const order = await world.start(...wish)
    await eventually(async () => (await order.row()).seq > 0, 'the first step')
    return order
  }
  const sleep = async (duration: string) => {
    const { months, days, ms } = parseDuration(duration)
    await temporal.sleep((months * 30 + days) * 86_400_000 + ms)
  }

  /** Tells one test of a definition, step by step, and waits for each to be written. */
  async function tell(definition: Definition, test: DefinitionTest, kind: Kind, orderId: string) {
    const shiftMs = Math.round(((await temporal.currentTimeMs()) - saturdayMs) / weekMs) * weekMs
    const { given, steps } = shifted(test, shiftMs)
    facts.set(orderId, { ...given?.facts })
    const context = { ...sample(compile(definition, { calendars }, '')), ...given?.context }
    const order = await start(definition, context, { kind, orderId })
    for (const step of steps) await take(order, step, definition)
    return order.handle
  }

  /** One step of a script, and what it says must hold after it. */
  async function take(order: Order, step: TestStep, definition?: Definition): Promise<void> {
    const { orderId } = order
    if (step.facts !== undefined) facts.set(orderId, { ...facts.get(orderId), ...step.facts })
    const call = step.complete ?? step.fail
    if (call !== undefined) await answer(order, call, step)
    if (step.send !== undefined) await send(order, step.send, step, definition)
    const reached = eventually(async () => holds(await rowOf(order), step), JSON.stringify(step).slice(0, 200))
    // The clock of this server stands still while a call is under way: what the step waits for may come before its end.
    if (step.advance !== undefined)
      await (step.expect === undefined ? sleep(step.advance) : Promise.race([sleep(step.advance), reached]))
    await reached
  }

  async function answer(order: Order, id: string, step: TestStep): Promise<void> {
    const {
      key,
      process,
      idempotencyKey = key,
    } = await eventually(async () => {
      const { instance } = await rowOf(order)
      const found = instance?.invocations.findLast((i) => i.id === id && i.status === 'running')
      const made = found?.process !== undefined || waiting.has(found?.idempotencyKey ?? found?.key ?? '')
      return made ? found : undefined
    }, `the call ${id}`)
    const output = step.output ?? {}
    if (process !== undefined) {
      const { outcome = '', kind: outcomeKind = 'success', context = {} } = output as Record<string, never>
      await order.handle.signal(names.childEnded, { invocation: key, outcome, outcomeKind, output: context })
      return
    }
    const call = waiting.get(idempotencyKey)
    waiting.delete(idempotencyKey)
    if (step.complete !== undefined) call?.done(output)
    else call?.failed(ApplicationFailure.nonRetryable('scripted', step.error ?? 'Failed'))
  }

  async function send(order: Order, name: string, step: TestStep, definition?: Definition): Promise<void> {
    const { payload = null, by, expect } = step
    if (name === 'SYSTEM_CANCEL') await order.handle.cancel()
    else if (definition?.events[name]?.kind !== 'user') await order.tell(name, JSON.stringify([name, payload]), payload)
    else
      await order.fire(name, actorOf(by), payload).catch((error: unknown) => {
        if (expect?.rejected === undefined) throw error
      })
  }

  return {
    ...world,
    start,
    rowOf,
    sleep,
    tell,
    take,
    /** The next Saturday morning. */
    async toSaturday(): Promise<void> {
      await temporal.sleep(weekMs - (((await temporal.currentTimeMs()) - saturdayMs) % weekMs))
    },
    async close(): Promise<void> {
      over = true
      for (const { done } of waiting.values()) done({})
      await world.close()
      await temporal.teardown()
    },
  }
}

/** A test whose instants are as far from now as they are from its own Saturday. */
function shifted(test: DefinitionTest, byMs: number): DefinitionTest {
  const later = (at: string) => `"${new Date(Date.parse(at.slice(1, -1)) + byMs).toISOString()}"`
  return JSON.parse(JSON.stringify(test).replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, later)) as DefinitionTest
}

function holds(row: { instance: Instance | null; outcome: string | null }, { expect }: TestStep): boolean {
  const { instance, outcome } = row
  const here = (wanted: string) => instance?.leaves.some((leaf) => `#${leaf}.`.startsWith(`${wanted}.`)) === true
  return (
    (expect?.in ?? []).every(here) &&
    (expect?.outcome === undefined || outcome === expect.outcome) &&
    (expect?.incident !== true || (instance?.incidents.length ?? 0) > 0) &&
    instance?.queue.every(({ status }) => status !== 'waiting') === true
  )
}
