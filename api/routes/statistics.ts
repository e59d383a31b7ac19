import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import { countedTo } from '../../db/statistics/progress.ts'
import type { Slice } from '../../db/statistics/slice.ts'
import { formatJalali, jalaliOfEpochDay } from '../../domain/jalali.ts'
import type { JsonObject } from '../../domain/json.ts'
import { dayRange } from '../../domain/period.ts'
import type { DefinitionStore } from '../definition-store.ts'
import type { TableSender } from '../export/table.ts'
import { type Context, type Route, route } from '../route.ts'
import { id, instant } from '../schemas.ts'
import { statisticsViews, type View, wordsFor } from '../statistics/views.ts'

const day = z.string().regex(/^1[345]\d\d-\d\d-\d\d$/)

/** Days of the Jalali calendar in Tehran; `to` is the last day. Nothing said: the last 30 days. At most ten years. */
const period = {
  from: day.optional(),
  to: day.optional(),
  day: day.optional(),
  /** The week, from Saturday, that holds this day. */
  week: day.optional(),
  month: z
    .string()
    .regex(/^1[345]\d\d-\d\d$/)
    .optional(),
}

/** Figures for re-engineering (WF15, WF16): each view as JSON, and as CSV or XLSX, in the caller's reach. */
export function statisticsRoutes(store: DefinitionStore, send: TableSender): Route[] {
  return statisticsViews().flatMap((view) => [answered(view, store), exported(view, store, send)])
}

function answered(view: View, store: DefinitionStore): Route {
  return route({
    method: 'get',
    path: `/v1/statistics/${view.name}`,
    summary: view.summary,
    auth: 'statistics.read',
    input: { query: queryOf(view) },
    output: z.object({
      /** First and last day. */
      period: z.object({ from: z.string(), to: z.string() }),
      /** What happened later is not in the figures yet; null before the first count. */
      countedTo: instant.nullable(),
      rows: z.array(view.row),
    }),
    async handler(context) {
      const { slice, rows, counted } = await read(view, store, context)
      const shown = (at: number) => formatJalali(jalaliOfEpochDay(at))
      return {
        period: { from: shown(slice.range.fromDay), to: shown(slice.range.toDay - 1) },
        countedTo: counted,
        rows,
      }
    },
  })
}

function exported(view: View, store: DefinitionStore, send: TableSender): Route {
  return route({
    method: 'get',
    path: `/v1/statistics/${view.name}/export`,
    summary: `${view.title.en} as CSV or XLSX`,
    auth: 'statistics.read',
    input: {
      query: queryOf(view).extend({ format: z.enum(['csv', 'xlsx']), locale: z.enum(['fa', 'en']).optional() }),
    },
    output: { raw: 'application/octet-stream' },
    async handler(context) {
      const { query, who, now, ip, inReach, res } = context
      const { rows } = await read(view, store, context)
      const detail = JSON.parse(JSON.stringify(query)) as JsonObject
      await inReach((tx) =>
        audit(tx, {
          at: now.toISOString(),
          actor: who.id,
          action: 'list.export',
          entity: 'statistics',
          entityId: view.name,
          detail,
          ip,
        }),
      )
      const { format, locale = who.locale } = query
      const batches = async function* () {
        yield rows
      }
      await send(res, { name: view.name, title: view.title, format, locale, columns: view.columns }, batches())
    },
  })
}

const someId = id.optional()
const common = {
  version: z.coerce.number().int().positive().optional(),
  agent: someId,
  city: someId,
  centre: someId,
  ...period,
}

/** What only some views take. */
type Query = z.output<z.ZodObject<typeof common>> & {
  definition?: string | undefined
  operator?: string | undefined
  by?: string | undefined
  top?: number | undefined
}

function queryOf(view: View): z.ZodObject<typeof common> {
  return z.strictObject({
    definition: view.ofDefinition ? id : someId,
    ...common,
    /** Who ended the stays. */
    ...(view.ofOperator === true ? { operator: someId } : {}),
    ...(view.by === undefined ? {} : { by: z.enum(view.by).default(view.by[0]) }),
    ...(view.mostRows === undefined ? {} : { top: z.coerce.number().int().min(1).max(view.mostRows).default(20) }),
  })
}

async function read(view: View, store: DefinitionStore, { query, who, now, inReach }: Context<unknown, Query>) {
  const { definition, version, agent, city, centre, operator, by = '', top = 20, ...named }: Query = query
  const slice: Slice = { range: dayRange(named, now.getTime()), definition, version, agent, city, centre, operator }
  const seesAll = who.assignments.some(({ reach }) => reach === 'all')
  return inReach(async (tx) => {
    const words = await wordsFor(tx, store, slice)
    const rows = await view.read({ tx, slice, seesAll, words, by, top })
    return { slice, rows, counted: await countedTo(tx) }
  })
}
