import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { recordTransition } from '../../db/transitions.ts'
import { calendars } from '../../definitions/catalogue/calendars.ts'
import { compile } from '../../definitions/compile.ts'
import type { Definition } from '../../definitions/format.ts'
import { chartOf } from '../../definitions/interpreter/chart.ts'
import { newInstance, step } from '../../definitions/interpreter/step.ts'
import type { OrderInput } from '../../workflows/messages.ts'
import { recordOf } from '../../workflows/record.ts'
import { type ApiWorld, startApiWorld } from './api-world.ts'

describe('why an order stands where it stands (WF25)', () => {
  let world: ApiWorld
  beforeAll(async () => {
    world = await startApiWorld()
  })
  afterAll(() => world.close())

  test('is told to whoever may see it: transitions with their guards, whom it waits for, what comes next', async () => {
    const employee = await world.login('employee')
    const made = await world.call('POST', '/v1/orders', { token: employee, body: { definition: 'leave-request' } })
    const { id } = made.body as { id: string }
    const why = () => world.call('GET', `/v1/orders/${id}/explanation`, { token: employee })
    expect([made.status, (await why()).body['waits'].length]).toEqual([201, 1])

    const [row] = await world.db.$client<
      { definition_version: number }[]
    >`select definition_version from orders where id = ${id}`
    const stored = await world.call('GET', `/v1/definitions/leave-request/versions/${row?.definition_version}`, {
      token: employee,
    })
    const chart = chartOf(compile(JSON.parse(stored.body['text']) as Definition, { calendars }, ''))
    const nowMs = Date.now()
    const idle = newInstance({ id, orderId: id, context: { orderId: id }, nowMs })
    const started = step(chart, idle, { type: 'start' }, {}, nowMs)
    if (started.kind !== 'moved') throw new Error(started.kind)
    const { instance, report } = started
    await recordTransition(world.db, recordOf({ orderId: id } as OrderInput, chart, idle, instance, report, nowMs))
    const { status, body } = await why()

    expect([status, body['states'].map((state: { id: string }) => state.id)]).toEqual([200, ['draft']])
    expect(body['transitions']).toContainEqual(
      expect.objectContaining({
        event: 'SUBMIT',
        state: 'draft',
        offered: true,
        permission: { allowed: true, byRole: 'employee', allow: expect.any(Array) },
        form: expect.objectContaining({ required: expect.any(Array) }),
      }),
    )
    expect(body['waits']).toMatchObject([{ kind: 'people', state: 'draft' }])
    const customer = await world.login('maryam')
    expect((await world.call('GET', `/v1/orders/${id}/explanation`, { token: customer })).status).toBe(404)
  })
})
