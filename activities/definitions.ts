import { audit } from '../db/audit.ts'
import type { Db } from '../db/client.ts'
import { endRollout, figuresOf, runningRollouts } from '../db/rollouts.ts'
import { judgeRollout } from '../domain/rollout.ts'
import { failing } from './failure.ts'

/** Who did it, in the audit log, when no person did. */
const itself = 'samfony'

/** What the company's definitions need done while nobody looks. */
export function createDefinitionActivities({ db, now }: { db: Db; now: () => number }) {
  return failing({
    /** Takes back each running roll-out whose version is worse than the old one; a repeated look changes nothing. */
    async 'definitions.judgeRollouts'(): Promise<{ returned: string[] }> {
      const returned: string[] = []
      for (const { id, definitionId, version, baseVersion, limits, ...rest } of await runningRollouts(db)) {
        const at = new Date(now()).toISOString()
        const figures = await figuresOf(db, { id, definitionId, version, baseVersion, limits, ...rest }, at)
        const reasons = judgeRollout(figures, limits)
        if (reasons.length === 0) continue
        await db.transaction(async (tx) => {
          await endRollout(tx, { definitionId, id, status: 'returned', by: itself, at, reasons })
          await audit(tx, {
            at,
            actor: itself,
            action: 'definition.rollout.return',
            entity: 'definition',
            entityId: definitionId,
            detail: { rollout: id, version, to: baseVersion, reasons: reasons.map(({ en, fa }) => ({ en, fa })) },
          })
        })
        returned.push(id)
      }
      return { returned }
    },
  })
}
