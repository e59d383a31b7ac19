import type { CheckCatalogues, Finding } from '../../../../definitions/check/finding.ts'
import type { DefinitionDiff } from '../../../../definitions/diff/diff.ts'
import type { Definition } from '../../../../definitions/format.ts'
import type { CheckerQuestion } from './checker.worker.ts'

type Wish = CheckerQuestion extends infer Q ? (Q extends CheckerQuestion ? Omit<Q, 'id'> : never) : never

export interface Checker {
  /** Everything that is wrong with a text. Rejects only where the thread itself breaks. */
  check(text: string, catalogues: CheckCatalogues): Promise<Finding[]>
  /** Two definitions compared; rejects where one of them does not compile. */
  diff(from: Definition, to: Definition, catalogues: CheckCatalogues): Promise<DefinitionDiff>
  close(): void
}

/** The checks in a thread of the browser; answers come in the order of the questions. */
export function createChecker(): Checker {
  const worker = new Worker(new URL('./checker.worker.ts', import.meta.url), { type: 'module' })
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (fault: Error) => void }>()
  let last = 0
  worker.addEventListener('message', ({ data }: MessageEvent<{ id: number; answer?: unknown; fault?: string }>) => {
    const asker = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.fault === undefined) asker?.resolve(data.answer)
    else asker?.reject(new Error(data.fault))
  })
  worker.addEventListener('error', () => {
    for (const { reject } of waiting.values()) reject(new Error('the checks could not be loaded'))
    waiting.clear()
  })
  const ask = (wish: Wish) =>
    new Promise<unknown>((resolve, reject) => {
      last++
      waiting.set(last, { resolve, reject })
      worker.postMessage({ ...wish, id: last })
    })
  return {
    check: (text, catalogues) => ask({ ask: 'check', text, catalogues }) as Promise<Finding[]>,
    diff: (from, to, catalogues) => ask({ ask: 'diff', from, to, catalogues }) as Promise<DefinitionDiff>,
    close: () => worker.terminate(),
  }
}
