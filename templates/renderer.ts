import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { DomainError, type Text } from '../domain/errors.ts'
import type { Rendering } from './render.ts'

/** What the thread answers: the text, or the DomainError that it ended in. */
export type Rendered = { text: string } | { fault: { code: string; text: Text; place?: string } }

export interface Renderer {
  /** Ends as `render`, or in DomainError `TemplateTooSlow` beyond the time limit, or `RendererBusy`. */
  render(input: Rendering): Promise<string>
  close(): Promise<void>
}

const maxWaiting = 200
const maxMegabytes = 64

/**
 * Renders texts in a thread of its own, one after the other: an administrator's text may cost its time limit (1 s) and the
 * thread's memory, but never holds up whoever asked, and the next text gets a new thread (A12). The thread starts with the
 * first text and keeps no process alive.
 */
export function createRenderer({ limitMs = 1_000 }: { limitMs?: number } = {}): Renderer {
  let thread: Promise<Worker> | undefined
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0

  async function renderNow(input: Rendering): Promise<string> {
    thread ??= startThread()
    const worker = await thread.catch((error: unknown) => {
      thread = undefined
      throw error
    })
    const answer = await new Promise<Rendered>((resolve, reject) => {
      const end = (fault?: Error) => {
        clearTimeout(timer)
        for (const name of ['message', 'error', 'exit']) worker.removeAllListeners(name)
        if (fault === undefined) return
        thread = undefined
        worker.on('error', () => undefined)
        void worker.terminate()
        reject(fault)
      }
      const timer = setTimeout(() => end(tooSlow()), limitMs)
      worker.once('message', (rendered: Rendered) => {
        end()
        resolve(rendered)
      })
      worker.once('error', (error) => end(isOutOfMemory(error) ? tooLarge() : error))
      worker.once('exit', () => end(new Error('the thread that renders has ended')))
      worker.postMessage(input)
    })
    if ('text' in answer) return answer.text
    const { code, text, place } = answer.fault
    throw new DomainError(code, text, place)
  }

  return {
    async render(input) {
      if (waiting >= maxWaiting) throw busy()
      waiting += 1
      const mine = last.then(() => renderNow(input))
      last = mine.catch(() => undefined)
      return mine.finally(() => {
        waiting -= 1
      })
    },
    async close() {
      await last
      await (await thread?.catch(() => undefined))?.terminate()
      thread = undefined
    },
  }
}

async function startThread(): Promise<Worker> {
  const url = import.meta.url.replace(/renderer(\.[jt]s)$/, 'render-thread$1')
  const limits = { resourceLimits: { maxOldGenerationSizeMb: maxMegabytes } }
  const worker = url.endsWith('.js')
    ? new Worker(fileURLToPath(url), limits)
    : // A thread does not inherit the loader that this process may have for the sources.
      new Worker(`import('tsx/esm/api').then(({ tsImport }) => tsImport('${url}', '${url}'))`, {
        eval: true,
        ...limits,
      })
  worker.unref()
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.once('error', reject)
  })
  worker.removeAllListeners('error')
  return worker
}

const isOutOfMemory = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'

const tooSlow = () =>
  new DomainError('TemplateTooSlow', {
    en: 'the text takes too long to render',
    fa: 'ساختن متن پیام بیش از اندازه طول می‌کشد',
  })

const tooLarge = () =>
  new DomainError('TemplateTooLarge', { en: 'the text becomes too long', fa: 'متن پیام بیش از اندازه بلند می‌شود' })

const busy = () =>
  new DomainError('RendererBusy', {
    en: 'too many texts are being rendered; try again in a moment',
    fa: 'متن‌های زیادی در حال ساخته شدن است؛ کمی بعد دوباره بکوشید',
  })
