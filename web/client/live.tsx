import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'

/** A committed transition, as api/order-feed.ts tells it. */
export interface OrderChange {
  orderId: string
  seq: number
  definitionId: string
  from: string[]
  states: string[]
  status: string
}

interface Live {
  connected: boolean
  watch: (look: (change: OrderChange) => void) => () => void
}

/** Changes that come in a burst are read once: this long after the first of them. */
const gatherMs = 400

const Context = createContext<Live>({ connected: false, watch: () => () => undefined })

/** Whether changes arrive by themselves, and a way to look at each. */
export const useLive = () => useContext(Context)

/** One event stream for the whole tab. After each change the lists and the order concerned are read again; after a gap, all. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const [connected, setConnected] = useState(false)
  const lookers = useRef(new Set<(change: OrderChange) => void>())

  useEffect(() => {
    const source = new EventSource('/v1/events')
    const touched = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined

    const refresh = () => {
      timer = undefined
      const ids = new Set(touched)
      touched.clear()
      void queries.invalidateQueries({ predicate: ({ queryKey }) => concerns(queryKey, ids) })
    }
    source.addEventListener('open', () => setConnected(true))
    source.addEventListener('error', () => setConnected(false))
    source.addEventListener('resync', () => void queries.invalidateQueries())
    source.addEventListener('order', ({ data }: MessageEvent<string>) => {
      const change = JSON.parse(data) as OrderChange
      touched.add(change.orderId)
      for (const look of lookers.current) look(change)
      timer ??= setTimeout(refresh, gatherMs)
    })
    return () => {
      clearTimeout(timer)
      source.close()
    }
  }, [queries])

  const live = useMemo(
    () => ({
      connected,
      watch: (look: (change: OrderChange) => void) => {
        lookers.current.add(look)
        return () => lookers.current.delete(look)
      },
    }),
    [connected],
  )
  return <Context value={live}>{children}</Context>
}

const lists = [
  '/v1/map',
  '/v1/map/{definition}',
  '/v1/orders',
  '/v1/work',
  '/v1/incidents',
  '/v1/subscriptions',
  '/v1/invoices',
]

/** Whether a query's answer may differ after transitions of these orders. */
function concerns([, path, input]: readonly unknown[], ids: ReadonlySet<string>): boolean {
  if (typeof path !== 'string') return false
  if (lists.includes(path)) return true
  if (!path.startsWith('/v1/orders/{id}')) return false
  const id = (input as { params?: { path?: { id?: string } } } | undefined)?.params?.path?.id
  return id !== undefined && ids.has(id)
}
