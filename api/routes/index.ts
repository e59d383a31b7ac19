import { createDefinitionStore } from '../definition-store.ts'
import type { Deps } from '../deps.ts'
import type { Drawings } from '../drawings.ts'
import { createEngine } from '../engine.ts'
import { createTableSender } from '../export/table.ts'
import type { LoginGuard } from '../login-guard.ts'
import type { Metrics } from '../metrics.ts'
import type { OrderFeed } from '../order-feed.ts'
import type { Route } from '../route.ts'
import { apiKeyRoutes } from './api-keys.ts'
import { auditRoutes } from './audit.ts'
import { callbackRoutes } from './callbacks.ts'
import { catalogueRoutes } from './catalogue.ts'
import { customerRoutes } from './customers.ts'
import { definitionDiffRoutes } from './definition-diff.ts'
import { definitionExchangeRoutes } from './definition-exchange.ts'
import { definitionRoutes } from './definitions.ts'
import { documentRoutes } from './documents.ts'
import { drawingRoutes } from './drawings.ts'
import { eventRoutes } from './events.ts'
import { explanationRoutes } from './explanation.ts'
import { exportRoutes } from './exports.ts'
import { incidentRoutes } from './incidents.ts'
import { invoiceRoutes } from './invoices.ts'
import { ledgerRoutes } from './ledger.ts'
import { lifeCycleRoutes } from './life-cycle.ts'
import { mapRoutes } from './map.ts'
import { notificationRoutes } from './notifications.ts'
import { orderMigrationRoutes } from './order-migrations.ts'
import { orderNoteRoutes } from './order-notes.ts'
import { orderRoutes } from './orders.ts'
import { paymentRoutes } from './payments.ts'
import { placeRoutes } from './places.ts'
import { quoteRoutes } from './quotes.ts'
import { ruleRoutes } from './rules.ts'
import { savedFilterRoutes } from './saved-filters.ts'
import { sessionRoutes } from './session.ts'
import { statisticsRoutes } from './statistics.ts'
import { systemRoutes } from './system.ts'
import { transitionRoutes } from './transitions.ts'
import { userRoutes } from './users.ts'
import { walletRoutes } from './wallets.ts'
import { workRoutes } from './work.ts'

interface RoutesInput {
  drawings: Drawings
  deps: Deps
  feed: OrderFeed
  metrics: Metrics
  guard: LoginGuard
}

/** The whole table of routes. A route that is not here does not exist. */
export function createRoutes({ deps, feed, metrics, guard, drawings }: RoutesInput): Route[] {
  const store = createDefinitionStore()
  const engine = createEngine(deps)
  const sendTable = createTableSender()
  return [
    // Before the lists' `/:id`, which would take `export` for an id.
    ...exportRoutes(store, sendTable),
    ...apiKeyRoutes,
    ...auditRoutes,
    ...callbackRoutes,
    ...catalogueRoutes,
    ...customerRoutes,
    ...definitionDiffRoutes,
    ...definitionExchangeRoutes(),
    ...definitionRoutes,
    ...documentRoutes,
    ...drawingRoutes(store, drawings),
    ...eventRoutes(feed),
    ...explanationRoutes(store),
    ...incidentRoutes(store, engine),
    ...invoiceRoutes,
    ...ledgerRoutes,
    ...lifeCycleRoutes,
    ...mapRoutes(store),
    ...notificationRoutes,
    ...orderNoteRoutes(store),
    ...orderMigrationRoutes,
    ...orderRoutes(store),
    ...paymentRoutes,
    ...placeRoutes,
    ...quoteRoutes,
    ...ruleRoutes,
    ...savedFilterRoutes,
    ...sessionRoutes(guard),
    ...statisticsRoutes(store, sendTable),
    ...systemRoutes(engine, metrics),
    ...transitionRoutes(store, engine),
    ...userRoutes,
    ...workRoutes(store),
    ...walletRoutes,
  ]
}
