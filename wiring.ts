import { readFileSync } from 'node:fs'
import { Client, Connection } from '@temporalio/client'
import { type Logger, pino } from 'pino'
import { loadFacts } from './activities/facts.ts'
import { createForeignFacts } from './activities/foreign-facts.ts'
import { createActivities } from './activities/index.ts'
import { createOwnFacts } from './activities/own-facts.ts'
import { type Config, temporalConnection } from './config.ts'
import { createDb } from './db/client.ts'
import { createAaa } from './gateways/aaa/index.ts'
import { createChannel } from './gateways/channel/index.ts'
import { createOss } from './gateways/oss/index.ts'
import { createPaymentGateway } from './gateways/payment/index.ts'
import type { PaymentGateway } from './gateways/payment/port.ts'
import { createLoginCode } from './relay/login-code.ts'
import { createMessage } from './relay/message.ts'
import { createOrderRuns } from './relay/order-runs.ts'
import type { Carriers } from './relay/relay.ts'
import { createSignals } from './relay/signals.ts'
import { createStart } from './relay/start.ts'
import { createRules, type RuleSet } from './rules/engine.ts'
import { createPricing } from './rules/pricing.ts'
import { readTemplates } from './templates/files.ts'
import { createRenderer } from './templates/renderer.ts'
import { engineVersion } from './workflows/messages.ts'

export type Wiring = Awaited<ReturnType<typeof createWiring>>

/** Builds every concrete thing from the settings, once for a process, and knows how to close it. */
export async function createWiring(config: Config, logger: Logger = createLogger(config)) {
  const connection = await Connection.connect(temporalConnection(config.temporal))
  const client = new Client({ connection, namespace: config.temporal.namespace })
  const db = createDb(config.databaseUrl, { max: config.databasePool })
  const aaa = createAaa(config.aaa)
  const oss = createOss(config.oss)
  const payments: Record<string, PaymentGateway> = Object.fromEntries(
    config.payments.map((settings) => [settings.gateway, createPaymentGateway(settings)]),
  )
  const sources = { own: createOwnFacts({ db, oss }), foreign: createForeignFacts({ db }) }
  const rules = createRules({ sale: ruleSet('sale') })
  const pricing = createPricing({ rateMaxAgeHours })
  const queuePrefix = config.temporal.taskQueuePrefix
  const files = readTemplates()
  const renderer = createRenderer()
  const sms = createChannel(config.sms)
  const now = Date.now

  const runs = createOrderRuns({ client })

  const activities = createActivities({
    db,
    aaa,
    oss,
    payments,
    sources,
    runs,
    rules,
    pricing,
    engineVersion,
    queuePrefix,
    now,
  })
  const carriers: Carriers = {
    ...createSignals({ db, client, queuePrefix }),
    start: createStart({ db, client, queuePrefix, now }),
    message: createMessage({ db, sms, email: createChannel(config.email), files, renderer, now }),
    loginCode: createLoginCode({ db, sms, files, renderer, secret: config.sessionSecret, now }),
  }
  const facts = {
    async load(requests: Parameters<typeof loadFacts>[1]) {
      const values = await loadFacts(sources, requests)
      return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, atMs: now() }]))
    },
  }

  return {
    config,
    logger,
    db,
    client,
    payments,
    pricing,
    aaa,
    oss,
    facts,
    activities,
    carriers,
    files,
    renderer,
    async close() {
      await renderer.close()
      await sources.foreign.close()
      await connection.close()
      await db.close()
    },
  }
}

/** One JSON line for each event; secrets and personal data are named here once and never written. */
export function createLogger(config: Pick<Config, 'logLevel'>): Logger {
  return pino({
    level: config.logLevel,
    redact: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.nationalId'],
  })
}

/** A price in foreign money is refused when the last rate is older. */
const rateMaxAgeHours = 48

function ruleSet(id: string): RuleSet {
  return JSON.parse(readFileSync(new URL(`./rules/sets/${id}.json`, import.meta.url), 'utf8')) as RuleSet
}
