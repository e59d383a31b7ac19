import { fileURLToPath } from 'node:url'
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client'
import { NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { type Config, loadConfig, temporalConnection } from './config.ts'
import { startRelay } from './relay/relay.ts'
import { startStatistics } from './relay/statistics.ts'
import { createWiring } from './wiring.ts'
import { queues, taskQueue } from './workflows/messages.ts'

/** Slow systems get few slots, so that their queue grows and nobody else's; the engine has enough for a burst of operators. */
const slots = { engine: 200, aaa: 20, oss: 20, payment: 40, billing: 40 }

/** Runs the workflows, the activities of every queue and the relay in this process. `close` finishes what is under way, 10 s at most. */
export async function startWorker(
  config: Config,
  options: { workflowBundle?: string } = {},
): Promise<{ close: () => Promise<void> }> {
  const wiring = await createWiring(config)
  const connection = await NativeConnection.connect(temporalConnection(config.temporal))
  const { taskQueuePrefix, namespace } = config.temporal
  const workflows =
    options.workflowBundle === undefined
      ? {
          workflowsPath: fileURLToPath(
            new URL(`./workflows/index.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url),
          ),
        }
      : { workflowBundle: { codePath: options.workflowBundle } }
  const workers = await Promise.all(
    queues.map((queue) =>
      Worker.create({
        connection,
        namespace,
        taskQueue: taskQueue(taskQueuePrefix, queue),
        activities: wiring.activities,
        maxConcurrentActivityTaskExecutions: slots[queue],
        shutdownGraceTime: '8s',
        stickyQueueScheduleToStartTimeout: '3s',
        ...(queue === 'engine'
          ? {
              ...workflows,
              maxCachedWorkflows: config.worker.maxCachedWorkflows,
              maxConcurrentWorkflowTaskExecutions: slots.engine,
              maxConcurrentLocalActivityExecutions: slots.engine,
            }
          : {}),
      }),
    ),
  )
  const running = Promise.all(workers.map((worker) => worker.run()))
  const relay = startRelay({ db: wiring.db, carriers: wiring.carriers, logger: wiring.logger })
  const statistics = startStatistics({ db: wiring.db, logger: wiring.logger })
  await ensureSchedules(wiring.client, taskQueuePrefix)

  return {
    async close() {
      await relay.stop()
      await statistics.stop()
      for (const worker of workers) worker.shutdown()
      await running
      await connection.close()
      await wiring.close()
    },
  }
}

/** Renewals and collections are looked for every five minutes, roll-outs every minute, what is past is forgotten every hour; a missed or repeated look changes nothing. */
async function ensureSchedules(
  client: Awaited<ReturnType<typeof createWiring>>['client'],
  prefix: string,
): Promise<void> {
  for (const [workflowType, every] of [
    ['renewalSweep', '5m'],
    ['collectionSweep', '5m'],
    ['definitionSweep', '1m'],
    ['purgeSweep', '1h'],
  ] as const) {
    try {
      await client.schedule.create({
        scheduleId: `${prefix}-${workflowType}`,
        spec: { intervals: [{ every }], jitter: '20s' },
        action: {
          type: 'startWorkflow',
          workflowType,
          args: [{ queuePrefix: prefix }],
          taskQueue: taskQueue(prefix, 'engine'),
        },
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1h' },
      })
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const config = loadConfig()
  const { workflowBundle, metricsAddress } = config.worker
  Runtime.install({
    shutdownSignals: [], // the SDK's own handler would stop the workers and leave the relay running
    ...(metricsAddress === undefined
      ? {}
      : { telemetryOptions: { metrics: { prometheus: { bindAddress: metricsAddress } } } }),
  })
  const worker = startWorker(config, workflowBundle === undefined ? {} : { workflowBundle })
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void worker.then((running) => running.close()))
}
