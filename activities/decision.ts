import { DomainError } from '../domain/errors.ts'
import type { JsonObject } from '../domain/json.ts'
import type { RuleSets } from '../rules/engine.ts'
import { type Call, textOf } from './call.ts'
import { failing } from './failure.ts'

/** Business rules decide outside the workflow; the decision with its reasons is in the history and the order's path. */
export function createDecisionActivities({ rules }: { rules: RuleSets }) {
  return failing({
    async 'rules.decide'(call: Call): Promise<JsonObject> {
      const set = textOf(call, 'set')
      const facts = (call.input as JsonObject)['facts']
      const decision = await rules.decide(
        set,
        typeof facts === 'object' && facts !== null && !Array.isArray(facts) ? facts : {},
      )
      if (decision === null)
        throw new DomainError('UnknownRuleSet', { en: `no rule set ${set}`, fa: `مجموعه قواعد ${set} نیست` }, 'set')
      return { decision: decision.decision, reasons: decision.reasons.map((reason) => ({ ...reason })) }
    },
  })
}
