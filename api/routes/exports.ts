import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import type { Tx } from '../../db/client.ts'
import { countCustomers, listCustomers } from '../../db/customers.ts'
import { namesOf } from '../../db/names.ts'
import { countOrders, listOrders, type OrderRow } from '../../db/orders.ts'
import type { Text } from '../../domain/errors.ts'
import type { DefinitionStore } from '../definition-store.ts'
import { type Column, maxRows, refuseTooMany, type TableSender } from '../export/table.ts'
import { orderFilters, orderFiltersOf } from '../order-filters.ts'
import { type Context, type Route, route } from '../route.ts'
import { customerFilters } from './customers.ts'
import { labelled } from './orders.ts'

const file = {
  format: z.enum(['csv', 'xlsx']),
  /** Language of heads and names; the caller's own unless given. */
  locale: z.enum(['fa', 'en']).optional(),
}
const output = { raw: 'application/octet-stream' }
const pageRows = 200

/** What a list shows after filtering, as a file: streamed page by page, in the caller's reach, written into the audit log. */
export function exportRoutes(store: DefinitionStore, send: TableSender): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/orders/export',
      summary: `Orders in reach that the filters of the list leave, newest first, as CSV or XLSX; more than ${maxRows} rows are refused`,
      auth: 'exports.read',
      input: { query: orderFilters.extend(file) },
      output,
      async handler(context) {
        const { query, who, inReach, res } = context
        const { format, locale = who.locale, ...wanted } = query
        const filters = { ...orderFiltersOf(wanted, who), scope: who }
        refuseTooMany(await inReach((tx) => countOrders(tx, { ...filters, most: maxRows + 1 })))
        await noteExport(context, 'orders', wanted)
        const pages = async function* () {
          let cursor: string | null = null
          do {
            const at: string | null = cursor
            const page = await inReach(async (tx) => {
              const found = await listOrders(tx, { ...filters, limit: pageRows, ...(at !== null && { cursor: at }) })
              return { next: found.next, rows: await shownOrders(tx, store, found.rows, locale) }
            })
            yield page.rows
            cursor = page.next
          } while (cursor !== null)
        }
        const title = { fa: 'سفارش‌ها', en: 'Orders' }
        await send(res, { name: 'orders', title, format, locale, columns: orderColumns }, pages())
      },
    }),
    route({
      method: 'get',
      path: '/v1/customers/export',
      summary: `Customers in reach that the filters of the list leave, newest first, as CSV or XLSX; more than ${maxRows} rows are refused`,
      auth: 'exports.read',
      input: { query: customerFilters.extend(file) },
      output,
      async handler(context) {
        const { query, who, inReach, res } = context
        const { format, locale = who.locale, ...wanted } = query
        const filters = {
          ...(wanted.q !== undefined && { search: wanted.q }),
          ...(wanted.agent !== undefined && { agent: wanted.agent }),
        }
        refuseTooMany(await inReach((tx) => countCustomers(tx, { ...filters, most: maxRows + 1 })))
        await noteExport(context, 'customers', wanted)
        const pages = async function* () {
          let before: { createdAt: string; id: string } | undefined
          for (;;) {
            const at = before
            const page = await inReach(async (tx) => {
              const found = await listCustomers(tx, {
                ...filters,
                limit: pageRows,
                ...(at !== undefined && { before: at }),
              })
              const agents = await namesOf(
                tx,
                'partner',
                found.map(({ partnerId }) => partnerId),
              )
              return found.map((row) => ({ ...row, partner: nameOf(agents, row.partnerId, locale) }))
            })
            yield page
            before = page.at(-1)
            if (page.length < pageRows) return
          }
        }
        const title = { fa: 'مشترکان', en: 'Customers' }
        await send(res, { name: 'customers', title, format, locale, columns: customerColumns }, pages())
      },
    }),
  ]
}

async function noteExport({ who, now, ip, inReach }: Context, what: string, filters: object): Promise<void> {
  const detail = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
  await inReach((tx) =>
    audit(tx, {
      at: now.toISOString(),
      actor: who.id,
      action: 'list.export',
      entity: what,
      entityId: what,
      detail,
      ip,
    }),
  )
}

async function shownOrders(tx: Tx, store: DefinitionStore, rows: OrderRow[], locale: 'fa' | 'en') {
  const partners = await namesOf(
    tx,
    'partner',
    rows.map(({ partnerId }) => partnerId),
  )
  const cities = await namesOf(
    tx,
    'city',
    rows.map(({ cityId }) => cityId),
  )
  const centres = await namesOf(
    tx,
    'centre',
    rows.map(({ centreId }) => centreId),
  )
  const products = await namesOf(
    tx,
    'product',
    rows.map(({ productId }) => productId),
  )
  const shown = []
  for (const row of rows) {
    const loaded = await store.load(tx, row.definitionId, row.definitionVersion)
    shown.push({
      ...row,
      process: loaded.definition.label[locale],
      states: labelled(loaded, row.states).map(({ label }) => label[locale]),
      outcome: row.outcome === null ? null : (loaded.definition.outcomes[row.outcome]?.label[locale] ?? row.outcome),
      partner: nameOf(partners, row.partnerId, locale),
      city: nameOf(cities, row.cityId, locale),
      centre: nameOf(centres, row.centreId, locale),
      product: nameOf(products, row.productId, locale),
    })
  }
  return shown
}

const nameOf = (names: ReadonlyMap<string, Text>, id: string | null, locale: 'fa' | 'en') =>
  id === null ? null : (names.get(id)?.[locale] ?? id)

const orderColumns: Column[] = [
  { key: 'number', label: { fa: 'شماره', en: 'Number' } },
  { key: 'process', label: { fa: 'فرایند', en: 'Process' } },
  { key: 'states', label: { fa: 'وضعیت', en: 'State' } },
  { key: 'status', label: { fa: 'حالت', en: 'Status' } },
  { key: 'outcome', label: { fa: 'نتیجه', en: 'Outcome' } },
  { key: 'customerName', label: { fa: 'مشترک', en: 'Customer' } },
  { key: 'phone', label: { fa: 'تلفن', en: 'Telephone' } },
  { key: 'product', label: { fa: 'محصول', en: 'Product' } },
  { key: 'partner', label: { fa: 'نماینده', en: 'Agent' } },
  { key: 'city', label: { fa: 'شهر', en: 'City' } },
  { key: 'centre', label: { fa: 'مرکز مخابراتی', en: 'Exchange' } },
  { key: 'owners', label: { fa: 'در انتظار', en: 'Waits for' } },
  { key: 'incidentCount', label: { fa: 'رخدادها', en: 'Incidents' } },
  { key: 'createdAt', label: { fa: 'ثبت', en: 'Created' }, kind: 'instant' },
  { key: 'dueAt', label: { fa: 'مهلت', en: 'Due' }, kind: 'instant' },
  { key: 'updatedAt', label: { fa: 'آخرین تغییر', en: 'Updated' }, kind: 'instant' },
  { key: 'endedAt', label: { fa: 'پایان', en: 'Ended' }, kind: 'instant' },
]

const customerColumns: Column[] = [
  { key: 'id', label: { fa: 'شناسه', en: 'Id' } },
  { key: 'name', label: { fa: 'نام', en: 'Name' } },
  { key: 'kind', label: { fa: 'نوع', en: 'Kind' } },
  { key: 'nationalId', label: { fa: 'شناسه ملی', en: 'National id' } },
  { key: 'partner', label: { fa: 'نماینده', en: 'Agent' } },
  { key: 'locale', label: { fa: 'زبان', en: 'Language' } },
  { key: 'createdAt', label: { fa: 'ثبت', en: 'Created' }, kind: 'instant' },
  { key: 'updatedAt', label: { fa: 'آخرین تغییر', en: 'Updated' }, kind: 'instant' },
]
