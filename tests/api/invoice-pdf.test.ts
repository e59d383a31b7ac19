import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { issueProforma } from '../../db/invoices.ts'
import { computeLine } from '../../domain/invoice-line.ts'
import { rial } from '../../domain/money.ts'
import { type ApiWorld, startApiWorld } from './api-world.ts'

let world: ApiWorld
beforeAll(async () => {
  world = await startApiWorld()
})
afterAll(() => world.close())

test('a document is printed in both languages for those who reach it, and for nobody else', async () => {
  const unitRial = rial(1_990_000)
  const amounts = computeLine({
    unitRial,
    quantity: 1,
    taxes: [{ code: 'vat', numerator: 10, denominator: 100, compound: false }],
  })
  const line = { productId: 'adsl-8-1m', description: { fa: 'اشتراک', en: 'Plan' }, quantity: 1, unitRial, amounts }
  await world.db.transaction((tx) =>
    issueProforma(tx, {
      id: 'doc',
      key: 'doc',
      customerId: 'maryam',
      partnerId: 'arya',
      issuedAt: '2026-11-24T08:00:00Z',
      lines: [line],
    }),
  )
  const get = async (user: string, locale: string) => {
    const response = await fetch(new URL(`/v1/invoices/doc/pdf?locale=${locale}`, world.address), {
      headers: { Authorization: `Bearer ${await world.login(user)}` },
    })
    return [response.status, response.headers.get('Content-Type'), (await response.text()).slice(0, 5)]
  }
  for (const locale of ['fa', 'en']) expect(await get('maryam', locale)).toEqual([200, 'application/pdf', '%PDF-'])
  expect((await get('esfahan', 'fa'))[0]).toBe(404)
  expect((await get('maryam', 'de'))[0]).toBe(422)
})
