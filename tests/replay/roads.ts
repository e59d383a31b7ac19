import { readFileSync } from 'node:fs'
import type { Definition } from '../../definitions/format.ts'
import { type Kind, names, taskQueue } from '../../workflows/messages.ts'
import { clerk, definitionOf, end, eventually, go, state } from '../small-world.ts'
import type { ScriptWorld } from './script.ts'

/** A run whose history is kept: the whole of it, or of its first run where it continued as new. */
export interface Run {
  workflowId: string
  runId?: string
}

type Road = (world: ScriptWorld, name: string) => Promise<Run>

/** The roads of the corpus: for each kind the main ones, told as the definitions' own tests tell them, and what only the driver does. */
export const roads: Record<string, Road> = {
  'order-active': told('adsl-order', 'order', 'a paid order is installed and becomes an active service'),
  'order-rejected': told('adsl-order', 'order', 'a debtor is rejected at once'),
  'order-expired': told('adsl-order', 'order', 'an unpaid proforma expires and is voided'),
  'order-refunded': told('adsl-order', 'order', 'cancelling during the installation stops it and gives the money back'),
  'order-paid-twice': told(
    'adsl-order',
    'order',
    'a payment that meets the charge of the credit waits for it, and is noticed as one too many',
  ),
  'installation-done': told('adsl-installation', 'installation', 'a line is ranged, visited and gets its account'),
  'installation-undone': told(
    'adsl-installation',
    'installation',
    'cancelled from above after the ranging: the line is collected, then the port given back',
  ),
  'renewal-late': told('prepaid-renewal', 'renewal', 'paid in the grace is enabled again'),
  'collection-collected': told(
    'debt-collection',
    'collection',
    'never paid is collected, and closed only when the telephone company says so',
  ),
  'ticket-solved': told('fault-ticket', 'ticket', 'a line fault is repaired and confirmed'),
  'process-approved': told('leave-request', 'process', 'a long leave needs the personnel office too'),
  'payment-booked': payment(true),
  'payment-expired': payment(false),
  'renewal-sweep': async (world, name) => {
    const workflowId = `replay-${name}`
    const options = { workflowId, taskQueue: taskQueue(world.prefix, 'engine'), args: [{ queuePrefix: world.prefix }] }
    await (await world.client.workflow.start('renewalSweep', options)).result()
    return { workflowId }
  },

  'incident-retried': async (world, name) => {
    const order = await world.start(
      definitionOf('replay-incident', 'work', {
        work: state({
          invoke: [{ id: 'call', activity: 'oss.checkFeasibility', compensate: 'none', onDone: [{ target: '#end' }] }],
        }),
        end: end('done'),
      }),
      {},
      { orderId: `replay-${name}` },
    )
    await world.take(order, { fail: 'call', expect: { incident: true } })
    const [incident] = (await world.rowOf(order)).instance?.incidents ?? []
    await order.repair({ command: 'retry', incident: incident?.id ?? '', actor: clerk() })
    await world.take(order, { complete: 'call', expect: { outcome: 'done' } })
    return order.handle
  },

  'continued-first': async (world, name) => {
    const order = await world.start(chain, {}, { orderId: `replay-${name}` })
    for (const event of ['NEXT', 'NEXT', 'NEXT']) await order.fire(event, clerk())
    const { runId } = await order.handle.describe()
    await order.handle.signal(names.recycle)
    await eventually(async () => (await order.handle.describe()).runId !== runId, 'the next run')
    return { workflowId: order.handle.workflowId, runId }
  },

  'continued-last': async (world, name) => {
    const order = await world.start(chain, {}, { orderId: `replay-${name}` })
    await order.fire('NEXT', clerk(), null, 'before')
    const { runId } = await order.handle.describe()
    await order.handle.signal(names.recycle)
    await eventually(async () => (await order.handle.describe()).runId !== runId, 'the next run')
    await order.fire('NEXT', clerk(), null, 'before') // known from the run before
    await order.fire('FINISH', clerk())
    return order.handle
  },

  'cancelled-from-above': async (world, name) => {
    const order = await world.start(chain, {}, { orderId: `replay-${name}` })
    await order.fire('NEXT', clerk())
    await order.handle.cancel()
    await order.handle.result()
    return order.handle
  },
}

const chain = definitionOf('replay-chain', 'a', {
  a: state({ on: { NEXT: go('b') }, after: [{ id: 'soon', delay: 'P1D', then: [{ target: '#end' }] }] }),
  b: state({ on: { NEXT: go('a'), FINISH: go('end') } }),
  end: end('done'),
})

function told(id: string, kind: Kind, title: string): Road {
  return (world, name) => {
    const text = readFileSync(new URL(`../../definitions/seeds/${id}.json`, import.meta.url), 'utf8')
    const definition = JSON.parse(text) as Definition
    const test = definition.tests?.find((t) => t.name === title)
    if (test === undefined) throw new Error(`${id} has no test "${title}"`)
    return world.tell(definition, test, kind, `replay-${name}`)
  }
}

function payment(paid: boolean): Road {
  return async (world, name) => {
    const workflowId = `replay-${name}`
    const handle = await world.client.workflow.start('payment', {
      workflowId,
      taskQueue: taskQueue(world.prefix, 'engine'),
      args: [{ attemptId: paid ? 'paid' : 'unpaid', queuePrefix: world.prefix }],
    })
    if (paid) await handle.signal(names.callback, { Status: 'OK' })
    else await world.sleep('PT1H')
    await handle.result()
    return { workflowId }
  }
}
