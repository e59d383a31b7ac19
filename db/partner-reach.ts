import { sql } from 'drizzle-orm'
import type { Queryable } from './client.ts'
import type { Partner } from './partners.ts'
import { type ActorScope, reachOf } from './scope.ts'

/** The partners that an actor may know of: all, or those in his reach and the ones above them, whose names stand on his papers. */
export function partnersInReach(actor: ActorScope, all: readonly Partner[]): Partner[] {
  const { all: everything, partners, subtrees } = reachOf(actor)
  if (everything) return [...all]
  const own = all.filter(({ id, path }) => partners.includes(id) || subtrees.some((top) => isWithin(path, top)))
  return all.filter(({ path }) => own.some((mine) => isWithin(mine.path, path)))
}

const isWithin = (path: string, top: string) => path === top || path.startsWith(`${top}.`)

/** Whether the actor of this transaction (`withActor`) reaches a partner as a whole, and so may act for him. */
export async function reachesPartner(tx: Queryable, partnerId: string): Promise<boolean> {
  const [row] = await tx.execute<{ reached: boolean }>(sql`
    select coalesce(actor_setting('all') = 'on', false) or ${partnerId} = any (actor_partners()) as reached`)
  return row?.reached === true
}
