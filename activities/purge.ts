import type { Db } from '../db/client.ts'
import { purgeExpired } from '../db/purge.ts'

/** The house-keeping of the database, called by its sweep. */
export function createPurgeActivities({ db, now }: { db: Db; now: () => number }) {
  return {
    purge: async ({ limit }: { limit: number }): Promise<{ gone: number }> => ({
      gone: await purgeExpired(db, { now: new Date(now()).toISOString(), limit }),
    }),
  }
}
