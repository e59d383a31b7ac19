import { Engine, type RuleProperties } from 'json-rules-engine'
import type { JsonObject } from '../domain/json.ts'

/** A named list of rules in json-rules-engine's own JSON. The first matching rule by priority decides; none: `otherwise`. */
export interface RuleSet {
  id: string
  label: { fa: string; en: string }
  otherwise: string
  rules: (RuleProperties & {
    name: string
    event: { type: string; params?: { reason?: { fa: string; en: string } } }
  })[]
}

export interface Decision {
  decision: string
  reasons: { rule: string; matched: boolean; reason: { fa: string; en: string } | null }[]
}

export interface RuleSets {
  decide(set: string, facts: JsonObject): Promise<Decision | null>
}

/**
 * Evaluates stored rule sets on given facts. Facts that a rule names and nobody gave count as undefined. Paths are dotted
 * names only: json-rules-engine would hand them to an evaluator of scripts. `null` when there is no such set.
 */
export function createRules(sets: Record<string, RuleSet>): RuleSets {
  return {
    async decide(id, facts) {
      const set = Object.hasOwn(sets, id) ? sets[id] : undefined
      if (set === undefined) return null
      const engine = new Engine(set.rules, { allowUndefinedFacts: true, pathResolver })
      const { results, failureResults } = await engine.run(facts)
      const said = [...results, ...failureResults].map((result) => ({
        rule: result.name,
        matched: result.result === true,
        priority: result.priority ?? 1,
        type: result.event?.type ?? '',
        reason: (result.event?.params?.['reason'] as { fa: string; en: string } | undefined) ?? null,
      }))
      const winner = said.filter(({ matched }) => matched).sort((a, b) => b.priority - a.priority)[0]
      return {
        decision: winner?.type ?? set.otherwise,
        reasons: said.map(({ rule, matched, reason }) => ({ rule, matched, reason: matched ? reason : null })),
      }
    },
  }
}

function pathResolver(value: unknown, path: string): unknown {
  return path
    .replace(/^\$\.?/, '')
    .split('.')
    .filter((key) => key !== '')
    .reduce<unknown>(
      (at, key) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, key)
          ? (at as Record<string, unknown>)[key]
          : undefined,
      value,
    )
}
