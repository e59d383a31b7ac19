import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { testDatabase } from '../dev/test-database.ts'
import { rial } from '../domain/money.ts'
import { exchangeLines, receiptLines } from '../domain/postings.ts'
import { saveChartAccount } from './chart.ts'
import { createDb } from './client.ts'
import { addRate, currencyOf, rateAt } from './exchange-rates.ts'
import { expireHolds, holdsOf, placeHold, postHold, voidHold } from './holds.ts'
import { balanceOf, entryById, post, reverseEntry, statementOf, trialBalance, verifyLedger } from './ledger.ts'
import { aCustomer, aWorld, instant } from './test-rows.ts'
import { setCreditLimit, walletsOf } from './wallets.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let db: ReturnType<typeof createDb>

beforeAll(async () => {
  database = await testDatabase()
  db = createDb(database.url, { max: 20 })
  await aWorld(db)
  for (const id of ['c1', 'w', 'h', 'x']) await aCustomer(db, id, 'arya')
})
afterAll(async () => {
  expect(await verifyLedger(db)).toEqual([])
  await db.close()
  await database.drop()
})

const entry = (key: string, amount: number, debit = '2100:c1', credit = '1200:c1') => ({
  key,
  at: instant(0),
  description: 'test',
  lines: [
    { account: debit, debitRial: rial(amount) },
    { account: credit, creditRial: rial(amount) },
  ],
})
const posting = (...input: Parameters<typeof entry>) => db.transaction((tx) => post(tx, entry(...input)))
const codeOf = (fault: { code?: string; cause?: { code?: string } }) => fault.cause?.code ?? fault.code

describe('journal', () => {
  test('the same key is posted once, also at once; with other lines it is refused', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => posting('e1', 500, '1101:bank', '2100:c1')))
    expect(results.filter(({ posted }) => posted)).toHaveLength(1)
    await expect(posting('e1', 501, '1101:bank', '2100:c1')).rejects.toMatchObject({ code: 'PostingKeyReused' })
    expect(await Promise.all(['1101:bank', '2100:c1', '2100:none'].map((id) => balanceOf(db, id)))).toEqual([
      500, 500, 0,
    ])
    expect(await statementOf(db, '2100:c1')).toMatchObject([{ key: 'e1', debit: 0, credit: 500, balanceAfter: 500 }])
  })

  test('an entry that does not balance is refused here and, past the program, by the database when the transaction ends', async () => {
    const bad = {
      ...entry('bad', 5),
      lines: [
        { account: '1101:x', debitRial: rial(5) },
        { account: '2100:x', creditRial: rial(4) },
      ],
    }
    await expect(db.transaction((tx) => post(tx, bad))).rejects.toMatchObject({ code: 'UnbalancedPosting' })
    const raw = (lines: string) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`insert into journal_entries (key, at, description) values ('raw', now(), 'raw')`)
        if (lines !== '')
          await tx.execute(
            sql.raw(`insert into journal_lines (entry_id, account_id, debit, credit, currency) values ${lines}`),
          )
      })
    const id = `(select id from journal_entries where key = 'raw')`
    for (const lines of [
      '',
      `(${id}, '1101:bank', 5, 0, 'IRR')`,
      `(${id}, '1101:bank', 5, 0, 'IRR'), (${id}, '2100:c1', 0, 4, 'IRR')`,
      `(${id}, '1101:bank', 5, 0, 'IRR'), (${id}, '2100:c1', 0, 5, 'USD')`,
    ]) {
      expect(await raw(lines).catch(codeOf)).toBe('SF004')
    }
    expect(await trialBalance(db)).toEqual({ IRR: 0 })
  })

  test.each(['9999', '1101', '1102:x', '2100:nobody', '2110:nobody', '21', 'x'])(
    'account %s is refused: not in the chart, without its owner, or of an owner who is not there',
    async (account) => {
      await expect(posting(`odd-${account}`, 1, account)).rejects.toMatchObject({ code: 'UnknownAccount' })
    },
  )

  test('nothing is edited; an entry is taken back once, by its mirror image', async () => {
    for (const table of ['journal_entries', 'journal_lines'])
      for (const change of [`update ${table} set id = id`, `delete from ${table}`, `truncate ${table} cascade`])
        await expect(db.execute(sql.raw(change))).rejects.toMatchObject({ cause: { code: 'SF003' } })
    const { entryId } = await posting('wrong', 70, '1102', '2100:x')
    const back = (key: string) =>
      db.transaction((tx) =>
        reverseEntry(tx, entryId ?? 0, { key, at: instant(1), actor: 'u1', description: 'posted twice' }),
      )
    const results = await Promise.allSettled([back('back'), back('back'), back('again')])
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
    const [winner] = await db.execute<{ id: number }>(
      sql`select id from journal_entries where reverses_id = ${entryId}`,
    )
    expect(await entryById(db, winner?.id ?? 0)).toMatchObject({
      reversesId: entryId,
      lines: [
        { accountId: '1102', credit: 70 },
        { accountId: '2100:x', debit: 70 },
      ],
    })
    expect(await balanceOf(db, '2100:x')).toBe(0)
  })

  test('a statement reproduces the balance line by line, for a person and for an account that many post to', async () => {
    for (let i = 1; i <= 7; i++) await posting(`line-${i}`, i, '1101:lines', '2100:h')
    for (const account of ['2100:h', '1101:lines']) {
      const pages = [await statementOf(db, account, { limit: 3 })]
      for (let last = pages[0]?.at(-1); last !== undefined; last = pages.at(-1)?.at(-1))
        pages.push(await statementOf(db, account, { limit: 3, before: last.id }))
      const lines = pages.flat().reverse()
      let sum = 0
      for (const line of lines) {
        sum += account.startsWith('1') ? line.debit - line.credit : line.credit - line.debit
        expect(line.balanceAfter).toBe(sum)
      }
      expect([lines.length, sum]).toEqual([7, await balanceOf(db, account)])
    }
  })

  test('the chart is changed by rows; the kind of a code in use is not', async () => {
    const code = { code: '1105', kind: 'asset' as const, party: 'none' as const, bounded: false, active: true }
    await saveChartAccount(db, { ...code, labelFa: 'تنخواه', labelEn: 'Petty cash' })
    await posting('petty', 9, '1105', '1102')
    await saveChartAccount(db, { ...code, labelFa: 'تنخواه', labelEn: 'Petty cash', active: false })
    await saveChartAccount(db, { ...code, labelFa: 'تنخواه', labelEn: 'Float' })
    await expect(
      saveChartAccount(db, { ...code, kind: 'expense', labelFa: 'تنخواه', labelEn: 'Petty cash' }),
    ).rejects.toMatchObject({ cause: { code: 'SF003' } })
  })
})

describe('M11: a wallet is checked and changed in one transaction', () => {
  test('it never goes below its limit, however many pay at once, and whoever writes the lines', async () => {
    await posting('fund', 1000, '1101:bank', '2100:w')
    await db.transaction((tx) => setCreditLimit(tx, '2100:w', rial(50)))
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => posting(`spend-${i}`, 100, '2100:w', '1200:w')),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    await posting('spend-limit', 50, '2100:w', '1200:w')
    await expect(posting('spend-more', 1, '2100:w', '1200:w')).rejects.toMatchObject({ code: 'InsufficientFunds' })
    await expect(db.transaction((tx) => setCreditLimit(tx, '2100:w', rial(49)))).rejects.toMatchObject({
      code: 'LimitInUse',
    })
    expect(await walletsOf(db, '2100:w')).toMatchObject([{ posted: -50, creditLimit: 50, available: 0 }])
    await expect(
      db.execute(sql`update account_balances set held = 1 where account_id = '2100:w'`),
    ).rejects.toMatchObject({ cause: { constraint_name: 'account_balances_within' } })
  })

  const hold = (key: string, amount: number, account = '2100:h', expires = 1000) =>
    db.transaction((tx) =>
      placeHold(tx, {
        id: `hold-${key}`,
        key,
        account,
        amount: rial(amount),
        reason: 'order',
        at: instant(0),
        expiresAt: instant(expires),
      }),
    )
  const take = (key: string, amount: number, account = '2100:h') =>
    db.transaction((tx) =>
      postHold(tx, `hold-${key}`, {
        at: instant(2),
        description: 'taken',
        lines: entry('', amount, account, account.replace('2100', '1200')).lines,
      }),
    )
  const free = (key: string) => db.transaction((tx) => voidHold(tx, `hold-${key}`, instant(3)))

  test('a hold is taken, freed or expires, once; what is over is free again', async () => {
    await posting('hold-fund', 100, '1101:bank', '2100:h') // 128 with the lines above
    expect((await hold('a', 100)).created).toBe(true)
    expect((await hold('a', 100)).created).toBe(false)
    await expect(hold('a', 99)).rejects.toMatchObject({ code: 'HoldKeyReused' })
    await expect(hold('b', 29)).rejects.toMatchObject({ code: 'InsufficientFunds' })
    await expect(posting('beside', 29, '2100:h', '1200:h')).rejects.toMatchObject({ code: 'InsufficientFunds' })
    expect(await take('a', 101).catch(codeOf)).toBe('SF009')
    expect(await take('a', 60)).toMatchObject({ status: 'posted' })
    expect(await take('a', 60)).toMatchObject({ status: 'posted' })
    await expect(free('a')).rejects.toMatchObject({ code: 'HoldEnded' })
    expect(await walletsOf(db, '2100:h')).toMatchObject([{ posted: 68, held: 0, available: 68 }])

    await hold('c', 60, '2100:h', 5)
    await expect(take('d', 1)).rejects.toMatchObject({ code: 'NoSuchHold' })
    expect(await db.transaction((tx) => expireHolds(tx, instant(4)))).toBe(0)
    expect(await db.transaction((tx) => expireHolds(tx, instant(5)))).toBe(1)
    await expect(take('c', 60)).rejects.toMatchObject({ code: 'HoldEnded' })
    expect((await holdsOf(db, '2100:h', 'expired')).map(({ key }) => key)).toEqual(['c'])
    for (const change of [`set amount = 1`, `set status = 'pending'`, `set status = 'void'`])
      await expect(db.execute(sql.raw(`update holds ${change} where key = 'c'`))).rejects.toMatchObject({
        cause: { code: 'SF009' },
      })
  })

  test('200 parallel holds, posts and voids never break the limit, and end where their answers say', async () => {
    await aCustomer(db, 'busy', 'arya')
    const account = '2100:busy'
    await posting('busy-fund', 1_000, '1101:bank', account)
    const work = Array.from({ length: 200 }, async (_, i) => {
      await hold(`busy-${i}`, 20, account)
      if (i % 3 === 0) return free(`busy-${i}`).then(() => 0)
      if (i % 3 === 1) return take(`busy-${i}`, 15, account).then(() => 15)
      return posting(`busy-spend-${i}`, 5, account, '1200:busy').then(() => 5)
    })
    const done = await Promise.allSettled(work)
    const faults = done.flatMap((each) => (each.status === 'rejected' ? [(each.reason as { code: string }).code] : []))
    expect(new Set(faults)).toEqual(new Set(['InsufficientFunds']))
    const spent = done.reduce((sum, each) => sum + (each.status === 'fulfilled' ? each.value : 0), 0)
    const [wallet] = await walletsOf(db, account)
    const pending = await holdsOf(db, account, 'pending')
    expect(wallet).toMatchObject({ posted: 1_000 - spent, held: pending.length * 20 })
    expect(wallet?.available).toBeGreaterThanOrEqual(0)
  })
})

type Event =
  | { kind: 'receive' | 'spend' | 'hold'; key: number; amount: number }
  | { kind: 'take' | 'free'; key: number; percent: number }

describe('the book against a model in memory', () => {
  const key = fc.integer({ min: 0, max: 5 })
  const amount = fc.integer({ min: 1, max: 400 })
  const event: fc.Arbitrary<Event> = fc.oneof(
    fc.record({ kind: fc.constantFrom('receive' as const, 'spend' as const, 'hold' as const), key, amount }),
    fc.record({
      kind: fc.constantFrom('take' as const, 'free' as const),
      key,
      percent: fc.integer({ min: 1, max: 100 }),
    }),
  )

  test('any events, with duplicates and refusals among them, give the balances of the model, at every prefix', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 10, maxLength: 30 }),
        fc.integer({ min: 0, max: 300 }),
        async (events, limit) => {
          run += 1
          const who = `m${run}-${Date.now()}`
          await aCustomer(db, who, 'arya')
          await db.transaction((tx) => setCreditLimit(tx, `2100:${who}`, rial(limit)))
          const model = createModel(limit)
          for (const each of events) {
            const done = await apply(who, each)
              .then(() => true)
              .catch((fault) => {
                if (fault?.code === undefined) throw fault
                return false
              })
            expect([each, done]).toEqual([each, model.apply(each)])
            const [wallet] = await walletsOf(db, `2100:${who}`)
            expect({ posted: wallet?.posted, held: wallet?.held }).toEqual(model.balance())
          }
        },
      ),
      { numRuns: 8 },
    )
    expect(await verifyLedger(db)).toEqual([])
  })

  test('the same events in any order, all at once and twice, give the same balances', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ kind: fc.constantFrom('receive' as const, 'spend' as const), key, amount }), {
          minLength: 5,
          maxLength: 25,
        }),
        fc.infiniteStream(fc.nat()),
        async (events, order) => {
          const unique = Array.from(new Map(events.map((each) => [`${each.kind}${each.key}`, each])).values())
          const ends: number[] = []
          for (const side of ['a', 'b']) {
            const who = `${side}${ends.length}-${order.next().value}-${Date.now()}`
            await aCustomer(db, who, 'arya')
            await db.transaction((tx) => setCreditLimit(tx, `2100:${who}`, rial(1_000_000)))
            const shuffled = [...unique, ...unique].sort(() => (order.next().value % 2 === 0 ? 1 : -1))
            await Promise.all(shuffled.map((each) => apply(who, each)))
            ends.push(await balanceOf(db, `2100:${who}`))
          }
          expect(ends[0]).toBe(ends[1])
          expect(ends[0]).toBe(
            unique.reduce((sum, { kind, amount }) => sum + (kind === 'receive' ? amount : -amount), 0),
          )
        },
      ),
      { numRuns: 4 },
    )
    expect(await verifyLedger(db)).toEqual([])
    expect(Object.values(await trialBalance(db)).every((sum) => sum === 0)).toBe(true)
  })

  async function apply(who: string, each: Event): Promise<unknown> {
    const [wallet, other] = [`2100:${who}`, `1200:${who}`]
    const id = `${who}-${each.key}`
    switch (each.kind) {
      case 'receive':
        return posting(`in-${id}`, each.amount, '1102', wallet)
      case 'spend':
        return posting(`out-${id}`, each.amount, wallet, other)
      case 'hold':
        return db.transaction((tx) =>
          placeHold(tx, {
            id,
            key: id,
            account: wallet,
            amount: rial(each.amount),
            reason: 'm',
            at: instant(0),
            expiresAt: instant(9),
          }),
        )
      case 'take': {
        const held = (await holdsOf(db, wallet)).find((one) => one.id === id)?.amount ?? 1
        const part = rial(Math.ceil((held * each.percent) / 100))
        const lines = entry('', part, wallet, other).lines
        return db.transaction((tx) => postHold(tx, id, { at: instant(1), description: 'm', lines }))
      }
      case 'free':
        return db.transaction((tx) => voidHold(tx, id, instant(1)))
      default:
        return each satisfies never
    }
  }
})

/** What M11 says, without a database: answers whether an event is permitted. */
function createModel(limit: number) {
  let posted = 0
  const entries = new Map<string, number>()
  const held = new Map<number, { amount: number; status: 'pending' | 'posted' | 'void' }>()
  const pending = () =>
    [...held.values()].reduce((sum, { amount, status }) => sum + (status === 'pending' ? amount : 0), 0)
  const once = (key: string, delta: number): boolean => {
    const before = entries.get(key)
    if (before !== undefined) return before === delta
    if (posted + delta - pending() + limit < 0) return false
    entries.set(key, delta)
    posted += delta
    return true
  }
  return {
    balance: () => ({ posted, held: pending() }),
    apply(event: Event): boolean {
      switch (event.kind) {
        case 'receive':
          return once(`in-${event.key}`, event.amount)
        case 'spend':
          return once(`out-${event.key}`, -event.amount)
        case 'hold': {
          const before = held.get(event.key)
          if (before !== undefined) return before.amount === event.amount
          if (posted - pending() - event.amount + limit < 0) return false
          held.set(event.key, { amount: event.amount, status: 'pending' })
          return true
        }
        case 'take': {
          const one = held.get(event.key)
          if (one === undefined || one.status === 'void') return false
          if (one.status === 'posted') return true
          one.status = 'posted'
          posted -= Math.ceil((one.amount * event.percent) / 100)
          return true
        }
        case 'free': {
          const one = held.get(event.key)
          if (one === undefined || one.status === 'posted') return false
          one.status = 'void'
          return true
        }
        default:
          return event satisfies never
      }
    },
  }
}

describe('currencies', () => {
  test('stand on ledgers of their own; an exchange is two transfers by way of the position', async () => {
    await posting('fx-fund', 5_000_000, '1101:bank', '2100:x')
    const lines = exchangeLines(
      { account: '2100:x', currency: 'IRR', amount: rial(4_493_827) },
      { account: '2100:x', currency: 'USD', amount: rial(400) },
    )
    await db.transaction((tx) => post(tx, { key: 'fx', at: instant(0), description: 'exchange', lines }))
    expect([await balanceOf(db, '2100:x'), await balanceOf(db, '2100:x', 'USD')]).toEqual([506_173, 400])
    expect(await trialBalance(db)).toEqual({ IRR: 0, USD: 0 })
    await expect(
      db.transaction((tx) =>
        post(tx, {
          ...entry('fx-2', 1),
          lines: receiptLines('1102', 'x', rial(1)).map((l) => ({ ...l, currency: 'XXX' })),
        }),
      ),
    ).rejects.toMatchObject({ cause: { code: '23503' } })
    await expect(currencyOf(db, 'XXX')).rejects.toMatchObject({ code: 'UnknownCurrency' })
  })

  test('M13: the rate is that of the instant; a source that fell silent is refused', async () => {
    const rate = { base: 'USD', quote: 'IRR', source: 'test', denominator: 1 }
    expect(await addRate(db, { ...rate, validFrom: instant(0), numerator: 1_100_000 })).toBe(true)
    expect(await addRate(db, { ...rate, validFrom: instant(0), numerator: 9 })).toBe(false)
    await addRate(db, { ...rate, validFrom: instant(3600), numerator: 1_200_000 })
    const at = (second: number) => rateAt(db, { a: 'IRR', b: 'USD', at: instant(second), maxAgeHours: 24 })
    expect([(await at(3599)).numerator, (await at(3600)).numerator]).toEqual([1_100_000, 1_200_000])
    await expect(at(-1)).rejects.toMatchObject({ code: 'NoFreshRate' })
    await expect(at(3600 * 25 + 1)).rejects.toMatchObject({ code: 'NoFreshRate' })
    await expect(db.execute(sql`update exchange_rates set numerator = 1`)).rejects.toMatchObject({
      cause: { code: 'SF003' },
    })
  })
})
