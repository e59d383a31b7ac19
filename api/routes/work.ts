import { z } from 'zod'
import { workCounts, workList } from '../../db/work.ts'
import { cursorOf, parseCursor } from '../cursor.ts'
import type { DefinitionStore } from '../definition-store.ts'
import { type Route, route } from '../route.ts'
import { flag, id, limit, text } from '../schemas.ts'
import { labelled, orderRow, state } from './orders.ts'

/** The to-do list of whoever asks (MT2, WF26). */
export function workRoutes(store: DefinitionStore): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/work',
      summary: 'Orders that wait for one of the caller’s roles within that role’s reach, most urgent first',
      auth: 'work.read',
      input: {
        query: z.strictObject({
          definition: id.optional(),
          late: flag.optional(),
          cursor: z.string().max(300).optional(),
          limit,
        }),
      },
      output: z.object({
        /** Each counts at most 10,000. */
        counts: z.object({ waiting: z.int(), late: z.int() }),
        orders: z.array(orderRow.extend({ states: z.array(state), label: text, late: z.boolean() })),
        next: z.string().nullable(),
      }),
      async handler({ query, who, now, inReach }) {
        const definition = query.definition === undefined ? {} : { definition: query.definition }
        return inReach(async (tx) => {
          const rows = await workList(tx, {
            scope: who,
            ...definition,
            ...(query.late !== undefined && { late: query.late }),
            ...(query.cursor !== undefined && { after: endOf(query.cursor) }),
            limit: query.limit,
          })
          const orders = []
          for (const row of rows) {
            const loaded = await store.load(tx, row.definitionId, row.definitionVersion)
            const late = row.dueAt !== null && Date.parse(row.dueAt) < now.getTime()
            orders.push({ ...row, states: labelled(loaded, row.states), label: loaded.definition.label, late })
          }
          const last = rows.at(-1)
          return {
            counts: await workCounts(tx, { scope: who, ...definition }),
            orders,
            next: rows.length === query.limit && last !== undefined ? cursorAfter(last) : null,
          }
        })
      },
    }),
  ]
}

const cursorAfter = ({ dueAt, createdAt, id }: { dueAt: string | null; createdAt: string; id: string }) =>
  cursorOf({ at: createdAt, id: `${dueAt ?? ''}|${id}` })

function endOf(cursor: string) {
  const { at, id } = parseCursor(cursor)
  const bar = id.indexOf('|')
  const due = id.slice(0, Math.max(bar, 0))
  return { createdAt: at, id: id.slice(bar + 1), dueAt: Number.isNaN(Date.parse(due)) ? null : due }
}
