import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createMetrics, serveMetrics } from '../../api/metrics.ts'
import { freePort } from '../../dev/free-port.ts'
import { type ApiWorld, startApiWorld } from './api-world.ts'

describe('metrics', () => {
  let world: ApiWorld
  beforeAll(async () => {
    world = await startApiWorld()
  })
  afterAll(() => world.close())

  test('on the port of the API they are for an administrator, by his key too, and for nobody else', async () => {
    const admin = await world.login('admin')
    const key: string = (await world.call('POST', '/v1/api-keys', { token: admin, body: { label: 'prometheus' } }))
      .body['key']
    const scrape = async (token?: string) => (await world.call('GET', '/metrics', { token })).status

    expect([
      await scrape(),
      await scrape(await world.login('manager')),
      await scrape(admin),
      await scrape(key),
    ]).toEqual([401, 403, 200, 200])
    expect((await world.call('GET', '/metrics', { token: key })).text).toContain('samfony_http_request_seconds')
  })

  test('on a port of their own there is nothing but them', async () => {
    const port = await freePort()
    const served = await serveMetrics({ host: '127.0.0.1', port }, createMetrics())
    const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method })
    const [metrics, other, post] = [await get('/metrics'), await get('/v1/me'), await get('/metrics', 'POST')]
    const text = await metrics.text()
    await served.close()

    expect([metrics.status, other.status, post.status]).toEqual([200, 404, 404])
    expect(text).toContain('process_cpu_seconds_total')
    await expect(get('/metrics')).rejects.toThrow()
  })
})
