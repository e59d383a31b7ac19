import type { Db } from '../db/client.ts'
import { fail, finish, type LeasedEntry, takeDue } from '../db/outbox.ts'
import type { OutboxEntry } from '../domain/transition.ts'
import { createPause } from './pause.ts'

/** Carries out one kind of entry. It may be given the same entry again, so a second time must be harmless. */
export type Carrier<K extends OutboxEntry['kind'] = OutboxEntry['kind']> = (
  entry: Extract<OutboxEntry, { kind: K }>,
  leased: LeasedEntry,
) => Promise<void>

export type Carriers = { [K in OutboxEntry['kind']]: Carrier<K> }

export interface RelayDeps {
  db: Db
  carriers: Carriers
  logger: { warn(detail: object, event: string): void }
  /** How often to look when nobody called: delayed messages, and what a lost notification would have told. */
  pollMs?: number
}

const batch = 32

/**
 * Takes what transactions left in the outbox and carries it out: starts workflows, signals them, sends messages. Any
 * number of relays may run. What fails stays and is tried again with growing pauses; nothing is dropped.
 */
export function startRelay({ db, carriers, logger, pollMs = 1000 }: RelayDeps): { stop: () => Promise<void> } {
  let stopping = false
  const pause = createPause()
  let called = false
  const call = () => {
    called = true
    pause.cutShort()
  }

  async function carry(leased: LeasedEntry): Promise<void> {
    const { entry } = leased
    try {
      await (carriers[entry.kind] as Carrier)(entry, leased)
      await finish(db, [leased.id])
    } catch (error) {
      logger.warn(
        { key: entry.key, kind: entry.kind, attempts: leased.attempts, error: String(error) },
        'outbox entry failed',
      )
      await fail(db, leased.id, String(error))
    }
  }

  async function run(): Promise<void> {
    while (!stopping) {
      called = false
      const due = await takeDue(db, { limit: batch }).catch((error: unknown) => {
        logger.warn({ error: String(error) }, 'outbox out of reach')
        return []
      })
      await Promise.all(
        due.map((leased) =>
          carry(leased).catch((error: unknown) => logger.warn({ error: String(error) }, 'outbox out of reach')),
        ),
      )
      if (due.length === batch || called || stopping) continue
      await pause.wait(pollMs)
    }
  }

  const listening = db.$client.listen('outbox', call, call).catch((error: unknown) => {
    logger.warn({ error: String(error) }, 'cannot listen to the outbox')
    return undefined
  })
  const running = run()
  return {
    async stop() {
      stopping = true
      pause.cutShort()
      await running
      await (await listening)?.unlisten().catch(() => undefined)
    },
  }
}
