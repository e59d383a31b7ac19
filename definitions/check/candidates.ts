import type { Definition, ErrorTransition } from '../format.ts'
import { statesOf, transitionsOf } from './walk.ts'

/** The candidates that one happening asks, in order: those of an event, of a timer, of one error of a call. */
export interface CandidateList {
  source: string
  trigger: string
  /** Of the answers to an error: which; `another error` stands for every one that is not named. */
  error?: string
  candidates: { path: string; transition: ErrorTransition }[]
}

/** Every list of candidates of a definition. */
export function candidateListsOf(definition: Definition): CandidateList[] {
  const lists = new Map<string, CandidateList>()
  for (const { source, trigger, path, transition } of transitionsOf(definition)) {
    const key = `${source} ${trigger}`
    const list = lists.get(key) ?? { source, trigger, candidates: [] }
    lists.set(key, list)
    list.candidates.push({ path, transition })
  }
  return [...lists.values()].flatMap((list) => {
    if (!list.trigger.startsWith('error:')) return [list]
    const named = new Set(list.candidates.flatMap(({ transition }) => transition.errors ?? []))
    return [...named, 'another error'].flatMap((error) => {
      const candidates = list.candidates.filter(({ transition }) => transition.errors?.includes(error) ?? true)
      return candidates.length === 0 ? [] : [{ ...list, error, candidates }]
    })
  })
}

/** A state and those around it, innermost first, without the root. */
export function around(definition: Definition, id: string) {
  const byId = new Map(statesOf(definition).map((placed) => [placed.id, placed]))
  const found = []
  for (let placed = byId.get(id); placed !== undefined; placed = placed.parent) found.push(placed)
  return found
}
