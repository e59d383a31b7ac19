import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Memory {
  /** What `name` had when the file was written last, undefined on a first start. */
  recall(name: string): unknown
  /** From now on, `snapshot` is what is kept of `name`. */
  keep(name: string, snapshot: () => unknown): void
  /** Something changed: it will be on disk within a tenth of a second. */
  changed(): void
  close(): void
}

/** Keeps the state of all simulators in one JSON file, or nowhere without a path. */
export function createMemory(path?: string): Memory {
  const old = path === undefined ? {} : read(path)
  const snapshots = new Map<string, () => unknown>()
  let timer: NodeJS.Timeout | undefined

  function write(): void {
    clearTimeout(timer)
    timer = undefined
    if (path === undefined) return
    const state = Object.fromEntries(Array.from(snapshots, ([name, snapshot]) => [name, snapshot()]))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.new`, JSON.stringify(state))
    renameSync(`${path}.new`, path)
  }

  return {
    recall: (name) => old[name],
    keep(name, snapshot) {
      snapshots.set(name, snapshot)
    },
    changed() {
      if (path !== undefined) timer ??= setTimeout(write, 100)
    },
    close: write,
  }
}

function read(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}
