import { fileURLToPath } from 'node:url'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { createTransitionActivities } from '../activities/transition.ts'
import { createDb } from '../db/client.ts'
import type { Row } from './hand-written.ts'

// A process of its own for each side, so that the system counts its processor time apart.
// Arguments: side, address of Temporal, task queue, database, bundle of our workflows.
const [side = '', address = '', taskQueue = '', databaseUrl = '', codePath = ''] = process.argv.slice(2)
const pool = 20

Runtime.install({ logger: new DefaultLogger('ERROR') })
const db = createDb(databaseUrl, { max: pool })
const connection = await NativeConnection.connect({ address })
const ours = side === 'engine'
const worker = await Worker.create({
  connection,
  taskQueue,
  ...(ours
    ? { workflowBundle: { codePath } }
    : { workflowsPath: fileURLToPath(new URL('./hand-written.ts', import.meta.url)) }),
  activities: ours ? createTransitionActivities({ db }) : { insertRow },
  maxConcurrentWorkflowTaskExecutions: 200,
  maxConcurrentLocalActivityExecutions: 200,
  maxConcurrentActivityTaskExecutions: 200,
  maxCachedWorkflows: 1000,
})
process.on('message', () => worker.shutdown())
process.on('disconnect', () => process.exit(1)) // whoever measured us is gone
const running = worker.run()
process.send?.('ready')
await running
await connection.close()
await db.close()
process.exit(0)

async function insertRow({ orderId, seq, event, from, to, actorId, payload }: Row): Promise<void> {
  const sql = db.$client
  await sql`insert into bench_rows (order_id, seq, event, from_state, to_state, actor_id, payload)
    values (${orderId}, ${seq}, ${event}, ${from}, ${to}, ${actorId}, ${JSON.stringify(payload)}::text::jsonb)
    on conflict do nothing`
}
