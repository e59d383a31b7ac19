import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Definition } from '../../definitions/format.ts'
import { type ApiWorld, startApiWorld } from './api-world.ts'

describe('definitions over the API', () => {
  let world: ApiWorld
  let designer = ''
  beforeAll(async () => {
    world = await startApiWorld()
    designer = await world.login('designer')
  })
  afterAll(() => world.close())

  const leave = async () => {
    const { body } = await world.call('GET', '/v1/definitions/leave-request', { token: designer })
    const version: number = body['currentVersion']
    const stored = await world.call('GET', `/v1/definitions/leave-request/versions/${version}`, { token: designer })
    return { version, definition: JSON.parse(stored.body['text']) as Definition }
  }
  const upload = async (definition: Definition) =>
    world.call('POST', '/v1/definitions', { token: designer, body: { text: JSON.stringify(definition) } })

  test('a draft is told apart from the current version in sentences of both languages (WF18)', async () => {
    const { version, definition } = await leave()
    definition.label = { fa: 'مرخصی تازه', en: 'New leave' }
    const draft = await upload(definition)
    const diff = await world.call(
      'GET',
      `/v1/definitions/leave-request/versions/${draft.body['version']}/diff?from=${version}`,
      { token: designer },
    )

    expect([draft.status, diff.status]).toEqual([201, 200])
    expect(diff.body['changes']).toMatchObject([{ kind: 'changed', what: 'definition', path: '$', part: 'label' }])
    expect(diff.body['changes'][0].message.fa).toContain('«مرخصی تازه»')
    expect(diff.body['behaviour']).toEqual({ gained: [], lost: [], cut: false })
    expect(
      (await world.call('GET', '/v1/definitions/leave-request/versions/99/diff?from=1', { token: designer })).status,
    ).toBe(404)
  })

  test('a warning blocks publication until somebody gives a reason, which is kept with the version (WF6)', async () => {
    const { definition } = await leave()
    definition.label = { fa: 'مرخصی با هشدار', en: 'Leave with a warning' }
    definition.events['LATER'] = { kind: 'external', label: { fa: 'بعد', en: 'Later' } }
    const draft = await upload(definition)
    const at = `/v1/definitions/leave-request/versions/${draft.body['version']}`
    const other = await world.login('designer-2')
    await world.call('POST', `${at}/reviews`, { token: other, body: { hash: draft.body['hash'], verdict: 'approved' } })
    const publish = (acknowledged: object[]) =>
      world.call('POST', `${at}/publish`, {
        token: other,
        body: { hash: draft.body['hash'], makeCurrent: false, acknowledged },
      })
    const refused = await publish([])
    const taken = await publish([{ rule: 'W01', path: '$.events.LATER', reason: 'comes with the next version' }])
    const kept = await world.call('GET', at, { token: designer })

    expect(draft.body['findings']).toContainEqual(expect.objectContaining({ rule: 'W01', path: '$.events.LATER' }))
    expect([refused.status, refused.body['code']]).toEqual([422, 'NotAcknowledged'])
    expect(refused.body['errors']).toMatchObject([{ place: '$.events.LATER' }])
    expect(taken.status).toBe(200)
    expect(kept.body['acknowledged']).toContainEqual({
      rule: 'W01',
      path: '$.events.LATER',
      reason: 'comes with the next version',
      by: expect.any(String),
    })
    expect(kept.body['acknowledged'].every(({ reason }: { reason: unknown }) => reason !== null)).toBe(true)
  })

  test('a version goes out in the formats of others, and comes in again; what has no counterpart is 422 with its place', async () => {
    const { version, definition } = await leave()
    const out = (format: string) =>
      world.call('GET', `/v1/definitions/leave-request/versions/${version}/export?format=${format}`, {
        token: designer,
      })
    const into = (format: string, text: string) =>
      world.call('POST', '/v1/definitions/import', { token: designer, body: { format, text } })
    for (const format of ['json', 'xstate', 'scxml']) {
      const there = await out(format)
      const back = await into(format, there.text)
      expect([format, there.status, back.status]).toEqual([format, 200, 200])
      expect(JSON.parse(back.body['text'])).toEqual(definition)
    }
    const [svg, csv, xlsx] = [await out('svg'), await out('csv'), await out('xlsx')]
    const refused = await into('scxml', '<scxml xmlns="http://www.w3.org/2005/07/scxml"><script/></scxml>')

    expect(svg.headers.get('Content-Type')).toContain('image/svg+xml')
    expect(csv.text).toContain('از')
    expect(xlsx.headers.get('Content-Disposition')).toContain('.xlsx')
    expect([refused.status, refused.body['code']]).toEqual([422, 'NotImportable'])
  })
})
