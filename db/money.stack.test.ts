import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'drizzle-orm'
import { testDatabase } from '../dev/test-database.ts'
import { rial } from '../domain/money.ts'
import { createDb } from './client.ts'
import {
  convertToInvoice,
  creditNote,
  dueForCollection,
  invoiceById,
  issueInvoice,
  issueProforma,
  listInvoices,
  markPaid,
  voidProforma,
} from './invoices.ts'
import {
  attemptById,
  attemptByPathToken,
  attemptsOf,
  claimBankRef,
  closeAttempt,
  markSent,
  markSettled,
  openAttempt,
  openAttempts,
  openUnmatched,
  recordUnmatched,
  resolveUnmatched,
} from './payments.ts'
import { changeSubscription, createSubscription, dueForRenewal, listSubscriptions } from './subscriptions.ts'
import { aCustomer, aLine, anOrder, aWorld, instant } from './test-rows.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let db: ReturnType<typeof createDb>

beforeAll(async () => {
  database = await testDatabase()
  db = createDb(database.url, { max: 20 })
  await aWorld(db)
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const proforma = (id: string, more: Partial<Parameters<typeof issueProforma>[1]> = {}) =>
  db.transaction((tx) =>
    issueProforma(tx, { id, key: id, issuedAt: instant(0), lines: [aLine(), aLine(333)], ...more }),
  )
const invoice = (id: string, more: Partial<Parameters<typeof issueInvoice>[1]> = {}) =>
  db.transaction((tx) => issueInvoice(tx, { id, key: id, issuedAt: instant(0), lines: [aLine(), aLine(333)], ...more }))

describe('number series (M14)', () => {
  test('20 concurrent commits with failures among them leave no gap', async () => {
    await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) =>
        db.transaction(async (tx) => {
          await issueInvoice(tx, { id: `n${i}`, key: `n${i}`, issuedAt: instant(i), lines: [aLine()] })
          if (i % 3 === 0) throw new Error('rolled back')
        }),
      ),
    )
    const rows = await db.execute<{ number: string }>(
      sql`select number from invoices where kind = 'invoice' order by number`,
    )
    expect(rows.map(({ number }) => number)).toEqual(
      Array.from({ length: 20 }, (_, i) => `I-1405-${String(i + 1).padStart(6, '0')}`),
    )
  })

  test('each kind and each Jalali year has its own', async () => {
    expect((await proforma('y1')).invoice.number).toBe('P-1405-000001')
    expect((await proforma('y2', { issuedAt: '2027-03-20T20:29:59Z' })).invoice.number).toBe('P-1405-000002')
    expect((await proforma('y3', { issuedAt: '2027-03-20T20:30:00Z' })).invoice.number).toBe('P-1406-000001')
  })
})

describe('invoices', () => {
  test('totals are sums of lines with their own taxes (M3), and the same key is the same document', async () => {
    const { invoice: made } = await proforma('sum')
    expect(made).toMatchObject({ netRial: 1_000_338, taxRial: 100_001 + 33, totalRial: 1_100_372, status: 'open' })
    const again = await Promise.all(Array.from({ length: 5 }, (_, i) => proforma(`sum-${i}`, { key: 'sum' })))
    expect(again.map(({ invoice, created }) => [invoice.id, created])).toEqual(
      Array.from({ length: 5 }, () => ['sum', false]),
    )
    expect((await invoiceById(db, 'sum'))?.lines[1]).toMatchObject({
      line: 2,
      netRial: 333,
      taxes: [{ code: 'vat', baseRial: 333, amountRial: 33 }],
    })
  })

  test('a proforma becomes one invoice, with its own number and the same lines', async () => {
    await proforma('c1')
    const convert = (id: string) =>
      db.transaction((tx) => convertToInvoice(tx, { id, key: 'convert-c1', proformaId: 'c1', issuedAt: instant(5) }))
    const results = await Promise.all(
      [convert('c1-a'), convert('c1-b'), convert('c1-c')].map((p) => p.catch(({ code }) => code)),
    )
    expect(results.filter((result) => result.created === true)).toHaveLength(1)
    const stored = await listInvoices(db, { kind: 'invoice' })
    const made = stored.find(({ proformaId }) => proformaId === 'c1')
    expect(made).toMatchObject({ netRial: 1_000_338, number: expect.stringMatching(/^I-/), status: 'open' })
    expect(await invoiceById(db, 'c1')).toMatchObject({ status: 'paid' })
    await expect(db.transaction((tx) => voidProforma(tx, 'c1'))).rejects.toMatchObject({ code: 'ProformaUsed' })
  })

  test('a void proforma gives no invoice', async () => {
    await proforma('v1')
    await db.transaction((tx) => voidProforma(tx, 'v1'))
    await db.transaction((tx) => voidProforma(tx, 'v1'))
    await expect(
      db.transaction((tx) => convertToInvoice(tx, { id: 'v2', key: 'v2', proformaId: 'v1', issuedAt: instant(5) })),
    ).rejects.toMatchObject({ code: 'ProformaUsed' })
  })

  test('credit notes in pieces give back exactly the invoice, never more (M9)', async () => {
    await invoice('cr')
    const credit = (id: string, lines: Parameters<typeof creditNote>[1]['lines']) =>
      db.transaction((tx) => creditNote(tx, { id, key: id, invoiceId: 'cr', issuedAt: instant(9), lines }))

    const first = await credit('cr-1', [{ line: 1, netRial: rial(333_333) }])
    expect((await credit('cr-1', 'all')).created).toBe(false)
    await expect(credit('cr-x', [{ line: 1, netRial: rial(666_673) }])).rejects.toMatchObject({
      code: 'CreditExceedsLine',
    })
    const rest = await Promise.allSettled([credit('cr-2', 'all'), credit('cr-3', 'all')])

    expect(rest.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [sum] = await db.execute(
      sql`select sum(net_rial) as net, sum(tax_rial) as tax from invoices where corrects_id = 'cr'`,
    )
    expect(sum).toEqual({ net: 1_000_338, tax: 100_034 })
    expect(first.invoice).toMatchObject({ kind: 'credit-note', netRial: 333_333, taxRial: 33_334 })
  })

  test('a committed document never changes but for its payment, and never goes', async () => {
    await invoice('fix')
    expect([await markPaid(db, 'fix', instant(3)), await markPaid(db, 'fix', instant(4))]).toEqual([true, false])
    for (const change of [
      `update invoices set net_rial = 1, total_rial = 1 + tax_rial where id = 'fix'`,
      `update invoices set due_on = '2030-01-01' where id = 'fix'`,
      `delete from invoices where id = 'fix'`,
      `update invoice_lines set quantity = 2 where invoice_id = 'fix'`,
      `delete from invoice_lines where invoice_id = 'fix'`,
      'truncate invoice_lines',
    ]) {
      await expect(db.execute(sql.raw(change))).rejects.toMatchObject({ cause: { code: 'SF003' } })
    }
    await expect(
      db.execute(sql`insert into invoice_lines select invoice_id, 9, product_id, description, quantity, unit_rial, list_rial,
        discount_rial, net_rial, taxes, tax_rial, total_rial from invoice_lines where invoice_id = 'fix' and line = 1`),
    ).rejects.toMatchObject({ cause: { code: 'SF005' } })
  })

  test('a subscription is charged once for a period', async () => {
    const period = { subscriptionId: 's-once', periodStart: '2026-11-24' }
    await invoice('p1', period)
    await expect(invoice('p2', period)).rejects.toMatchObject({ cause: { code: '23505' } })
    await proforma('p3', period)
    await db.transaction((tx) => voidProforma(tx, 'p3'))
    await proforma('p4', period)
  })
})

test('M1: every money column is a bigint', async () => {
  const odd = await db.execute(sql`select table_name, column_name, data_type from information_schema.columns
    where table_schema = 'public' and data_type <> 'bigint'
      and (column_name like '%\_rial' or column_name in ('debit', 'credit', 'amount', 'posted', 'held', 'credit_limit', 'balance_after'))`)
  expect(odd).toEqual([])
})

describe('payments (M10)', () => {
  const attempt = (key: string, amount = 1000) =>
    openAttempt(db, { key, pathToken: `token-${key}`, gateway: 'zarinpal', amountRial: rial(amount) })

  test('an attempt has a number for the bank and is the same for the same key', async () => {
    const first = await attempt('a1')
    expect(first.id).toBeGreaterThan(100_000)
    expect(
      await openAttempt(db, { key: 'a1', pathToken: 'other', gateway: 'zarinpal', amountRial: rial(1000) }),
    ).toEqual(first)
    await expect(attempt('a1', 999)).rejects.toMatchObject({ code: 'PaymentKeyReused' })
    expect(await attemptByPathToken(db, 'token-a1')).toEqual(first)
  })

  test('a bank reference is claimed once, by one attempt, also when ten callbacks come at once', async () => {
    const [one, two] = [await attempt('b1'), await attempt('b2')]
    await markSent(db, one.id, 'A000')
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        claimBankRef(db, { attemptId: i % 2 === 0 ? one.id : two.id, bankRef: 'ref-1', at: instant(1) }),
      ),
    )
    expect(claims.filter((claim) => claim === 'claimed')).toHaveLength(1)
    const winner = claims.indexOf('claimed') % 2 === 0 ? one : two
    expect(await claimBankRef(db, { attemptId: winner.id, bankRef: 'ref-1', at: instant(2) })).toBe('already')
    expect(await claimBankRef(db, { attemptId: winner.id, bankRef: 'ref-2', at: instant(2) })).toBe('taken')
    expect(await attemptById(db, winner.id)).toMatchObject({
      status: 'verified',
      bankRef: 'ref-1',
      verifiedAt: instant(1),
    })
  })

  test('a refused claim leaves the transaction around it alive', async () => {
    const [one, two] = [await attempt('d1'), await attempt('d2')]
    await claimBankRef(db, { attemptId: one.id, bankRef: 'ref-d', at: instant(1) })
    await db.transaction(async (tx) => {
      expect(await claimBankRef(tx, { attemptId: two.id, bankRef: 'ref-d', at: instant(1) })).toBe('taken')
      const money = {
        id: 'u1',
        gateway: 'zarinpal',
        bankRef: 'ref-d',
        amountRial: rial(1000),
        reason: 'duplicate' as const,
      }
      expect([await recordUnmatched(tx, money), await recordUnmatched(tx, { ...money, id: 'u2' })]).toEqual([
        true,
        false,
      ])
    })
    expect((await openUnmatched(db)).map(({ id }) => id)).toEqual(['u1'])
    expect([
      await resolveUnmatched(db, 'u1', instant(5), 'wallet'),
      await resolveUnmatched(db, 'u1', instant(6), 'again'),
    ]).toEqual([true, false])
    expect(await openUnmatched(db)).toEqual([])
  })

  test('verified money is never marked as failed; a late verification of a failed attempt still counts', async () => {
    const { id } = await attempt('f1')
    expect(await closeAttempt(db, id, 'failed')).toBe(true)
    expect(await claimBankRef(db, { attemptId: id, bankRef: 'ref-f', at: instant(3) })).toBe('claimed')
    expect(await closeAttempt(db, id, 'failed')).toBe(false)
    expect((await openAttempts(db, '2999-01-01T00:00:00Z')).map((each) => each.id)).toContain(id)
    await markSettled(db, id, instant(4))
    expect(await attemptById(db, id)).toMatchObject({ status: 'settled', settledAt: instant(4) })
    expect((await openAttempts(db, '2999-01-01T00:00:00Z')).map((each) => each.id)).not.toContain(id)
    expect(await attemptsOf(db, 'none')).toEqual([])
  })
})

describe('subscriptions', () => {
  test('those that end soon are due for renewal until a renewal runs, and unpaid ones for collection', async () => {
    await aCustomer(db, 'sub', 'arya')
    const { id: orderId } = await anOrder(db, { customerId: 'sub' })
    const make = (id: string, expires: number) =>
      createSubscription(db, {
        id,
        orderId,
        customerId: 'sub',
        productId: 'adsl-16',
        startsAt: instant(0),
        expiresAt: instant(expires),
      })
    await make('s1', 10)
    await make('s2', 20)
    await make('s3', 30)
    await make('s4', 10)
    await changeSubscription(db, 's4', { status: 'collected' })
    const due = async () => (await dueForRenewal(db, { before: instant(25), limit: 10 })).map(({ id }) => id)

    expect(await due()).toEqual(['s1', 's2'])
    await anOrder(db, { kind: 'renewal', subscriptionId: 's1' })
    expect(await due()).toEqual(['s2'])
    expect((await dueForRenewal(db, { before: instant(99), after: 's2', limit: 10 })).map(({ id }) => id)).toEqual([
      's3',
    ])
    expect(await make('s1', 99)).toMatchObject({ expiresAt: instant(10) })
    expect((await listSubscriptions(db, { customerId: 'sub', status: 'active' })).map(({ id }) => id).sort()).toEqual([
      's1',
      's2',
      's3',
    ])

    await invoice('i1', { subscriptionId: 's2', dueOn: '2026-10-01', periodStart: '2026-09-01' })
    await invoice('i2', { subscriptionId: 's2', dueOn: '2026-09-01', periodStart: '2026-08-01' })
    await invoice('i3', { subscriptionId: 's3', dueOn: '2026-12-01' })
    const collectable = async () =>
      (await dueForCollection(db, { before: '2026-11-24', limit: 10 })).map(({ invoiceId }) => invoiceId)
    expect(await collectable()).toEqual(['i2'])
    await anOrder(db, { kind: 'collection', subscriptionId: 's2' })
    expect(await collectable()).toEqual([])
  })
})
