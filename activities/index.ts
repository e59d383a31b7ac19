import type { Db } from '../db/client.ts'
import type { OrderRuns } from '../definitions/migrate/order-runs.ts'
import type { AaaGateway } from '../gateways/aaa/port.ts'
import type { OssGateway } from '../gateways/oss/port.ts'
import type { PaymentGateway } from '../gateways/payment/port.ts'
import type { RuleSets } from '../rules/engine.ts'
import type { Pricing } from '../rules/pricing.ts'
import { createAaaActivities } from './aaa.ts'
import { createBillingActivities } from './billing.ts'
import { createDecisionActivities } from './decision.ts'
import { createDefinitionActivities } from './definitions.ts'
import { createFactActivities, type FactSources } from './facts.ts'
import { createOrderMigrationActivities } from './order-migration.ts'
import { createOssActivities } from './oss.ts'
import { createPaymentActivities } from './payment.ts'
import { createPurgeActivities } from './purge.ts'
import { createSubscriptionActivities } from './subscription.ts'
import { createTransitionActivities } from './transition.ts'

/** What activities lean on; made once in wiring.ts. */
export interface ActivityDeps {
  db: Db
  aaa: AaaGateway
  oss: OssGateway
  payments: Record<string, PaymentGateway>
  sources: FactSources
  runs: OrderRuns
  rules: RuleSets
  pricing: Pricing
  engineVersion: number
  queuePrefix: string
  now: () => number
}

export type Activities = ReturnType<typeof createActivities>

/** Every activity by its name in Temporal; those with a dot are the calls that definitions name. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createTransitionActivities(deps),
    ...createFactActivities(deps),
    ...createAaaActivities(deps),
    ...createOrderMigrationActivities(deps),
    ...createOssActivities(deps),
    ...createBillingActivities(deps),
    ...createPaymentActivities(deps),
    ...createSubscriptionActivities(deps),
    ...createDecisionActivities(deps),
    ...createDefinitionActivities(deps),
    ...createPurgeActivities(deps),
  }
}
