import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createDefinitionActivities } from '../../activities/definitions.ts'
import { resolveVersion } from '../../db/definitions.ts'
import { type ApiWorld, type Loose, startApiWorld } from './api-world.ts'

let world: ApiWorld
let one: string
let two: string
beforeAll(async () => {
  world = await startApiWorld()
  ;[one, two] = [await world.login('designer'), await world.login('designer-2')]
})
afterAll(() => world.close())

const post = (path: string, token: string, body: object = {}) =>
  world.call('POST', `/v1/definitions/${path}`, { token, body })

/** The text of the shipped leave request, with a word changed so that its hash is a new one. */
async function aText(word: string): Promise<string> {
  const { body } = await world.call('GET', '/v1/definitions/leave-request/versions/1', { token: one })
  const definition: Loose = JSON.parse(body['text'])
  return JSON.stringify({ ...definition, description: { fa: word, en: word } })
}

/** A version published by the second designer, not made current. */
async function aVersion(): Promise<number> {
  const draft = await post('', one, { text: await aText(randomUUID()) })
  const { version, hash } = draft.body
  await post(`leave-request/versions/${version}/reviews`, two, { hash, verdict: 'approved' })
  await post(`leave-request/versions/${version}/publish`, two, { hash, makeCurrent: false })
  return version
}

const audited = async (action: string) =>
  (await world.db.$client`select detail from audit_log where action = ${action} order by id`).map(
    ({ detail }) => detail,
  )

describe('a draft', () => {
  test('is reviewed by somebody who never wrote on it, in the very text that is published', async () => {
    const first = await post('', one, { text: await aText('first') })
    const { version } = first.body
    await post(`leave-request/versions/${version}/reviews`, two, { hash: first.body['hash'], verdict: 'approved' })
    // The reviewer's own edit makes him an author, and the approval one of another text.
    const edited = await post('', two, { text: await aText('second') })
    const hash = edited.body['hash']
    const publish = (token: string) => post(`leave-request/versions/${version}/publish`, token, { hash })
    const review = (token: string, verdict = 'approved') =>
      post(`leave-request/versions/${version}/reviews`, token, { hash, verdict })
    const manager = await world.login('manager')

    expect((await review(two)).body['code']).toBe('SamePerson')
    expect((await review(one)).body['code']).toBe('SamePerson')
    expect((await publish(two)).body['code']).toBe('SamePerson')
    expect((await review(manager)).status).toBe(200)
    expect((await publish(manager)).status).toBe(403)
    expect((await review(manager, 'rejected')).status).toBe(200)
    const admin = await world.login('admin')
    expect((await publish(admin)).body['code']).toBe('NotApproved')
    expect((await review(manager)).status).toBe(200)
    expect((await publish(admin)).status).toBe(200)
    const { body } = await world.call('GET', `/v1/definitions/leave-request/versions/${version}/reviews`, {
      token: one,
    })
    expect(body).toMatchObject({ approved: true, authors: ['designer', 'designer-2'] })
    expect(body['reviews']).toHaveLength(4)
    expect(await audited('definition.review.rejected')).toMatchObject([{ version, hash }])
  })

  test('cannot be published past the routes either: the database wants the approval of another person', async () => {
    const draft = await post('', one, { text: await aText('by hand') })
    const { version } = draft.body
    const byHand = (by: string) =>
      world.db
        .$client`update definitions set status = 'published', graph = '{}', published_by = ${by}, published_at = now()
        where id = 'leave-request' and version = ${version}`

    await expect(byHand('admin')).rejects.toMatchObject({ code: 'SF006' })
    await expect(
      world.db.$client`insert into definition_reviews (definition_id, version, hash, verdict, reviewer, at)
        values ('leave-request', ${version}, ${draft.body['hash']}, 'approved', 'designer', now())`,
    ).rejects.toMatchObject({ code: 'SF006' })
    await expect(world.db.$client`update definition_reviews set verdict = 'approved'`).rejects.toMatchObject({
      code: 'SF003',
    })
  })
})

describe('a version', () => {
  test('is not retired while new orders may come to it, and a retired one comes back', async () => {
    const version = await aVersion()
    const current = (await world.call('GET', '/v1/definitions/leave-request', { token: one })).body['currentVersion']
    const pin = (wanted: number | null) =>
      world.call('PUT', '/v1/definitions/leave-request/pins', {
        token: one,
        body: { cityId: 'shiraz', version: wanted },
      })
    const act = (name: string, of: number) => post(`leave-request/versions/${of}/${name}`, one)
    await pin(version)

    expect((await act('retire', current)).body['code']).toBe('InUse')
    expect((await act('retire', version)).body['code']).toBe('InUse')
    await pin(null)
    expect((await act('retire', version)).status).toBe(200)
    expect((await pin(version)).body['code']).toBe('NotPublished')
    expect((await act('reinstate', version)).status).toBe(200)
    expect((await pin(version)).status).toBe(200)
    await pin(null)
  })
})

describe('a roll-out', () => {
  const start = (version: number, audience: object, more: object = {}) =>
    post('leave-request/rollouts', one, { version, audience, ...more })
  const end = (id: string, as: string) => post(`leave-request/rollouts/${id}/end`, one, { as })

  test('by share takes a stable share of the keys, and a wider one keeps those it had', async () => {
    const version = await aVersion()
    const { body } = await start(version, { share: 10 })
    const keys = Array.from({ length: 400 }, (_, i) => `order-${i}`)
    const taken = async () => {
      const versions = await Promise.all(keys.map((key) => resolveVersion(world.db, 'leave-request', { key })))
      return keys.filter((_, i) => versions[i] === version)
    }

    const [first, again] = [await taken(), await taken()]
    await world.call('PUT', `/v1/definitions/leave-request/rollouts/${body['id']}/share`, {
      token: one,
      body: { share: 50 },
    })
    const wider = await taken()

    expect(first).toEqual(again)
    expect(first.length).toBeGreaterThan(15)
    expect(first.length).toBeLessThan(80)
    expect(wider.length).toBeGreaterThan(140)
    expect(first.every((key) => wider.includes(key))).toBe(true)
    expect((await end(body['id'], 'stopped')).status).toBe(200)
    expect(await taken()).toEqual([])
  })

  test('of a city or an agent takes in what is there and below, and completing it moves the pointer', async () => {
    const version = await aVersion()
    const resolved = (place: object) => resolveVersion(world.db, 'leave-request', { key: 'k', ...place })
    const before = await resolved({})

    const city = await start(version, { cityId: 'shiraz' })
    expect([await resolved({ cityId: 'shiraz' }), await resolved({ cityId: 'tehran' })]).toEqual([version, before])
    expect((await start(version, { share: 5 })).body['code']).toBe('Conflict')
    await end(city.body['id'], 'stopped')

    const agent = await start(version, { partnerId: 'tehran-agency' })
    expect([await resolved({ partnerId: 'arya' }), await resolved({ partnerId: 'hq' })]).toEqual([version, before])
    expect((await end(agent.body['id'], 'completed')).body).toMatchObject({ status: 'completed', version })
    expect(await resolved({})).toBe(version)
    expect((await end(agent.body['id'], 'stopped')).status).toBe(404)
  })

  test('shows both versions beside each other, and returns by itself when the new one is worse', async () => {
    const version = await aVersion()
    const { body } = await start(version, { share: 50 }, { limits: { minOrders: 20 } })
    const base: number = body['baseVersion']
    const insert = async (of: number, count: number, bad: number, troubled: number) => {
      await world.db.$client`
        insert into orders (id, number, kind, workflow_id, definition_id, definition_version, engine_version, status, outcome, outcome_kind, created_at, ended_at)
        select ${`r${of}`} || i, ${`R${of}`} || i, 'process', ${`process:r${of}`} || i, 'leave-request', ${of}, 1, 'ended', 'x',
               case when i <= ${bad} then 'failure' else 'success' end, now(), now() + interval '1 hour'
          from generate_series(1, ${count}::int) as i`
      await world.db.$client`
        insert into incidents (order_id, incident_id, kind, place, error, opened_at)
        select ${`r${of}`} || i, '1', 'guard', 'x', '{}', now() from generate_series(1, ${troubled}::int) as i`
    }
    const { 'definitions.judgeRollouts': judge } = createDefinitionActivities({ db: world.db, now: Date.now })
    await insert(base, 60, 5, 2)
    await insert(version, 19, 19, 19)
    const tooFew = await judge()
    await world.db.$client`update orders set outcome_kind = 'success' where definition_version = ${version}`
    await world.db.$client`delete from incidents where order_id like ${`r${version}%`}`
    await insert(1000 + version, 0, 0, 0)
    await world.db
      .$client`insert into orders (id, number, kind, workflow_id, definition_id, definition_version, engine_version, created_at)
      select 'open' || i, 'O' || i, 'process', 'process:open' || i, 'leave-request', ${version}, 1, now() from generate_series(1, 21) as i`
    const asGood = await judge()
    await world.db.$client`insert into incidents (order_id, incident_id, kind, place, error, opened_at)
      select 'open' || i, '1', 'guard', 'x', '{}', now() from generate_series(1, 15) as i`
    const seen = await world.call('GET', `/v1/definitions/leave-request/rollouts/${body['id']}`, { token: one })
    const worse = await judge()
    const again = await judge()
    const after = await world.call('GET', `/v1/definitions/leave-request/rollouts/${body['id']}`, { token: one })

    expect([tooFew, asGood, worse, again].map(({ returned }) => returned)).toEqual([[], [], [body['id']], []])
    expect(seen.body['figures']).toMatchObject({
      base: { version: base, orders: 60, ended: 60, failed: 5, troubled: 2, medianMs: 3_600_000 },
      fresh: { version, orders: 40, ended: 19, failed: 0, troubled: 15 },
    })
    expect(after.body).toMatchObject({ status: 'returned', endedBy: 'samfony', figures: { fresh: { troubled: 15 } } })
    expect(after.body['reasons'][0]['fa']).toContain('رخداد')
    expect(await resolveVersion(world.db, 'leave-request', { key: 'any' })).toBe(base)
    expect(await audited('definition.rollout.return')).toMatchObject([{ rollout: body['id'], to: base }])
  })
})
