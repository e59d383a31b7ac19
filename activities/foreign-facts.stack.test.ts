import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import postgres, { type Sql } from 'postgres'
import { createDb } from '../db/client.ts'
import { factQueries, foreignSources } from '../db/schema/facts.ts'
import { testDatabase } from '../dev/test-database.ts'
import { createForeignFacts, type ForeignFacts } from './foreign-facts.ts'

/** A second database, as another department's, and an HTTP service; both real. */
let database: Awaited<ReturnType<typeof testDatabase>>
let other: Awaited<ReturnType<typeof testDatabase>>
let db: ReturnType<typeof createDb>
let theirs: Sql
let service: Server
let canary: Server
let ask: ForeignFacts
const asked: string[] = []
const caught: string[] = []
const addressOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

beforeAll(async () => {
  database = await testDatabase()
  other = await testDatabase()
  db = createDb(database.url)
  theirs = postgres(other.url, { max: 1, onnotice: () => undefined })
  await theirs`create table subscribers (phone text primary key, debt bigint, since date)`
  await theirs`insert into subscribers values ('021', 9007199254740993, '2026-01-02'), ('022', 5, null)`
  service = createServer((req, res) => {
    asked.push(`${req.method} ${req.url}`)
    const json = (body: string, status = 200) => res.writeHead(status, { 'Content-Type': 'application/json' }).end(body)
    if (req.url === '/score/0912') json('{"score":7}')
    else if (req.url === '/score/missing') json('{}', 404)
    else if (req.url === '/score/broken') json('<html>')
    else if (req.url === '/score/failing') json('{}', 500)
    else if (req.url === '/score/away') res.writeHead(302, { Location: addressOf(canary) }).end()
    else if (req.url === '/score/large') json(`"${'x'.repeat(1_200_000)}"`)
    else if (req.url !== '/score/silent') json('{}', 404)
  }).listen(0, '127.0.0.1')
  canary = createServer((req, res) => {
    caught.push(String(req.url))
    res.end('{}')
  }).listen(0, '127.0.0.1')
  await Promise.all([once(service, 'listening'), once(canary, 'listening')])
  await db.insert(foreignSources).values([
    { id: 'billing', kind: 'postgres', config: { url: other.url } },
    { id: 'rating', kind: 'http', config: { url: addressOf(service) } },
    { id: 'gone-db', kind: 'postgres', config: { url: 'postgres://u:secret@127.0.0.1:1/x' } },
    { id: 'gone-http', kind: 'http', config: { url: 'http://127.0.0.1:1' } },
    { id: 'unset', kind: 'http', config: {} },
  ])
  const query = (source: string, name: string, template: string, params: string[] = [], timeoutMs = 1_000) =>
    db.insert(factQueries).values({ source, query: name, template, params, rowLimit: 3, timeoutMs })
  await query('billing', 'debt', 'select debt, since from subscribers where phone = $1', ['phone'])
  await query('billing', 'all', 'select phone from subscribers order by phone')
  await query('billing', 'many', 'select n from generate_series(1, 1000) n')
  await query('billing', 'slow', 'select pg_sleep(60)', [], 200)
  await query('billing', 'delete', 'with gone as (delete from subscribers returning phone) select * from gone')
  await query('billing', 'several', 'select 1) as x; drop table subscribers; select * from (select 1')
  await query('rating', 'score', '/score/{phone}', ['phone'], 500)
  await query('rating', 'anywhere', '{phone}', ['phone'])
  await query('gone-db', 'x', 'select 1')
  await query('gone-http', 'x', '/x')
  await query('unset', 'x', '/x')
  ask = createForeignFacts({ db })
})
afterAll(async () => {
  await ask.close()
  service.closeAllConnections()
  service.close()
  canary.close()
  await theirs.end()
  await db.close()
  await database.drop()
  await other.drop()
})

const failure = (source: string, query: string, params = {}) =>
  ask(source, query, params).then(
    (answer) => ({ name: 'no failure', message: JSON.stringify(answer) }),
    (error: Error & { code?: string }) => ({ name: error.code ?? error.name, message: error.message }),
  )

describe('a fact of another PostgreSQL', () => {
  test('is one object, a list, or null, with large numbers and days as text', async () => {
    expect(await ask('billing', 'debt', { phone: '021' })).toMatchObject({ debt: '9007199254740993' })
    expect(await ask('billing', 'all', {})).toEqual([{ phone: '021' }, { phone: '022' }])
    expect(await ask('billing', 'debt', { phone: 'nobody' })).toBeNull()
  })

  test('has no more rows than its limit', async () => {
    expect(await ask('billing', 'many', {})).toHaveLength(3)
  })

  test('is cut at its time', async () => {
    expect(await failure('billing', 'slow')).toMatchObject({
      name: 'Unavailable',
      message: expect.stringMatching(/timeout/),
    })
  })

  test('changes nothing, whatever its text says', async () => {
    expect((await failure('billing', 'delete')).name).toBe('Unavailable')
    expect((await failure('billing', 'several')).name).toBe('Unavailable')
    expect(await theirs`select count(*)::int as n from subscribers`).toMatchObject([{ n: 2 }])
  })

  test.each([`' or '1'='1`, `'; drop table subscribers; --`, '$1', '\u0000'.slice(1), '%'])(
    'takes %j as a value (A14)',
    async (phone) => {
      expect(await ask('billing', 'debt', { phone })).toBeNull()
      expect(await theirs`select count(*)::int as n from subscribers`).toMatchObject([{ n: 2 }])
    },
  )

  test('that is away is unavailable, and its password is not in the message', async () => {
    const { name, message } = await failure('gone-db', 'x')

    expect(name).toBe('Unavailable')
    expect(message).not.toContain('secret')
  })
})

describe('a fact over HTTP', () => {
  test('is the JSON of a GET to the configured address, and null for 404', async () => {
    expect(await ask('rating', 'score', { phone: '0912' })).toEqual({ score: 7 })
    expect(await ask('rating', 'score', { phone: 'missing' })).toBeNull()
    expect(asked.every((line) => line.startsWith('GET /'))).toBe(true)
  })

  test.each([
    ['answers no JSON', 'broken'],
    ['fails', 'failing'],
    ['answers too late', 'silent'],
    ['answers more than 1 MB', 'large'],
    ['sends us elsewhere', 'away'],
  ])('that %s is unavailable, never false', async (_what, phone) => {
    expect((await failure('rating', 'score', { phone })).name).toBe('Unavailable')
    expect(caught).toEqual([])
  })

  test('that is away is unavailable; one that is not configured is told as such', async () => {
    expect((await failure('gone-http', 'x')).name).toBe('Unavailable')
    expect((await failure('unset', 'x')).name).toBe('UnknownFact')
    expect((await failure('rating', 'nothing')).name).toBe('UnknownFact')
  })

  test('never leaves its source, however a value is spelled (A13)', async () => {
    const { host } = new URL(addressOf(canary))
    const spellings = [
      `http://${host}/`,
      `//${host}/`,
      `\\\\${host}\\`,
      `@${host}/`,
      `.${host}`,
      `/../../${host}`,
      `%2f%2f${host}`,
      `;@${host}`,
      `\t//${host}`,
      `http:${host}`,
      'file:///etc/passwd',
      'http://169.254.169.254/latest/meta-data',
      'http://[::ffff:127.0.0.1]/',
      'http://0x7f000001/',
      'http://127.1/',
      'http://2130706433/',
    ]
    for (const phone of spellings) {
      await failure('rating', 'anywhere', { phone })
      await failure('rating', 'score', { phone })
    }

    expect(caught).toEqual([])
  })
})
