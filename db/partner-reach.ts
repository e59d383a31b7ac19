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
