import ELK from 'elkjs/lib/elk-api.js'
// ELK's own worker as a file of its own: it is large, and is loaded when a drawing is first laid out.
import workerUrl from 'elkjs/lib/elk-worker.min.js?url'
import type { Elk } from './lay-out.ts'

/** ELK in a thread of the browser. */
export function createElk(): Elk & { close(): void } {
  const elk = new ELK({ workerFactory: () => new Worker(workerUrl) })
  return { layout: (graph) => elk.layout(graph), close: () => elk.terminateWorker() }
}
