import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { Elk } from '../definitions/layout.ts'

/** ELK's own worker file, spoken to from a thread of Node: it expects a browser's `onmessage`. */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const { Worker: Elk } = require(workerData)
const elk = new Elk()
elk.onmessage = ({ data }) => parentPort.postMessage(data)
parentPort.on('message', (data) => elk.postMessage(data))
`

/**
 * Places graphs in a thread of its own, since one drawing takes hundreds of milliseconds and the API must answer meanwhile. The
 * thread starts with the first graph, and ends by itself after a minute without one; it holds up no exit.
 */
export function createElkThread(): Elk & { close(): Promise<void> } {
  let thread: Promise<{ elk: Elk; worker: Worker }> | undefined
  let idle: ReturnType<typeof setTimeout> | undefined

  async function start() {
    const worker = new Worker(program, {
      eval: true,
      workerData: createRequire(import.meta.url).resolve('elkjs/lib/elk-worker.min.js'),
    })
    worker.unref()
    const { default: module } = await import('elkjs/lib/elk-api.js')
    const asBrowser = {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      postMessage: (data: unknown) => worker.postMessage(data),
      set onmessage(hear: (event: { data: unknown }) => void) {
        worker.on('message', (data: unknown) => hear({ data }))
      },
      terminate: () => void worker.terminate(),
    }
    worker.on('error', () => {
      thread = undefined
    })
    const ELK = module as unknown as typeof import('elkjs').default
    const elk = new ELK({ workerFactory: () => asBrowser })
    return { elk: elk as unknown as Elk, worker }
  }

  async function close(): Promise<void> {
    clearTimeout(idle)
    const running = await thread?.catch(() => undefined)
    thread = undefined
    await running?.worker.terminate()
  }

  return {
    async layout(graph) {
      clearTimeout(idle)
      thread ??= start()
      const { elk, worker } = await thread
      worker.ref()
      try {
        return await elk.layout(graph)
      } finally {
        worker.unref()
        idle = setTimeout(() => void close(), 60_000)
        idle.unref()
      }
    },
    close,
  }
}
