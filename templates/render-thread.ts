import { parentPort } from 'node:worker_threads'
import { DomainError } from '../domain/errors.ts'
import { type Rendering, render } from './render.ts'
import type { Rendered } from './renderer.ts'

/** The thread of `createRenderer`: says `ready` once, then answers each text in the order in which they come. */
parentPort?.on('message', (input: Rendering) => parentPort?.postMessage(answerOf(input)))
parentPort?.postMessage('ready')

function answerOf(input: Rendering): Rendered {
  try {
    return { text: render(input) }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { code, text, place } = error
    return { fault: { code, text, ...(place !== undefined && { place }) } }
  }
}
