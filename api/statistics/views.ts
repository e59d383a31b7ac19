import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import { listDefinitions } from '../../db/definitions.ts'
import { namesOf } from '../../db/names.ts'
import {
  type Dimension,
  flowFigures,
  groupFigures,
  operatorFigures,
  pathFigures,
} from '../../db/statistics/journeys.ts'
import { moveFigures } from '../../db/statistics/moves.ts'
import type { Slice } from '../../db/statistics/slice.ts'
import { type StateFigures, stateFigures } from '../../db/statistics/states.ts'
import type { Text } from '../../domain/errors.ts'
import type { DefinitionStore } from '../definition-store.ts'
import type { Column } from '../export/table.ts'
import { text } from '../schemas.ts'
import { type DefinitionWords, wordsOfDefinition } from './words.ts'

/** What a view reads from. `words` are those of the definition asked for. */
export interface ViewInput {
  tx: Tx
  slice: Slice
  seesAll: boolean
  words: DefinitionWords
  by: string
  top: number
}

/** One view of the statistics: a table that is answered as JSON and sent as a file, made from one description. */
export interface View {
  name: string
  title: Text
  summary: string
  /** Whether it speaks of one definition. */
  ofDefinition: boolean
  /** What `by` may be; the first is taken where nothing is said. */
  by?: [string, ...string[]]
  /** Whether it can be narrowed to what one person moved. */
  ofOperator?: true
  /** Where the caller says how many rows he wants. */
  mostRows?: number
  row: z.ZodObject
  columns: Column[]
  read: (input: ViewInput) => Promise<Record<string, unknown>[]>
}

const ms = z.int().nullable()
const share = z.number()
const ofStates = {
  state: z.string(),
  label: text,
  visits: z.int(),
  totalMs: z.int(),
  meanMs: z.int(),
  medianMs: ms,
  p90Ms: ms,
  p95Ms: ms,
  late: z.int(),
  again: z.int(),
  lost: z.int(),
  perDay: z.number(),
  inHand: z.int(),
  lateInHand: z.int(),
  oldestSince: z.string().nullable(),
  daysToDrain: z.number().nullable(),
  share,
}
const ofOrders = {
  started: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  late: z.int(),
  looped: z.int(),
  medianMs: ms,
  p90Ms: ms,
  p95Ms: ms,
  inHand: z.int(),
}

const column = (key: string, fa: string, en: string, kind?: Column['kind']): Column => ({
  key,
  label: { fa, en },
  ...(kind === undefined ? {} : { kind }),
})
const times = [
  column('medianMs', 'میانه (ساعت)', 'Median (hours)', 'hours'),
  column('p90Ms', 'صدک ۹۰ (ساعت)', '90th percentile (hours)', 'hours'),
  column('p95Ms', 'صدک ۹۵ (ساعت)', '95th percentile (hours)', 'hours'),
]
const stateColumns = [
  column('label', 'وضعیت', 'State'),
  column('visits', 'خروج‌ها', 'Stays ended'),
  column('meanMs', 'میانگین (ساعت)', 'Mean (hours)', 'hours'),
  ...times,
  column('share', 'سهم از زمان', 'Share of time', 'percent'),
  column('late', 'دیرکرد', 'Late'),
  column('again', 'بازگشت', 'Loops'),
  column('lost', 'رهاشده', 'Abandoned'),
  column('perDay', 'در روز', 'Per day'),
  column('inHand', 'در دست', 'In hand'),
  column('lateInHand', 'در دست و دیر', 'In hand and late'),
  column('oldestSince', 'قدیمی‌ترین از', 'Oldest since', 'instant'),
  column('daysToDrain', 'روز تا تخلیه', 'Days to drain'),
]
const orderColumns = [
  column('started', 'آغاز', 'Started'),
  column('succeeded', 'موفق', 'Succeeded'),
  column('failed', 'ناموفق', 'Failed'),
  column('cancelled', 'لغوشده', 'Cancelled'),
  column('late', 'دیرکرد', 'Late'),
  column('looped', 'با بازگشت', 'With loops'),
  ...times,
  column('inHand', 'در دست', 'In hand'),
]

/** The views, each a row of this table (WF15, WF16). */
export function statisticsViews(): View[] {
  return [
    {
      name: 'states',
      title: { fa: 'زمان در وضعیت‌ها', en: 'Time in states' },
      summary:
        'Time in each state, throughput, loops, abandonment, lateness and work in hand, the state that took most time first',
      ofDefinition: true,
      ofOperator: true,
      row: z.object(ofStates),
      columns: stateColumns,
      async read({ tx, slice, seesAll, words }) {
        const rows = await stateFigures(tx, slice, seesAll)
        return rows.map((row) => ({ ...row, label: words.state(row.state) }))
      },
    },
    {
      name: 'bottlenecks',
      title: { fa: 'گلوگاه‌ها', en: 'Bottlenecks' },
      summary:
        'Where orders wait longest: states by the time of all orders that is spent and still waits there, with the reasons in words',
      ofDefinition: true,
      ofOperator: true,
      row: z.object({ ...ofStates, rank: z.int(), why: z.array(text) }),
      columns: [column('rank', 'رتبه', 'Rank'), column('why', 'چرا', 'Why'), ...stateColumns],
      async read({ tx, slice, seesAll, words }) {
        const rows = await stateFigures(tx, slice, seesAll)
        return rows
          .map((row) => ({ ...row, label: words.state(row.state), why: reasonsOf(row) }))
          .sort((a, b) => weight(b) - weight(a))
          .slice(0, 10)
          .map((row, i) => ({ ...row, rank: i + 1 }))
      },
    },
    {
      name: 'transitions',
      title: { fa: 'گذارها', en: 'Transitions' },
      summary:
        'How often each state was left by which event for which state, and after how long; the most frequent first',
      ofDefinition: true,
      ofOperator: true,
      row: z.object({
        state: z.string(),
        event: z.string(),
        next: z.string(),
        label: text,
        eventLabel: text,
        nextLabel: text,
        moves: z.int(),
        meanMs: z.int(),
        share,
      }),
      columns: [
        column('label', 'از وضعیت', 'From'),
        column('eventLabel', 'گذار', 'Event'),
        column('nextLabel', 'به وضعیت', 'To'),
        column('moves', 'تعداد', 'Count'),
        column('share', 'سهم', 'Share', 'percent'),
        column('meanMs', 'میانگین انتظار (ساعت)', 'Mean wait (hours)', 'hours'),
      ],
      async read({ tx, slice, seesAll, words }) {
        const rows = await moveFigures(tx, slice, seesAll)
        return rows.map((row) => ({
          ...row,
          label: words.state(row.state),
          eventLabel: words.event(row.event),
          nextLabel: words.state(row.next),
        }))
      },
    },
    {
      name: 'paths',
      title: { fa: 'مسیرهای پرتکرار', en: 'Top paths' },
      summary: 'The roads that most orders with an outcome in the period have taken, with their share and time',
      ofDefinition: true,
      mostRows: 200,
      row: z.object({
        path: z.array(z.string()),
        labels: z.array(text),
        orders: z.int(),
        succeeded: z.int(),
        meanMs: z.int(),
        share,
      }),
      columns: [
        column('labels', 'مسیر', 'Path'),
        column('orders', 'سفارش‌ها', 'Orders'),
        column('share', 'سهم', 'Share', 'percent'),
        column('succeeded', 'موفق', 'Succeeded'),
        column('meanMs', 'میانگین (ساعت)', 'Mean (hours)', 'hours'),
      ],
      async read({ tx, slice, words, top }) {
        const rows = await pathFigures(tx, slice, top)
        return rows.map((row) => ({ ...row, labels: row.path.map(words.state) }))
      },
    },
    {
      name: 'flow',
      title: { fa: 'جریان کار', en: 'Flow' },
      summary:
        'Orders begun and brought to an outcome by day, week (from Saturday) or Jalali month, and those in hand at its end',
      ofDefinition: false,
      by: ['day', 'week', 'month'],
      row: z.object({ period: z.string(), ...ofOrders }),
      columns: [column('period', 'از روز', 'From day'), ...orderColumns],
      async read({ tx, slice, by }) {
        return (await flowFigures(tx, slice, by as 'day' | 'week' | 'month')).map((row) => ({ ...row }))
      },
    },
    {
      name: 'groups',
      title: { fa: 'مقایسه', en: 'Comparison' },
      summary: 'The same by agent, city, exchange, definition or version, the busiest first',
      ofDefinition: false,
      by: ['agent', 'city', 'centre', 'definition', 'version'],
      row: z.object({ key: z.string(), label: text, ...ofOrders }),
      columns: [column('label', 'گروه', 'Group'), ...orderColumns],
      async read({ tx, slice, by }) {
        const rows = await groupFigures(tx, slice, by as Dimension)
        const names = await groupNames(
          tx,
          by,
          rows.map(({ key }) => key),
        )
        return rows.map((row) => ({
          ...row,
          label: row.key === '' ? none : (names.get(row.key) ?? { fa: row.key, en: row.key }),
        }))
      },
    },
    {
      name: 'operators',
      title: { fa: 'کارکنان', en: 'People' },
      summary:
        'What each person moved: stays that he ended, how long those orders had waited, and how many of them were late',
      ofDefinition: false,
      row: z.object({
        operator: z.string(),
        label: text,
        moves: z.int(),
        meanMs: z.int(),
        late: z.int(),
        perDay: z.number(),
      }),
      columns: [
        column('label', 'کاربر', 'Person'),
        column('moves', 'گذارها', 'Transitions'),
        column('perDay', 'در روز', 'Per day'),
        column('meanMs', 'میانگین انتظار (ساعت)', 'Mean wait (hours)', 'hours'),
        column('late', 'دیرکرد', 'Late'),
      ],
      async read({ tx, slice, seesAll }) {
        const rows = await operatorFigures(tx, slice, seesAll)
        const names = await namesOf(
          tx,
          'user',
          rows.map(({ operator }) => operator),
        )
        return rows.map((row) => ({ ...row, label: names.get(row.operator) ?? { fa: row.operator, en: row.operator } }))
      },
    },
  ]
}

export const wordsFor = (tx: Tx, store: DefinitionStore, { definition, version }: Slice) =>
  wordsOfDefinition(tx, store, definition ?? '', version)

const none: Text = { fa: 'بدون', en: 'none' }

async function groupNames(tx: Tx, by: string, ids: string[]): Promise<ReadonlyMap<string, Text>> {
  switch (by) {
    case 'agent':
      return namesOf(tx, 'partner', ids)
    case 'city':
    case 'centre':
      return namesOf(tx, by, ids)
    case 'definition':
      return new Map((await listDefinitions(tx)).map(({ id, labelFa, labelEn }) => [id, { fa: labelFa, en: labelEn }]))
    default:
      return new Map()
  }
}

/** Time spent, and the time that waits: the work in hand as if each of it took the mean. */
const weight = ({ totalMs, inHand, meanMs }: StateFigures) => totalMs + inHand * meanMs

function reasonsOf({ share, inHand, daysToDrain, late, again, lost, visits }: StateFigures): Text[] {
  const percent = (part: number) => Math.round((part / Math.max(1, visits)) * 100)
  const reasons: (Text | undefined)[] = [
    { fa: `${Math.round(share * 100)}٪ از زمان سفارش‌ها`, en: `${Math.round(share * 100)} % of the time of all orders` },
    inHand === 0 ? undefined : { fa: `${inHand} سفارش در انتظار`, en: `${inHand} orders wait` },
    daysToDrain === null || daysToDrain < 2
      ? undefined
      : {
          fa: `با آهنگ کنونی ${Math.round(daysToDrain)} روز کار`,
          en: `${Math.round(daysToDrain)} days of work at this pace`,
        },
    percent(late) < 5 ? undefined : { fa: `${percent(late)}٪ با دیرکرد`, en: `${percent(late)} % late` },
    percent(again) < 5
      ? undefined
      : { fa: `${percent(again)}٪ بار دوم یا بیشتر`, en: `${percent(again)} % not for the first time` },
    percent(lost) < 5 ? undefined : { fa: `${percent(lost)}٪ همین‌جا از دست رفته`, en: `${percent(lost)} % lost here` },
  ]
  return reasons.filter((reason) => reason !== undefined)
}
