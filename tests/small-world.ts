import { randomUUID } from 'node:crypto'
import { Client, Connection, type WorkflowHandle } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { createTransitionActivities } from '../activities/transition.ts'
import { createDb } from '../db/client.ts'
import { createOrder, orderById } from '../db/orders.ts'
import { definitions } from '../db/schema/definitions.ts'
import { calendars } from '../definitions/catalogue/calendars.ts'
import { compile } from '../definitions/compile.ts'
import type { Definition, State, Transition } from '../definitions/format.ts'
import type { Graph } from '../definitions/graph.ts'
import { testDatabase } from '../dev/test-database.ts'
import { testWorld } from '../dev/test-world.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import type { Actor } from '../domain/transition.ts'
import {
  engineVersion,
  names,
  type OrderInput,
  queues,
  type Repair,
  taskQueue,
  workflowIdOf,
} from '../workflows/messages.ts'

Runtime.install({ logger: new DefaultLogger('ERROR') })

export type CallFn = (call: { key: string; orderId: string; input: Json }) => Promise<JsonObject | null>

interface Options {
  /** Another Temporal than the run's: one whose clock jumps, say. */
  temporalAddress?: string
  facts?: (request: { name: string; orderId: string }) => Json
}

/** The driver on real Temporal and real PostgreSQL, with calls that a test scripts: for what needs no gateway. */
export async function startSmallWorld(calls: Record<string, CallFn> = {}, options: Options = {}) {
  const { workflowBundle } = testWorld()
  const { temporalAddress = testWorld().temporalAddress, facts: factOf = ({ name }) => ({ name }) } = options
  const database = await testDatabase()
  const db = createDb(database.url)
  const prefix = `t${randomUUID().slice(0, 8)}`
  const connection = await NativeConnection.connect({ address: temporalAddress })
  const clientConnection = await Connection.connect({ address: temporalAddress })
  const client = new Client({ connection: clientConnection })
  const facts = {
    loadFacts: async ({ orderId, requests }: { orderId: string; requests: { key: string; name: string }[] }) =>
      Object.fromEntries(requests.map(({ key, name }) => [key, factOf({ name, orderId })])),
  }
  const activities = { ...createTransitionActivities({ db }), ...facts, ...calls }

  const startWorker = async () => {
    const workers = await Promise.all(
      queues.map((queue) =>
        Worker.create({
          connection,
          taskQueue: taskQueue(prefix, queue),
          activities,
          stickyQueueScheduleToStartTimeout: '1s',
          ...(queue === 'engine' ? { workflowBundle: { codePath: workflowBundle } } : {}),
        }),
      ),
    )
    const running = workers.map((worker) => worker.run())
    return async () => {
      for (const worker of workers) worker.shutdown()
      await Promise.all(running)
    }
  }
  let stopWorker = await startWorker()

  async function start(definition: Definition, context: JsonObject = {}, more: Partial<OrderInput> = {}) {
    const graph = compile(definition, { calendars }, 'test')
    const { kind = 'process', orderId = randomUUID() } = more
    await db
      .insert(definitions)
      .values({
        id: definition.id,
        version: definition.version,
        hash: 'test',
        text: '{}',
        kind: 'process',
        labelFa: 'آزمون',
        labelEn: 'test',
      })
      .onConflictDoNothing()
    const workflowId = workflowIdOf(kind, orderId)
    await db.transaction((tx) =>
      createOrder(tx, {
        id: orderId,
        kind,
        workflowId,
        definitionId: definition.id,
        definitionVersion: definition.version,
        engineVersion,
        at: new Date().toISOString(),
      }),
    )
    const input: OrderInput = {
      engineVersion,
      kind,
      orderId,
      graph: graph satisfies Graph,
      context,
      queuePrefix: prefix,
      ...more,
    }
    const handle = await client.workflow.start(kind, {
      workflowId,
      taskQueue: taskQueue(prefix, 'engine'),
      args: [input],
    })
    return order(handle, orderId)
  }

  function order(handle: WorkflowHandle, orderId: string) {
    return {
      handle,
      orderId,
      fire: (event: string, actor: Actor, payload: JsonObject | null = null, updateId?: string) =>
        handle.executeUpdate(names.fire, {
          args: [{ event, payload, actor }],
          ...(updateId === undefined ? {} : { updateId }),
        }),
      repair: (command: Repair) => handle.executeUpdate(names.repair, { args: [command] }),
      tell: (event: string, key: string, payload: JsonObject | null = null) =>
        handle.signal(names.outside, { key, event, payload }),
      row: async () => {
        const row = await orderById(db, orderId)
        if (row === null) throw new Error('no such order')
        return row
      },
    }
  }

  return {
    db,
    client,
    prefix,
    start,
    restartWorker: async () => {
      await stopWorker()
      stopWorker = await startWorker()
    },
    close: async () => {
      await stopWorker()
      await clientConnection.close()
      await connection.close()
      await db.close()
      await database.drop()
    },
  }
}

/** Polls until `check` answers something, or fails after 60 s with what it last saw. */
export async function eventually<T>(check: () => Promise<T | undefined | false>, what = 'the condition'): Promise<T> {
  const until = Date.now() + 60_000
  for (;;) {
    const found = await check()
    if (found !== undefined && found !== false) return found
    if (Date.now() > until) throw new Error(`${what} did not come true in 60 s`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export const clerk = (id = 'clerk-1', role = 'clerk'): Actor => ({
  id,
  roles: [{ role, scopes: ['own', 'subtree', 'any'] }],
})

const text = (en: string) => ({ fa: en, en })
const allow = [{ role: 'clerk', scope: 'any' as const }]

/** A user transition for the role `clerk`. */
export const go = (target: string, more: Partial<Transition> = {}): Transition[] => [
  { target: `#${target}`, allow, ...more },
]
export const state = (more: Partial<State> = {}): State => ({ label: text('state'), ...more })
export const end = (outcome: string): State => ({ type: 'final', outcome, label: text(outcome) })

/** A definition with every event that its states name declared as a user event, but those in `more.events`. */
export function definitionOf(
  id: string,
  initial: string,
  states: Record<string, State>,
  more: Partial<Definition> = {},
): Definition {
  const events = eventsOf(states)
  return {
    format: 'samfony.process/1',
    id,
    version: 1,
    label: text(id),
    subject: 'process',
    context: { schema: { type: 'object' } },
    outcomes: {
      done: { kind: 'success', label: text('done') },
      cancelled: { kind: 'cancelled', label: text('cancelled') },
    },
    initial,
    states,
    ...more,
    events: {
      ...Object.fromEntries(events.map((name) => [name, { kind: 'user' as const, label: text(name) }])),
      ...more.events,
    },
  }
}

function eventsOf(states: Record<string, State>): string[] {
  return Object.values(states).flatMap(({ on = {}, states: inner = {} }) => [...Object.keys(on), ...eventsOf(inner)])
}
