import type { Session } from 'better-sse'
import { type OrderChange, onOrderChange } from '../db/notifications.ts'
import { rolesCovering } from '../db/scope.ts'
import type { Person } from '../db/users.ts'
import type { Deps } from './deps.ts'
import { Problem } from './problem.ts'

const feedLimits = { perUser: 10, all: 2_000 }

/** One live screen. */
export interface Watcher {
  session: Session
  person: Person
  end: () => void
}

/**
 * Passes each committed transition on to the live screens whose users may know of it. One connection listens for all of
 * them; after a loss of it, and to whoever comes back after one, `resync` is told: read the lists again. A user has ten
 * screens at most, the process two thousand.
 */
export function createOrderFeed({ db, logger }: Pick<Deps, 'db' | 'logger'>, limits = feedLimits) {
  const watchers = new Set<Watcher>()
  let listening: Promise<() => Promise<void>> | undefined

  function tell(change: OrderChange): void {
    const { orderId, seq, kind, definitionId, from, states, status, outcome } = change
    for (const { session, person } of watchers) {
      if (!session.isConnected || rolesCovering(person, change).length === 0) continue
      session.push({ orderId, seq, kind, definitionId, from, states, status, outcome }, 'order', `${orderId}:${seq}`)
    }
  }

  function resync(): void {
    for (const { session } of watchers) if (session.isConnected) session.push({}, 'resync')
  }

  return {
    /** Throws Problem 429 `TooManyScreens` where one more screen would be too many; call it before the stream is opened. */
    refuseTooMany(person: Person): void {
      const his = [...watchers].filter((watcher) => watcher.person.id === person.id).length
      if (his < limits.perUser && watchers.size < limits.all) return
      throw new Problem(
        429,
        'TooManyScreens',
        { fa: 'صفحه‌های زندهٔ زیادی باز است؛ یکی را ببندید', en: 'Too many live screens are open; close one' },
        { retryAfterSeconds: 30 },
      )
    },
    /** Tells a screen what its user may know, until it is disconnected. */
    async watch(watcher: Watcher): Promise<void> {
      const { session } = watcher
      watchers.add(watcher)
      session.once('disconnected', () => watchers.delete(watcher))
      const cameBack = session.lastId !== ''
      listening ??= onOrderChange(db, tell, resync)
      await listening.catch((error: unknown) => {
        listening = undefined
        logger.error({ err: error }, 'cannot listen to order changes')
        watcher.end()
      })
      if (cameBack && session.isConnected) session.push({}, 'resync')
    },
    /** Ends all streams and stops listening. */
    async close(): Promise<void> {
      for (const { end } of watchers) end()
      watchers.clear()
      const stop = await listening?.catch(() => undefined)
      await stop?.()
    },
  }
}

export type OrderFeed = ReturnType<typeof createOrderFeed>
