import { useState } from 'react'
import type { Pages } from './entity-table.tsx'

/** Walks a list by cursors: the way back is remembered, and another filter (`key`) begins anew. */
export function usePages(key: string) {
  const [walk, setWalk] = useState<{ key: string; cursors: string[] }>({ key, cursors: [] })
  const cursors = walk.key === key ? walk.cursors : []
  const cursor = cursors.at(-1)
  const pagesOf = (next: string | null | undefined): Pages => ({
    at: cursors.length,
    back: cursors.length === 0 ? null : () => setWalk({ key, cursors: cursors.slice(0, -1) }),
    next: next == null ? null : () => setWalk({ key, cursors: [...cursors, next] }),
  })
  return { cursor, pagesOf }
}
