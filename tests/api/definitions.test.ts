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
})
