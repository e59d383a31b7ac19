import type { Side } from './engine-sides.ts'
import type { ProcessorTime } from './processor-time.ts'
import type { Report } from './report.ts'
import { median, percentile, rounded, spread } from './statistics.ts'

/** Orders of one side by many clients at once. Times in ms, costs per order. */
export interface Section {
  ordersPerSecond: number
  samples: number[]
  cpu: ProcessorTime & { total: number }
  walBytes: number
  storedBytes: number
}

/** All that was seen of one side: transition times alone by round, sections, histories. */
export interface Measured {
  name: Side['name']
  alone: number[][]
  together: Section[]
  history: { events: number; bytes: number }[]
  errors: number
}

/** Compares the sides. Ratios are taken within each round, and the median of the rounds counts: noise of the machine hits a whole round. */
export function verdict(
  measured: Measured[],
  { clients, ordersAlone, ordersTogether }: { clients: number; ordersAlone: number; ordersTogether: number },
): Report {
  const of = (name: Side['name']) => {
    const found = measured.find((m) => m.name === name)
    if (found === undefined) throw new Error(`nothing was measured of ${name}`)
    return found
  }
  const [engine, local, ordinary] = [of('engine'), of('local'), of('ordinary')]
  const ratios = (a: Measured, b: Measured, figure: (m: Measured) => number[]) =>
    figure(a).map((value, round) => value / (figure(b)[round] ?? Number.NaN))
  const rate = (m: Measured) => m.together.map(({ ordersPerSecond }) => ordersPerSecond)
  const cpu = (m: Measured) => m.together.map(({ cpu }) => cpu.total)
  const alone = (percent: number) => (m: Measured) => m.alone.map((samples) => percentile(samples, percent))
  const crowd = (percent: number) => (m: Measured) => m.together.map(({ samples }) => percentile(samples, percent))
  const part = (name: keyof ProcessorTime) => (m: Measured) => m.together.map(({ cpu }) => cpu[name])
  const row = (title: string, figure: (m: Measured) => number[], digits = 1) => [
    title,
    ...[engine, local, ordinary].map((m) => spread(figure(m), digits)),
  ]
  const localRates = ratios(engine, local, rate)
  const ordinaryRates = ratios(engine, ordinary, rate)
  const cpuRatios = ratios(engine, local, cpu)
  const p95Ratios = ratios(engine, local, alone(95))
  return {
    title: 'The engine beside a workflow written by hand',
    method: `A small installation: start, six transitions by \`executeUpdate\`, each answered with the new state after its row is committed, end. All three in one run, with one client process, one Temporal development server (in memory) and one PostgreSQL that syncs every commit; a worker process of its own for each, 200 workflow-task slots. ${ordersAlone} orders a side with one client, taking turns order by order; ${ordersTogether} orders a side with ${clients} clients, taking turns round by round. Medians of three rounds (lowest–highest).`,
    table: [
      ['', 'our engine', 'by hand, local activity', 'by hand, ordinary activity'],
      row(`orders/s, ${clients} clients`, rate),
      row('one transition, 1 client: p50 ms', alone(50)),
      row('one transition, 1 client: p95 ms', alone(95)),
      row(`one transition, ${clients} clients: p50 ms`, crowd(50)),
      row(`one transition, ${clients} clients: p95 ms`, crowd(95)),
      row('processor ms per order', cpu),
      row('of it worker', part('worker')),
      row('of it Temporal', part('temporal')),
      row('of it PostgreSQL', part('postgres')),
      row('of it client', part('client')),
      row('history events per order', (m) => m.history.map(({ events }) => events), 0),
      row('history bytes per order', (m) => m.history.map(({ bytes }) => bytes), 0),
      row('read-model bytes per order', (m) => m.together.map(({ storedBytes }) => storedBytes), 0),
      row('WAL bytes per order', (m) => m.together.map(({ walBytes }) => walBytes), 0),
      ['errors, lost rows', ...[engine, local, ordinary].map(({ errors }) => String(errors))],
    ],
    notes: [
      `Ours to by hand, local: orders/s ${spread(localRates)}, processor time ${spread(cpuRatios)}, p95 alone ${spread(p95Ratios)}, p50 alone ${spread(ratios(engine, local, alone(50)))}.`,
      `Ours to by hand, ordinary: orders/s ${spread(ordinaryRates)}.`,
      'By hand there is one row a transition in one table. Ours are seven transitions (the start is one), each with its hash, the reasons of its guards, the standing of the order, the counts of the map and the notice to open screens. Not measured: the row of the order itself, which is written before its workflow starts.',
      'Bytes of the read model hold indexes and the room that updated rows leave until the next vacuum.',
    ],
    figures: {
      ratioLocal: rounded(median(localRates)),
      ratioOrdinary: rounded(median(ordinaryRates)),
      cpuRatio: rounded(median(cpuRatios)),
      p95Ratio: rounded(median(p95Ratios)),
      events: median(engine.history.map(({ events }) => events)),
      errors: engine.errors + local.errors + ordinary.errors,
    },
    bars: {
      ratioLocal: { min: 0.9 },
      ratioOrdinary: { min: 1.5 },
      cpuRatio: { max: 1.15 },
      p95Ratio: { max: 1.25 },
      events: { max: 45 },
      errors: { max: 0 },
    },
  }
}
