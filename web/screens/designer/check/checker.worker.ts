import type { CheckCatalogues } from '../../../../definitions/check/finding.ts'
import { check } from '../../../../definitions/check/index.ts'
import { diffDefinitions } from '../../../../definitions/diff/diff.ts'
import type { Definition } from '../../../../definitions/format.ts'

/** What the page asks of the thread; `id` comes back with the answer. */
export type CheckerQuestion =
  | { id: number; ask: 'check'; text: string; catalogues: CheckCatalogues }
  | { id: number; ask: 'diff'; from: Definition; to: Definition; catalogues: CheckCatalogues }

// The very checks of the API, in a thread of their own, so that typing is never held up.
self.addEventListener('message', ({ data }: MessageEvent<CheckerQuestion>) => {
  try {
    const answer =
      data.ask === 'check' ? check(data.text, data.catalogues) : diffDefinitions(data.from, data.to, data.catalogues)
    self.postMessage({ id: data.id, answer })
  } catch (fault) {
    self.postMessage({ id: data.id, fault: fault instanceof Error ? fault.message : String(fault) })
  }
})
