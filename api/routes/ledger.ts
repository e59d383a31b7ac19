import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import { accountsOf, chartWithBalances, saveChartAccount } from '../../db/chart.ts'
import { addRate, currencyOf, listCurrencies, ratesOf } from '../../db/exchange-rates.ts'
import { entryById, listEntries, post, reverseEntry, trialBalance, verifyLedger } from '../../db/ledger.ts'
import { parseDecimal } from '../../domain/currency.ts'
import { rial as toRial } from '../../domain/money.ts'
import { forbidden, notFound } from '../problem.ts'
import { Reply, type Route, route } from '../route.ts'
import { byId, id, instant, instantInput, limit, name, rial, textInput } from '../schemas.ts'

const chartShape = z.object({
  code: z.string(),
  kind: z.string(),
  party: z.string(),
  bounded: z.boolean(),
  labelFa: z.string(),
  labelEn: z.string(),
  active: z.boolean(),
})
const entryShape = z.object({
  id: z.int(),
  key: z.string(),
  at: instant,
  description: z.string(),
  orderId: z.string().nullable(),
  actor: z.string().nullable(),
  reversesId: z.int().nullable(),
  lines: z.array(
    z.object({ accountId: z.string(), debit: rial, credit: rial, currency: z.string(), balanceAfter: rial.nullable() }),
  ),
})
const accountId = z.string().regex(/^\d{4}(:[\w.:-]{1,100})?$/)
const amount = z.int().min(1)
const currency = z.string().regex(/^[A-Z]{3}$/)
const entryId = z.strictObject({ id: z.coerce.number().int().positive() })

/** The book: chart of accounts, journal, rates. Amounts are in the minor unit of their currency (M1). */
export const ledgerRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/ledger/accounts',
    summary: 'Chart of accounts with the balance of each code in Rial; with `code`, its accounts by currency',
    auth: 'ledger.read',
    input: { query: z.strictObject({ code: z.string().length(4).optional(), after: accountId.optional(), limit }) },
    output: z.object({
      chart: z.array(chartShape.extend({ balanceRial: rial })),
      accounts: z.array(
        z.object({ id: z.string(), currency: z.string(), posted: rial, held: rial, creditLimit: rial }),
      ),
    }),
    handler: async ({ query, inReach }) =>
      inReach(async (tx) =>
        query.code === undefined
          ? { chart: await chartWithBalances(tx), accounts: [] }
          : {
              chart: [],
              accounts: await accountsOf(tx, {
                code: query.code,
                limit: query.limit,
                ...(query.after !== undefined && { after: query.after }),
              }),
            },
      ),
  }),
  route({
    method: 'put',
    path: '/v1/ledger/accounts/:id',
    summary: 'Add a code to the chart of accounts, or change one',
    auth: 'ledger.chart',
    input: {
      params: z.strictObject({ id: z.string().regex(/^\d{4}$/) }),
      body: z.strictObject({
        kind: z.enum(['asset', 'liability', 'income', 'expense']),
        party: z.enum(['none', 'customer', 'partner', 'terminal', 'code']).default('none'),
        bounded: z.boolean().default(false),
        label: textInput,
        active: z.boolean().default(true),
      }),
    },
    output: chartShape,
    async handler({ deps, who, params, body, now, ip }) {
      const { label, ...columns } = body
      const account = { ...columns, code: params.id, labelFa: label.fa, labelEn: label.en }
      await deps.db.transaction(async (tx) => {
        await saveChartAccount(tx, account)
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'chart.save',
          entity: 'chart-account',
          entityId: params.id,
          detail: account,
          ip,
        })
      })
      return account
    },
  }),
  route({
    method: 'get',
    path: '/v1/ledger/entries',
    summary: 'Journal entries with their lines, newest first',
    auth: 'ledger.read',
    input: {
      query: z.strictObject({
        account: accountId.optional(),
        order: id.optional(),
        from: instantInput.optional(),
        to: instantInput.optional(),
        before: z.coerce.number().int().positive().optional(),
        limit,
      }),
    },
    output: z.object({ entries: z.array(entryShape), next: z.int().nullable() }),
    async handler({ query, inReach }) {
      const { account, order, from, to, before } = query
      const entries = await inReach((tx) =>
        listEntries(tx, {
          limit: query.limit,
          ...(account !== undefined && { account }),
          ...(order !== undefined && { orderId: order }),
          ...(from !== undefined && { from }),
          ...(to !== undefined && { to }),
          ...(before !== undefined && { before }),
        }),
      )
      return { entries, next: entries.length === query.limit ? (entries.at(-1)?.id ?? null) : null }
    },
  }),
  route({
    method: 'get',
    path: '/v1/ledger/entries/:id',
    summary: 'One journal entry',
    auth: 'ledger.read',
    input: { params: entryId },
    output: entryShape,
    async handler({ params, inReach }) {
      const found = await inReach((tx) => entryById(tx, params.id))
      if (found === null) throw notFound()
      return found
    },
  }),
  route({
    method: 'post',
    path: '/v1/ledger/entries',
    summary: 'Post an entry by hand; debits and credits of each currency are equal',
    auth: 'ledger.post',
    input: {
      body: z.strictObject({
        description: name,
        orderId: id.optional(),
        lines: z
          .array(
            z.strictObject({
              account: accountId,
              side: z.enum(['debit', 'credit']),
              amount,
              currency: currency.default('IRR'),
            }),
          )
          .min(2)
          .max(100),
      }),
    },
    output: entryShape,
    status: 201,
    async handler({ deps, who, body, key, now, ip }) {
      return deps.db.transaction(async (tx) => {
        for (const { currency } of body.lines) await currencyOf(tx, currency)
        const { entryId } = await post(tx, {
          key: `hand:${who.id}:${key}`,
          at: now.toISOString(),
          description: body.description,
          orderId: body.orderId ?? null,
          actor: who.id,
          lines: body.lines.map(({ account, side, amount, currency }) =>
            side === 'debit'
              ? { account, currency, debitRial: toRial(amount) }
              : { account, currency, creditRial: toRial(amount) },
          ),
        })
        const entry = entryId === null ? null : await entryById(tx, entryId)
        if (entry === null) throw notFound()
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'ledger.post',
          entity: 'journal-entry',
          entityId: String(entry.id),
          detail: { ...body, orderId: body.orderId ?? null },
          ip,
        })
        return new Reply(201, entry, { Location: `/v1/ledger/entries/${entry.id}` })
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/ledger/entries/:id/reversal',
    summary: 'Take an entry back by its mirror image; by another person than the one who posted it',
    auth: 'ledger.post',
    input: { params: entryId, body: z.strictObject({ reason: name }) },
    output: entryShape,
    status: 201,
    async handler({ deps, who, params, body, key, now, ip }) {
      return deps.db.transaction(async (tx) => {
        const entry = await entryById(tx, params.id)
        if (entry === null) throw notFound()
        if (entry.actor === who.id)
          throw forbidden({ fa: 'سند را شخص دیگری باید برگرداند', en: 'Another person must take this entry back' })
        const { entryId } = await reverseEntry(tx, params.id, {
          key: `reversal:${who.id}:${key}`,
          at: now.toISOString(),
          actor: who.id,
          description: body.reason,
        })
        const reversal = entryId === null ? null : await entryById(tx, entryId)
        if (reversal === null) throw notFound()
        await audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'ledger.reverse',
          entity: 'journal-entry',
          entityId: String(params.id),
          detail: { reason: body.reason, reversal: reversal.id },
          ip,
        })
        return new Reply(201, reversal, { Location: `/v1/ledger/entries/${reversal.id}` })
      })
    },
  }),
  route({
    method: 'get',
    path: '/v1/ledger/proof',
    summary: 'Whether the book is whole: sums by currency, and stored balances against the lines',
    auth: 'ledger.prove',
    output: z.object({
      whole: z.boolean(),
      sums: z.record(z.string(), z.int()),
      faults: z.array(z.object({ accountId: z.string(), currency: z.string(), fault: z.string() })),
    }),
    async handler({ inReach }) {
      const { sums, faults } = await inReach(async (tx) => ({
        sums: await trialBalance(tx),
        faults: await verifyLedger(tx),
      }))
      return { whole: faults.length === 0 && Object.values(sums).every((sum) => sum === 0), sums, faults }
    },
  }),
  route({
    method: 'get',
    path: '/v1/exchange-rates',
    summary: 'Currencies, and the rates of one against the Rial, newest first',
    auth: 'catalogue.read',
    input: { query: z.strictObject({ currency: currency.default('USD') }) },
    output: z.object({
      currencies: z.array(z.object({ code: z.string(), exponent: z.int(), labelFa: z.string(), labelEn: z.string() })),
      rates: z.array(
        z.object({
          base: z.string(),
          quote: z.string(),
          numerator: z.int(),
          denominator: z.int(),
          validFrom: instant,
          source: z.string(),
        }),
      ),
    }),
    handler: async ({ query, inReach }) =>
      inReach(async (tx) => ({
        currencies: await listCurrencies(tx),
        rates: await ratesOf(tx, query.currency, 'IRR'),
      })),
  }),
  route({
    method: 'post',
    path: '/v1/exchange-rates',
    summary: 'Keep a rate from an instant on, as a decimal: whole units of `quote` for one of `base`',
    auth: 'ledger.rates',
    input: {
      body: z.strictObject({
        base: currency,
        quote: currency.default('IRR'),
        rate: z.string().max(30),
        validFrom: instantInput.optional(),
        source: byId.shape.id.default('hand'),
      }),
    },
    output: z.object({ kept: z.boolean() }),
    status: 201,
    async handler({ deps, who, body, now, ip }) {
      const { rate, base, quote, source } = body
      const validFrom = new Date(body.validFrom ?? now).toISOString()
      return deps.db.transaction(async (tx) => {
        for (const code of [base, quote]) await currencyOf(tx, code)
        const kept = await addRate(tx, { base, quote, source, validFrom, ...parseDecimal(rate) })
        if (kept)
          await audit(tx, {
            at: now.toISOString(),
            actor: who.id,
            action: 'rate.add',
            entity: 'exchange-rate',
            entityId: `${base}/${quote}`,
            detail: { rate, validFrom, source },
            ip,
          })
        return { kept }
      })
    },
  }),
]
