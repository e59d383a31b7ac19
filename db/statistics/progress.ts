import type { Queryable } from '../client.ts'
import { statisticsProgress } from '../schema/statistics.ts'

/** Up to which instant the log is counted; null before the first time. */
export async function countedTo(db: Queryable): Promise<string | null> {
  const [progress] = await db.select({ at: statisticsProgress.countedTo }).from(statisticsProgress)
  return progress === undefined ? null : new Date(progress.at).toISOString()
}
