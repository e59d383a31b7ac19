import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'react-router'

/** Filters that live in the address, so that a link shows a colleague the same: the present ones, and a change to some of them. */
export function useUrlFilters<K extends string>(names: readonly K[]) {
  const [params, setParams] = useSearchParams()
  const text = names.map((name) => params.get(name) ?? '').join('\n')
  const filters = useMemo(() => {
    const values = text.split('\n')
    return Object.fromEntries(names.flatMap((name, i) => (values[i] ? [[name, values[i]]] : []))) as {
      [N in K]?: string
    }
  }, [text, names])
  const change = useCallback(
    (wish: { [N in K]?: string | null }) =>
      setParams((old) => {
        const next = new URLSearchParams(old)
        for (const [name, value] of Object.entries(wish) as [string, string | null | undefined][]) {
          if (value === null || value === undefined || value === '') next.delete(name)
          else next.set(name, value)
        }
        return next
      }),
    [setParams],
  )
  return [filters, change] as const
}
