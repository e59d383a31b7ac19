import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Client, Connection } from '@temporalio/client'
import { pino } from 'pino'
import { createApp } from '../../api/app.ts'
import type { ApiConfig } from '../../api/deps.ts'
import { createHttpServer } from '../../api/http-server.ts'
import { createDb } from '../../db/client.ts'
import { demoPassword } from '../../dev/seed/company.ts'
import { seedDemo } from '../../dev/seed/demo.ts'
import { testDatabase } from '../../dev/test-database.ts'
import { testWorld } from '../../dev/test-world.ts'
import type { PaymentGateway } from '../../gateways/payment/port.ts'
import { createPricing } from '../../rules/pricing.ts'
import { readTemplates } from '../../templates/files.ts'
import { createInvoicePrinter } from '../../templates/invoice-pdf.ts'
import { createRenderer } from '../../templates/renderer.ts'

/** The API on a real database with the demonstration company, and on a Temporal where nobody works. */
export async function startApiWorld(
  change: Partial<ApiConfig> & { clock?: () => Date; database?: Awaited<ReturnType<typeof testDatabase>> } = {},
) {
  const { clock = () => new Date(), database: given, ...config } = change
  const database = given ?? (await testDatabase())
  const db = createDb(database.url)
  if (given === undefined) await seedDemo(db)
  const connection = await Connection.connect({ address: testWorld().temporalAddress })
  const renderer = createRenderer({ limitMs: 20_000 })
  const server = createHttpServer((req, res) => api.app(req, res))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const api = createApp({
    db,
    temporal: new Client({ connection }),
    queuePrefix: `a${randomUUID().slice(0, 8)}`,
    facts: { load: async () => ({}) },
    payments: { zarinpal: silentGateway },
    pricing: createPricing({ rateMaxAgeHours: 48 }),
    panel: null,
    printer: createInvoicePrinter({ seller: { name: { fa: 'سمفونی', en: 'Samfony' }, lines: [] } }),
    files: readTemplates(),
    renderer,
    clock,
    logger: pino({ level: 'silent' }),
    config: {
      publicUrl: address,
      sessionSecret: 'a secret for tests that is long enough',
      proxies: 0,
      limits: { perUserPerMinute: 100_000, perAddressPerMinute: 100_000 },
      ...config,
    },
  })

  /** One call. `token` signs in, `key` is the Idempotency-Key: a fresh one unless given. */
  async function call(
    method: string,
    path: string,
    options: { token?: string | undefined; body?: unknown; key?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const { token, body, key = randomUUID(), headers = {} } = options
    const raw = typeof body === 'string' || body instanceof Uint8Array
    const response = await fetch(new URL(path, address), {
      method,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(method === 'POST' ? { 'Idempotency-Key': key } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    }
  }

  async function login(username: string): Promise<string> {
    const { status, body } = await call('POST', '/v1/session', { body: { username, password: demoPassword } })
    if (status !== 201) throw new Error(`${username} cannot log in: ${JSON.stringify(body)}`)
    return String(body['token'])
  }

  return {
    address,
    database,
    db,
    routes: api.routes,
    call,
    login,
    async close() {
      await api.close()
      await renderer.close()
      server.closeAllConnections()
      server.close()
      await connection.close()
      await db.close()
      if (given === undefined) await database.drop()
    },
  }
}

/** JSON whose shape the test knows and asserts: a type of its own for each answer would only say it twice. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Loose = any

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The JSON of an answer, to be looked at by path; undefined for any other. */
  body: Loose
}

export type ApiWorld = Awaited<ReturnType<typeof startApiWorld>>

/** A bank that gives tokens and is never asked more. */
const silentGateway: PaymentGateway = {
  caps: { settle: false, reverse: false, refund: 'none', inquiry: false, listUnverified: false, callbackMethod: 'GET' },
  request: async ({ attemptId }) => ({
    token: `A${attemptId}`,
    redirect: { method: 'GET', url: `https://bank.example/${attemptId}`, fields: {} },
  }),
  parseCallback: () => ({ ok: false, code: 'test' }),
  verify: async () => ({ outcome: 'unknown', code: '0', detail: 'test' }),
}
