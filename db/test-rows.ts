import { randomUUID } from 'node:crypto'
import { computeLine } from '../domain/invoice-line.ts'
import { rial } from '../domain/money.ts'
import type { TransitionRecord } from '../domain/transition.ts'
import type { Db } from './client.ts'
import { saveCustomer } from './customers.ts'
import { publish, saveDraft } from './definitions.ts'
import type { LineInput } from './invoices.ts'
import { createOrder, type NewOrder, type Order } from './orders.ts'
import { createPartner } from './partners.ts'
import { review } from './reviews.ts'
import { products } from './schema/catalogue.ts'
import { centres, cities } from './schema/places.ts'

/** Rows that tests of this room start from: a tree of partners, two cities, a product and a published definition `adsl`. */
export async function aWorld(db: Db): Promise<void> {
  await createPartner(db, { id: 'hq', parentId: null, code: 'hq', name: { fa: 'ستاد', en: 'Head office' } })
  await createPartner(db, { id: 'tehran', parentId: 'hq', code: 'tehran', name: { fa: 'تهران', en: 'Tehran' } })
  await createPartner(db, { id: 'arya', parentId: 'tehran', code: 'arya', name: { fa: 'آریا', en: 'Arya' } })
  await createPartner(db, { id: 'shiraz', parentId: 'hq', code: 'shiraz', name: { fa: 'شیراز', en: 'Shiraz' } })
  await db.insert(cities).values([
    { id: 'thr', nameFa: 'تهران', nameEn: 'Tehran' },
    { id: 'syz', nameFa: 'شیراز', nameEn: 'Shiraz' },
  ])
  await db.insert(centres).values([
    { id: 'thr-1', cityId: 'thr', code: '8877', nameFa: 'بهشتی', nameEn: 'Beheshti', prefixes: ['8877'] },
    { id: 'syz-1', cityId: 'syz', code: '3224', nameFa: 'حافظ', nameEn: 'Hafez', prefixes: ['3224'] },
  ])
  await db.insert(products).values({
    id: 'adsl-16',
    code: 'adsl-16',
    kind: 'adsl',
    labelFa: 'ای‌دی‌اس‌ال ۱۶',
    labelEn: 'ADSL 16',
    orderDefinition: 'adsl',
  })
  await db.transaction(async (tx) => {
    const version = await saveDraft(tx, {
      id: 'adsl',
      hash: 'h1',
      text: '{}',
      kind: 'order',
      label: { fa: 'سفارش', en: 'Order' },
      by: 'test',
    })
    await review(tx, { id: 'adsl', version, hash: 'h1', verdict: 'approved', by: 'reviewer', at: instant(0) })
    await publish(tx, { id: 'adsl', version, hash: 'h1', graph: {}, by: 'reviewer', at: instant(0), makeCurrent: true })
  })
}

/** The n-th second of a fixed day: 3 Azar 1405. */
export const instant = (second: number) => new Date(Date.parse('2026-11-24T08:00:00Z') + second * 1000).toISOString()

/** A customer of a partner with one mobile. */
export async function aCustomer(db: Db, id: string, partnerId: string, name = 'علي ميرزائي'): Promise<string> {
  await db.transaction((tx) =>
    saveCustomer(tx, {
      id,
      partnerId,
      kind: 'person',
      name,
      nationalId: null,
      contacts: [{ id: `${id}:1`, kind: 'mobile', value: '+989121234567' }],
    }),
  )
  return id
}

/** A new order of the world's definition. */
export async function anOrder(db: Db, overrides: Partial<NewOrder> = {}): Promise<Order> {
  const id = overrides.id ?? randomUUID()
  const { order } = await db.transaction((tx) =>
    createOrder(tx, {
      id,
      kind: 'order',
      workflowId: `order:${id}`,
      definitionId: 'adsl',
      definitionVersion: 1,
      engineVersion: 1,
      at: instant(0),
      partnerId: 'arya',
      ...overrides,
    }),
  )
  return order
}

/** The record of the `seq`-th transition of an order. */
export function aRecord(orderId: string, seq: number, overrides: Partial<TransitionRecord> = {}): TransitionRecord {
  return {
    orderId,
    workflowId: `order:${orderId}`,
    seq,
    at: instant(seq),
    event: { type: 'user', name: 'approve' },
    actor: { id: 'u1', name: 'سارا', role: 'sales' },
    payload: { note: 'متن' },
    from: [],
    to: ['review'],
    entered: ['review'],
    left: [],
    trace: [{ guard: 'paid', value: true, read: { 'facts.balance': 0.1 } }],
    set: { n: seq },
    effects: [],
    status: 'running',
    outcome: null,
    outcomeKind: null,
    stage: 'sale',
    tmfState: 'inProgress',
    owners: ['sales'],
    dueAt: null,
    incidents: [],
    instance: { seq },
    outbox: [],
    cancel: [],
    ...overrides,
  }
}

/** A line of one product at 10 % VAT. */
export function aLine(unit = 1_000_005, quantity = 1): LineInput {
  const taxes = [{ code: 'vat', numerator: 10, denominator: 100, compound: false }]
  const amounts = computeLine({ unitRial: rial(unit), quantity, taxes })
  return { productId: 'adsl-16', description: { fa: 'اشتراک', en: 'Plan' }, quantity, unitRial: rial(unit), amounts }
}
