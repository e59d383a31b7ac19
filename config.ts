import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type AaaConfig, aaaAdapters } from './gateways/aaa/index.ts'
import { channels, type EmailChannelConfig, type SmsConfig } from './gateways/channel/index.ts'
import { type OssConfig, ossAdapters } from './gateways/oss/index.ts'
import { type PaymentConfig, paymentGateways } from './gateways/payment/index.ts'

/** The environment is wrong; the message has one line for each fault, so that all can be mended at once. */
export class ConfigError extends Error {
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(`The environment is not right:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/**
 * The settings of worker and API, from the environment: this is the only place that reads it. A variable `X_FILE` gives the
 * content of a file as `X`, for secrets and for the longer settings. Throws ConfigError with every fault.
 */
export function loadConfig(env: Environment = process.env) {
  const values = parse(serverEnvironment, env)
  return freeze({
    databaseUrl: values.DATABASE_URL,
    databasePool: values.DATABASE_POOL,
    temporal: {
      address: values.TEMPORAL_ADDRESS,
      namespace: values.TEMPORAL_NAMESPACE,
      taskQueuePrefix: values.TEMPORAL_TASK_QUEUE_PREFIX,
      tls: temporalTls(values),
      apiKey: values.TEMPORAL_API_KEY,
    },
    worker: {
      maxCachedWorkflows: values.WORKER_CACHED_WORKFLOWS,
      metricsAddress: values.WORKER_METRICS_ADDRESS,
      workflowBundle: values.WORKFLOW_BUNDLE,
    },
    api: {
      host: values.API_HOST,
      port: values.API_PORT,
      publicUrl: values.PUBLIC_URL,
      proxies: values.API_PROXIES,
      metrics: values.API_METRICS_ADDRESS,
    },
    company: values.COMPANY,
    sessionSecret: values.SESSION_SECRET,
    logLevel: values.LOG_LEVEL,
    aaa: values.AAA,
    oss: values.OSS,
    payments: values.PAYMENTS,
    sms: values.SMS,
    email: values.EMAIL,
  })
}
export type Config = ReturnType<typeof loadConfig>

/** What `npm start`, the tests and the benches may be told; see `loadConfig` for a server in production. Throws ConfigError. */
export function loadDevSettings(env: Environment = process.env) {
  return freeze(parse(devEnvironment, env))
}
export type DevSettings = ReturnType<typeof loadDevSettings>

type Environment = Record<string, string | undefined>

const port = z.coerce.number().int().min(1).max(65_535)

const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' })
    return z.NEVER
  }
})

const bilingual = z.strictObject({ fa: z.string().min(1).max(200), en: z.string().min(1).max(200) })

/** A gateway's settings: a JSON object whose field `told` names the adapter, checked by that adapter's own schema. */
function gateway<C>(told: string, adapters: Record<string, { config: z.ZodType }>) {
  return z.looseObject({ [told]: z.string() }).transform((value, context): C => {
    const name = String(value[told])
    const adapter = Object.hasOwn(adapters, name) ? adapters[name] : undefined
    if (!adapter) {
      context.addIssue({ code: 'custom', path: [told], message: `must be one of ${Object.keys(adapters).join(', ')}` })
      return z.NEVER
    }
    for (const issue of adapter.config.safeParse(value).error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: issue.path, message: issue.message })
    }
    return value as C // the factory parses it again, and adds the defaults
  })
}

/** The channels whose name begins with their kind, which is how `gateways/channel` names them. */
function carriers(kind: 'sms' | 'email') {
  return Object.fromEntries(Object.entries(channels).filter(([name]) => name.startsWith(`${kind}-`)))
}

export const serverEnvironment = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .describe('PostgreSQL 15 or later, as postgres://user:password@host:port/database'),
  DATABASE_POOL: z.coerce
    .number()
    .int()
    .min(2)
    .max(200)
    .default(20)
    .describe('Connections to PostgreSQL from one process'),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^/]+:\d+$/, 'must be host:port')
    .describe('Temporal frontend, as host:port'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default').describe('Temporal namespace; it must exist'),
  TEMPORAL_TASK_QUEUE_PREFIX: z
    .string()
    .regex(/^[\w-]+$/)
    .default('samfony')
    .describe('Put before the names of the task queues, so that two installations can share a namespace'),
  TEMPORAL_TLS: z.stringbool().default(false).describe('Speak TLS to Temporal; the variables below turn it on as well'),
  TEMPORAL_TLS_CA: z.string().optional().describe('Certificate of the authority that signed the server (PEM)'),
  TEMPORAL_TLS_CERT: z.string().optional().describe('Our certificate for mutual TLS (PEM)'),
  TEMPORAL_TLS_KEY: z.string().optional().describe('Key of that certificate (PEM)'),
  TEMPORAL_API_KEY: z.string().min(1).optional().describe('Bearer token for the authorizer of the Temporal server'),
  WORKER_CACHED_WORKFLOWS: z.coerce
    .number()
    .int()
    .min(10)
    .default(500)
    .describe('Workflows kept in memory by one worker'),
  WORKER_METRICS_ADDRESS: z.string().optional().describe('Where the worker shows Prometheus metrics, as host:port'),
  WORKFLOW_BUNDLE: z
    .string()
    .optional()
    .describe(
      'File that `npm run build` makes of the workflows; without it a worker bundles the sources when it starts',
    ),
  API_HOST: z.string().default('127.0.0.1').describe('Interface that the API listens on'),
  API_PORT: port.default(8080).describe('Port that the API listens on'),
  API_METRICS_ADDRESS: z
    .string()
    .regex(/^[^/]+:\d{1,5}$/, 'must be host:port')
    .transform((address) => {
      const at = address.lastIndexOf(':')
      return { host: address.slice(0, at), port: Number(address.slice(at + 1)) }
    })
    .optional()
    .describe(
      'Where the API shows Prometheus metrics to whoever reaches it, as host:port; without it they are at /metrics of the API, for an administrator’s API key',
    ),
  API_PROXIES: z.coerce.number().int().min(0).max(5).default(0).describe('Trusted reverse proxies in front of the API'),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).describe('Address of the API as customers and banks see it'),
  COMPANY: json
    .pipe(z.strictObject({ name: bilingual, lines: z.array(bilingual).max(4).default([]) }))
    .default({ name: { fa: 'سمفونی', en: 'Samfony' }, lines: [] })
    .describe(
      'Who issues printed documents: a JSON object with `name` and up to four `lines` below it, each `{fa, en}`',
    ),
  SESSION_SECRET: z.string().min(32).describe('At least 32 random characters; changing it signs everybody out'),
  LOG_LEVEL: logLevel.default('info').describe('Least severe log line written'),
  AAA: json
    .pipe(gateway<AaaConfig>('adapter', aaaAdapters))
    .describe('The AAA: a JSON object with `adapter` and the settings of that adapter'),
  OSS: json
    .pipe(gateway<OssConfig>('adapter', ossAdapters))
    .describe('The OSS of the access network: a JSON object, as above'),
  PAYMENTS: json
    .pipe(z.array(gateway<PaymentConfig>('gateway', paymentGateways)).min(1))
    .describe('The payment gateways in the order in which they are offered: a JSON array of objects with `gateway`'),
  SMS: json
    .pipe(gateway<SmsConfig>('adapter', carriers('sms')))
    .describe('The SMS vendor: a JSON object with `adapter`'),
  EMAIL: json
    .pipe(gateway<EmailChannelConfig>('adapter', carriers('email')))
    .describe('The mail relay: a JSON object with `adapter`'),
})

export const devEnvironment = z.object({
  DATABASE_URL: serverEnvironment.shape.DATABASE_URL.optional().describe(
    'A PostgreSQL of your own instead of the embedded one',
  ),
  TEMPORAL_ADDRESS: serverEnvironment.shape.TEMPORAL_ADDRESS.optional().describe(
    'A Temporal of your own instead of a fetched one',
  ),
  SAMFONY_HOME: z
    .string()
    .min(1)
    .default('.samfony')
    .describe('Folder of the data, logs and fetched programs of npm start'),
  API_PORT: port.optional().describe('Port of the API'),
  POSTGRES_PORT: port.optional().describe('Port of the embedded PostgreSQL'),
  TEMPORAL_PORT: port.optional().describe('Port of the Temporal development server'),
  TEMPORAL_UI_PORT: port.optional().describe('Port of its web interface'),
  AAA_PORT: port.optional().describe('Port of the AAA simulator'),
  OSS_PORT: port.optional().describe('Port of the OSS simulator'),
  IPG_PORT: port.optional().describe('Port of the bank simulator'),
  SMS_PORT: port.optional().describe('Port of the SMS simulator'),
  SMTP_PORT: port.optional().describe('Port of the mail simulator'),
  SMTP_ADMIN_PORT: port.optional().describe('Port of the inbox of the mail simulator'),
  LOG_LEVEL: logLevel.default('warn').describe('Least severe log line shown in the terminal'),
  PATH: z.string().optional().describe('Where the programs `temporal` and `temporal-test-server` are looked for'),
})

/** Address, TLS and token in the shape that `Connection.connect` and `NativeConnection.connect` take. */
export function temporalConnection({ address, tls, apiKey }: Config['temporal']) {
  const pem = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text))
  const ca = pem(tls?.ca)
  const crt = pem(tls?.cert)
  const key = pem(tls?.key)
  return {
    address,
    ...(tls && {
      tls: { ...(ca && { serverRootCACertificate: ca }), ...(crt && key && { clientCertPair: { crt, key } }) },
    }),
    ...(apiKey !== undefined && { apiKey }),
  }
}

function temporalTls(values: z.output<typeof serverEnvironment>) {
  const { TEMPORAL_TLS: on, TEMPORAL_TLS_CA: ca, TEMPORAL_TLS_CERT: cert, TEMPORAL_TLS_KEY: key } = values
  return on || ca || cert ? { ca, cert, key } : undefined
}

function parse<S extends z.ZodObject>(schema: S, env: Environment): z.output<S> {
  const faults: string[] = []
  const given: Environment = {}
  for (const name of Object.keys(schema.shape)) {
    try {
      const value = env[name] || fileOf(env[`${name}_FILE`])
      if (value) given[name] = value
    } catch (fault) {
      faults.push(`${name}_FILE cannot be read: ${fault instanceof Error ? fault.message : String(fault)}`)
      given[name] = undefined
    }
  }
  const result = schema.safeParse(given)
  for (const issue of result.error?.issues ?? []) {
    const [name, ...inside] = issue.path.map(String)
    if (name !== undefined && name in given && given[name] === undefined) continue // its file is the fault
    const field: z.core.$ZodType | undefined = name === undefined ? undefined : schema.shape[name]
    const meaning = field instanceof z.ZodType ? field.description : undefined
    faults.push(
      name !== undefined && given[name] === undefined
        ? `${name} is missing: ${meaning ?? ''}`
        : `${[name, ...inside].join('.')}: ${issue.message}`,
    )
  }
  if (!result.success || faults.length > 0) throw new ConfigError(faults)
  return result.data
}

function fileOf(path: string | undefined): string | undefined {
  return path ? readFileSync(path, 'utf8').trim() : undefined
}

function freeze<T>(value: T): Readonly<T> {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) freeze(inner)
  return Object.freeze(value)
}
