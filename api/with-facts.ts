import type { FactRequest, FactSnapshots } from '../definitions/interpreter/instance.ts'
import type { Deps } from './deps.ts'

const maxRounds = 3

/** Asks again with the facts that an answer needs, until it needs none; where they cannot be had (`failed` is told), what depends on them stays unknown. */
export async function withFacts<Answer extends { needs: FactRequest[] }>(
  deps: Pick<Deps, 'facts'>,
  ask: (facts: FactSnapshots) => Answer,
  failed: (error: unknown) => void,
): Promise<Answer> {
  let facts: FactSnapshots = {}
  for (let round = 0; ; round++) {
    const answer = ask(facts)
    const known = facts
    const missing = answer.needs.filter(({ key }) => !Object.hasOwn(known, key))
    if (missing.length === 0 || round === maxRounds) return answer
    try {
      facts = { ...facts, ...(await deps.facts.load(missing)) }
    } catch (error) {
      failed(error)
      return answer
    }
  }
}
