import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { recordTransition, transitionsOf, verifyChain } from '../db/transitions.ts'
import { compile } from '../definitions/compile.ts'
import { chartOf } from '../definitions/interpreter/chart.ts'
import type { Instance } from '../definitions/interpreter/instance.ts'
import { step } from '../definitions/interpreter/step.ts'
import { engineVersion, names } from '../workflows/messages.ts'
import { recordOf } from '../workflows/record.ts'
import { clerk, definitionOf, end, eventually, go, startSmallWorld, state } from './small-world.ts'

let world: Awaited<ReturnType<typeof startSmallWorld>>
let fails = 0
const effects: string[] = []
let longMayEnd: () => void = () => undefined
const longEnd = new Promise<void>((resolve) => {
  longMayEnd = resolve
})

beforeAll(async () => {
  world = await startSmallWorld({
    'test.reserve': async ({ key }) => {
      effects.push(`reserve ${key}`)
      return { id: key }
    },
    'test.release': async ({ input }) => {
      effects.push(`release ${(input as { id: string }).id}`)
      return null
    },
    'test.long': async ({ orderId }) => {
      effects.push(`long ${orderId} begins`)
      await longEnd
      effects.push(`long ${orderId} ends`)
      return null
    },
    'test.fragile': async () => {
      if (fails > 0) {
        fails -= 1
        throw ApplicationFailure.nonRetryable('broken', 'Broken')
      }
      return { ok: true }
    },
  })
})
afterAll(() => world.close())

const chain = definitionOf('chain', 'a', {
  a: state({ on: { NEXT: go('b'), ONLY_BOSS: [{ target: '#b', allow: [{ role: 'boss' }] }] } }),
  b: state({ on: { NEXT: go('a'), FINISH: go('end') } }),
  end: end('done'),
})

const refusalOf = async (promise: Promise<unknown>) => {
  try {
    await promise
    return 'accepted'
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) return error.cause.type
    throw error
  }
}

describe('driver', () => {
  test('of twenty operators who press at the same instant exactly one moves the order', async () => {
    const order = await world.start(
      definitionOf('race', 'a', {
        a: state({ on: { GO: go('b') } }),
        b: state({ on: { FINISH: go('end') } }),
        end: end('done'),
      }),
    )

    const results = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        for (;;) {
          const result = await refusalOf(order.fire('GO', clerk(`clerk-${i}`))).catch(() => 'again')
          // UnprocessedUpdate is the server's: no worker took the update, so the client presses again.
          if (result !== 'again' && result !== 'UnprocessedUpdate') return result
        }
      }),
    )

    expect(results.filter((result) => result !== 'NoSuchTransition')).toEqual(['accepted'])
    expect(results.filter((result) => result === 'NoSuchTransition')).toHaveLength(19)
    expect((await transitionsOf(world.db, order.orderId)).rows.map(({ seq }) => seq)).toEqual([1, 2])
  })

  test('the same update twice has one effect and one answer, also across continue-as-new', async () => {
    const order = await world.start(chain)

    const first = await order.fire('NEXT', clerk(), null, 'key-1')
    const again = await order.fire('NEXT', clerk(), null, 'key-1')
    const firstRun = (await order.handle.describe()).runId
    await order.handle.signal(names.recycle)
    await eventually(async () => (await order.handle.describe()).runId !== firstRun)
    const inNextRun = await order.fire('NEXT', clerk(), null, 'key-1')

    expect(first).toEqual({ seq: 2, states: ['b'], status: 'running', outcome: null })
    expect(again).toEqual(first)
    expect(inNextRun).toEqual(first)
    expect((await order.row()).seq).toBe(2)
  })

  test('a press that comes after its time is refused and leaves no trace, also when the worker was too slow to write it', async () => {
    const order = await world.start(chain)
    await eventually(async () => (await order.row()).seq === 1)
    const press = (notAfter: number, updateId: string) =>
      order.handle.executeUpdate(names.fire, {
        args: [{ event: 'NEXT', payload: null, actor: clerk(), notAfter: new Date(notAfter).toISOString() }],
        updateId,
      })

    expect(await refusalOf(press(Date.now() - 1, 'late'))).toBe('TooLate')
    // The row is locked by somebody until its time has passed: the worker had it in time, and could not write it.
    const notAfter = Date.now() + 1_500
    const slow = await world.db.$client.begin(async (tx) => {
      await tx`select 1 from orders where id = ${order.orderId} for update`
      const answer = refusalOf(press(notAfter, 'slow'))
      await eventually(async () => (await tx`select 1 from pg_locks where not granted`).length > 0, 'the write waits')
      await eventually(async () => Date.now() > notAfter, 'the time has passed')
      return { answer }
    })
    expect(await slow.answer).toBe('TooLate')
    expect(await order.row()).toMatchObject({ seq: 1, states: ['a'] })

    // The order is as it was, and the next press works.
    expect(await order.fire('NEXT', clerk())).toMatchObject({ seq: 2, states: ['b'] })
    await order.fire('FINISH', clerk())
    expect(await verifyChain(world.db, order.orderId)).toBeNull()
  })

  test('a step that was committed by a worker which died before it could tell is taken over, not overwritten', async () => {
    const order = await world.start(chain)
    await eventually(async () => (await order.row()).seq === 1)
    const lost = async (event: string, updateId: string) => {
      const graph = compile(chain, { calendars: {} }, 'test')
      const instance = (await order.row()).instance as unknown as Instance
      const stimulus = { type: 'user' as const, name: event, payload: null, actor: clerk() }
      const made = step(chartOf(graph), instance, stimulus, {}, Date.now())
      if (made.kind !== 'moved') throw new Error(made.kind)
      const input = {
        engineVersion,
        kind: 'process' as const,
        orderId: order.orderId,
        graph,
        context: {},
        queuePrefix: '',
      }
      await recordTransition(
        world.db,
        recordOf(input, chartOf(graph), instance, made.instance, made.report, Date.now(), { id: updateId }),
      )
    }

    // Nobody knows: the next press would go into the place of the lost step.
    await lost('NEXT', 'lost-1')
    expect(await refusalOf(order.fire('NEXT', clerk(), null, 'other'))).toBe('accepted')
    expect(await order.row()).toMatchObject({ seq: 3, states: ['a'] })
    expect(await order.fire('NEXT', clerk(), null, 'lost-1')).toMatchObject({ seq: 2, states: ['b'] })

    // The caller knows more than the workflow: it looks before it refuses.
    await lost('NEXT', 'lost-2')
    const known = { event: 'FINISH', payload: null, actor: clerk(), knownSeq: 4 }
    await order.handle.executeUpdate(names.fire, { args: [known], updateId: 'after' })
    expect(await order.handle.result()).toMatchObject({ outcome: 'done', seq: 5 })
    expect(await verifyChain(world.db, order.orderId)).toBeNull()
    const { rows } = await transitionsOf(world.db, order.orderId)
    expect(rows.map(({ event }) => event.updateId)).toEqual([undefined, 'lost-1', 'other', 'lost-2', 'after'])
  })

  test('a role that may not is refused and leaves no trace in the history', async () => {
    const order = await world.start(chain)
    // The row is written inside the first workflow task; its five events are there when that task has been reported.
    const before = await eventually(async () => {
      const { historyLength } = await order.handle.describe()
      return historyLength >= 5 && historyLength
    }, 'the first task is reported')

    const refused = await refusalOf(order.fire('ONLY_BOSS', clerk()))

    expect(refused).toBe('Forbidden')
    expect((await order.handle.describe()).historyLength).toBe(before)
  })

  test('six transitions cost at most 45 history events and the path is chained', async () => {
    const order = await world.start(chain)

    for (const event of ['NEXT', 'NEXT', 'NEXT', 'NEXT', 'NEXT', 'FINISH']) await order.fire(event, clerk())
    await order.handle.result()

    const { historyLength } = await order.handle.describe()
    expect(historyLength).toBeLessThanOrEqual(45)
    expect(await verifyChain(world.db, order.orderId)).toBeNull()
    expect(await order.row()).toMatchObject({ seq: 7, status: 'ended', outcome: 'done', states: ['end'] })
  })

  test('a signal told three times is one event', async () => {
    const order = await world.start(
      definitionOf(
        'told',
        'wait',
        {
          wait: state({
            on: {
              PAID: [{ actions: [{ type: 'assign', set: { times: { $fn: ['add', { $ctx: '$.times' }, 1] } } }] }],
              FINISH: go('end'),
            },
          }),
          end: end('done'),
        },
        {
          context: { schema: { type: 'object' }, initial: { times: 0 } },
          events: { PAID: { kind: 'external', label: { fa: 'پرداخت', en: 'paid' }, dedupe: '$.ref' } },
        },
      ),
    )

    await order.tell('PAID', 'k1', { ref: 'r1' })
    await order.tell('PAID', 'k1', { ref: 'r1' })
    await order.tell('PAID', 'k2', { ref: 'r1' })
    await order.tell('PAID', 'k3', { ref: 'r2' })

    const row = await eventually(async () => {
      const found = await order.row()
      return found.seq === 3 ? found : undefined
    })
    expect(row.instance).toMatchObject({ context: { times: 2 } })
  })

  test('cancelling an order undoes what succeeded, latest first, and ends it as cancelled', async () => {
    const call = (id: string) => ({
      id,
      activity: 'test.reserve',
      compensate: { activity: 'test.release', input: { id: { $output: '$.id' } } },
    })
    const order = await world.start(
      definitionOf('saga', 'one', {
        one: state({ invoke: [{ ...call('first'), onDone: [{ target: '#two' }] }] }),
        two: state({ invoke: [{ ...call('second'), onDone: [{ target: '#rest' }] }] }),
        rest: state({ on: { FINISH: go('end') } }),
        end: end('done'),
      }),
    )
    await eventually(async () => (await order.row()).states.includes('rest'))

    await order.handle.cancel()

    expect(await order.handle.result()).toMatchObject({ outcome: 'cancelled' })
    const mine = effects
      .filter((effect) => effect.includes(order.orderId))
      .map((effect) => effect.replace(/process:[^/]*\//, ''))
    expect(mine).toEqual(['reserve first/1', 'reserve second/1', 'release second/1', 'release first/1'])
  })

  test('a call that fails for good is an incident that a person retries, and the order goes on', async () => {
    fails = 1
    const order = await world.start(
      definitionOf('fragile', 'work', {
        work: state({
          invoke: [{ id: 'call', activity: 'test.fragile', compensate: 'none', onDone: [{ target: '#end' }] }],
        }),
        end: end('done'),
      }),
    )
    const held = await eventually(async () => {
      const found = await order.row()
      return found.incidentCount === 1 ? found : undefined
    })

    await order.repair({ command: 'retry', incident: '2-1', actor: clerk() })

    expect(held.status).toBe('held')
    expect(await order.handle.result()).toMatchObject({ outcome: 'done' })
    expect(await order.row()).toMatchObject({ status: 'ended', incidentCount: 0 })
  })

  test('an abandoned call runs on to its end, and the order neither waits for it nor hears of it', async () => {
    const order = await world.start(
      definitionOf('abandoned', 'work', {
        work: state({
          invoke: [
            { id: 'call', activity: 'test.long', compensate: 'none', onExit: 'abandon', onDone: [{ target: '#work' }] },
          ],
          on: { FINISH: go('end') },
        }),
        end: end('done'),
      }),
    )
    await eventually(async () => effects.includes(`long ${order.orderId} begins`), 'the call is made')

    await order.fire('FINISH', clerk())
    expect(await order.handle.result()).toMatchObject({ outcome: 'done', seq: 2 })
    expect(effects).not.toContain(`long ${order.orderId} ends`)
    longMayEnd()

    await eventually(async () => effects.includes(`long ${order.orderId} ends`), 'the call ends')
    const { events: history } = await order.handle.fetchHistory()
    expect(history?.filter((event) => event.activityTaskCancelRequestedEventAttributes)).toHaveLength(0)
    expect(await order.row()).toMatchObject({ seq: 2, status: 'ended' })
  })

  test('a due time fires while nobody is looking', async () => {
    const order = await world.start(
      definitionOf('timed', 'wait', {
        wait: state({ after: [{ id: 'soon', delay: 'PT1S', then: [{ target: '#end' }] }], on: { NEXT: go('end') } }),
        end: end('done'),
      }),
    )

    expect(await order.handle.result()).toMatchObject({ outcome: 'done', seq: 2 })
  })

  test('an order that outgrows its history continues as new, and no transition is lost', async () => {
    const order = await world.start(chain, {}, { maxHistoryEvents: 300 })

    for (let i = 0; i < 120; i++) await order.fire('NEXT', clerk(), null, `n${i}`)

    expect((await order.row()).seq).toBe(121)
  })
})
