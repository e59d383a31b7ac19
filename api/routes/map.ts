import { z } from 'zod'
import { listCustomers } from '../../db/customers.ts'
import { type DefinitionRow, listDefinitions } from '../../db/definitions.ts'
import { listInvoices } from '../../db/invoices.ts'
import { listOrders } from '../../db/orders.ts'
import { stateMap } from '../../db/state-map.ts'
import { foldText, searchText } from '../../domain/identity.ts'
import type { DefinitionStore } from '../definition-store.ts'
import { mayCall } from '../permissions.ts'
import { notFound } from '../problem.ts'
import { type Route, route } from '../route.ts'
import { id, instantInput, searchWords, text } from '../schemas.ts'
import { invoiceShape } from './invoices.ts'
import { orderRow } from './orders.ts'

const counted = z.object({
  id: z.string(),
  label: text,
  stage: z.string().nullable(),
  kind: z.string(),
  parent: z.string().nullable(),
  owner: z.string().nullable(),
  count: z.int(),
  late: z.int(),
})

const limit = 10

const filters = {
  agent: id.optional(),
  city: id.optional(),
  centre: id.optional(),
  product: id.optional(),
  from: instantInput.optional(),
  to: instantInput.optional(),
}

/** The map after login (WF5) and the search over everything. */
export function mapRoutes(store: DefinitionStore): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/map',
      summary: 'All processes with the number of orders in reach, and how many are late',
      auth: 'map.read',
      input: { query: z.strictObject(filters) },
      output: z.object({
        definitions: z.array(
          z.object({ id: z.string(), kind: z.string(), label: text, version: z.int(), count: z.int(), late: z.int() }),
        ),
      }),
      async handler({ query, who, inReach }) {
        return inReach(async (tx) => {
          const counts = await stateMap(tx, { scope: who, filters: present(query) })
          const current = (await listDefinitions(tx)).filter((definition) => definition.current)
          return {
            definitions: current.map(({ id: definitionId, kind, version, labelFa, labelEn }) => {
              const of = counts.filter((count) => count.definitionId === definitionId)
              return {
                id: definitionId,
                kind,
                version,
                label: { fa: labelFa, en: labelEn },
                count: of.reduce((sum, { count }) => sum + count, 0),
                late: of.reduce((sum, { late }) => sum + late, 0),
              }
            }),
          }
        })
      },
    }),
    route({
      method: 'get',
      path: '/v1/map/:definition',
      summary: 'The map of one process: every state with its label and its number of orders in reach',
      auth: 'map.read',
      input: { params: z.strictObject({ definition: id }), query: z.strictObject(filters) },
      output: z.object({ id: z.string(), version: z.int(), label: text, states: z.array(counted) }),
      async handler({ params, query, who, inReach }) {
        return inReach(async (tx) => {
          const current = (await listDefinitions(tx, params.definition)).find((definition) => definition.current)
          if (current === undefined) throw notFound()
          const { definition, states } = await store.load(tx, params.definition, current.version)
          const counts = await stateMap(tx, { scope: who, definition: params.definition, filters: present(query) })
          const known = [...states.values()].map((state) => ({ ...state, ...countOf(counts, state.id) }))
          // Orders of older versions may stand in states that the current one has no more.
          const former = counts
            .filter(({ state }) => !states.has(state))
            .map(({ state, count, late }) => ({
              id: state,
              label: { fa: state, en: state },
              stage: null,
              kind: 'former',
              parent: null,
              owner: null,
              count,
              late,
            }))
          return {
            id: params.definition,
            version: current.version,
            label: definition.label,
            states: [...known, ...former],
          }
        })
      },
    }),
    route({
      method: 'get',
      path: '/v1/search',
      summary:
        'Everything in reach that holds the words, ten of each: orders by number, line or customer; customers by name, national id or number; documents of account by number; processes by name. Letters and digits may be Persian, Arabic or Latin',
      auth: 'orders.read',
      input: { query: z.strictObject({ q: searchWords }) },
      output: z.object({
        orders: z.array(orderRow),
        customers: z.array(z.object({ id: z.string(), name: z.string(), kind: z.string() })),
        invoices: z.array(invoiceShape),
        definitions: z.array(z.object({ id: z.string(), kind: z.string(), label: text, version: z.int() })),
      }),
      async handler({ query: { q: search }, who, inReach }) {
        const words = foldText(search)
        if (words === '') return { orders: [], customers: [], invoices: [], definitions: [] }
        const held = who.assignments.map(({ role }) => role)
        return inReach(async (tx) => ({
          orders: (await listOrders(tx, { scope: who, search, limit })).rows,
          customers: await listCustomers(tx, { search, limit }),
          invoices: mayCall('invoices.read', held) ? await listInvoices(tx, { search, limit }) : [],
          definitions: named(await listDefinitions(tx), words),
        }))
      },
    }),
  ]
}

/** Processes in use whose id or name holds each of the folded words. */
function named(all: DefinitionRow[], words: string) {
  return all
    .filter(({ current }) => current)
    .filter(({ id, labelFa, labelEn }) => {
      const text = searchText([id, labelFa, labelEn])
      return words.split(' ').every((word) => text.includes(word))
    })
    .slice(0, limit)
    .map(({ id, kind, version, labelFa, labelEn }) => ({ id, kind, version, label: { fa: labelFa, en: labelEn } }))
}

function countOf(counts: { state: string; count: number; late: number }[], state: string) {
  const found = counts.find((count) => count.state === state)
  return { count: found?.count ?? 0, late: found?.late ?? 0 }
}

/** Only what was given: an absent filter is not an undefined one. */
function present<T extends object>(query: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
