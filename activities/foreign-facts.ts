import postgres, { type Sql } from 'postgres'
import type { Db } from '../db/client.ts'
import { type FactQueryRow, factQuery } from '../db/facts.ts'
import { DomainError } from '../domain/errors.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import { Unavailable } from '../gateways/errors.ts'
import { createHttp } from '../gateways/http.ts'

/** Answers facts from sources that a manager configured. */
export interface ForeignFacts {
  (source: string, query: string, params: JsonObject): Promise<Json>
  close(): Promise<void>
}

const connectionsPerSource = 2

/**
 * Reads other databases and services (WF9): a PostgreSQL source in a read-only transaction with limits on time and rows,
 * values bound and never pasted; an HTTP source by GET to the configured address only. One row is an object, several are
 * a list, none is null. Ends in DomainError `UnknownFact`, or Unavailable.
 */
export function createForeignFacts({ db }: { db: Db }): ForeignFacts {
  const pools = new Map<string, Sql>()

  async function ask(source: string, query: string, params: JsonObject): Promise<Json> {
    const found = await factQuery(db, source, query)
    if (found === null)
      throw new DomainError(
        'UnknownFact',
        { en: `no query ${query} is configured for ${source}`, fa: `پرسش ${query} برای منبع ${source} تعریف نشده است` },
        `${source}.${query}`,
      )
    return found.kind === 'postgres' ? askPostgres(found, params) : askHttp(found, params)
  }

  async function askPostgres(found: FactQueryRow, params: JsonObject): Promise<Json> {
    const url = setting(found, 'url')
    const pool =
      pools.get(url) ??
      postgres(url, { max: connectionsPerSource, idle_timeout: 60, connect_timeout: 3, onnotice: () => undefined })
    pools.set(url, pool)
    const values = found.params.map((name) => params[name] ?? null) as (string | number | boolean | null)[]
    try {
      const rows = await pool.begin('read only', async (sql) => {
        await sql.unsafe(`set local statement_timeout = ${Math.trunc(found.timeoutMs)}`)
        return sql.unsafe<JsonObject[]>(
          `select * from (${found.template}) as answer limit ${Math.trunc(found.rowLimit)}`,
          values,
        )
      })
      const answer = JSON.parse(JSON.stringify(rows)) as JsonObject[]
      return answer.length > 1 ? answer : (answer[0] ?? null)
    } catch (error) {
      throw new Unavailable(found.source, error instanceof Error ? error.message : String(error))
    }
  }

  async function askHttp(found: FactQueryRow, params: JsonObject): Promise<Json> {
    const path = found.template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(plain(params[name])))
    const base = new URL(setting(found, 'url'))
    const url = new URL(path, base)
    if (url.origin !== base.origin)
      throw new DomainError('UnknownFact', {
        en: 'the query leaves its source',
        fa: 'نشانی پرسش از منبع خود بیرون می‌رود',
      })
    const http = createHttp({ totalMs: found.timeoutMs })
    const answer = await http({
      system: found.source,
      effect: 'read',
      method: 'GET',
      url: url.href,
      headers: { accept: 'application/json' },
    })
    if (answer.status === 404) return null
    if (answer.status !== 200) throw new Unavailable(found.source, `status ${answer.status}`)
    try {
      return JSON.parse(answer.body) as Json
    } catch {
      throw new Unavailable(found.source, 'the answer is no JSON')
    }
  }

  return Object.assign(ask, {
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.end({ timeout: 2 })))
    },
  })
}

function setting({ config, source }: FactQueryRow, name: string): string {
  const value = config[name]
  if (typeof value === 'string') return value
  throw new DomainError(
    'UnknownFact',
    { en: `source ${source} lacks ${name}`, fa: `تنظیم ${name} برای منبع ${source} نیست` },
    source,
  )
}

/** A parameter of an address: a text or a number as it is, anything else as JSON. */
const plain = (value: Json | undefined) => (typeof value === 'string' ? value : JSON.stringify(value ?? ''))
