import type { Queryable } from '../db/client.ts'
import { graphOf } from '../db/graphs.ts'
import { occupiedStates } from '../db/order-migrations.ts'
import type { Definition } from '../definitions/format.ts'
import type { Graph } from '../definitions/graph.ts'
import { chartOf } from '../definitions/interpreter/chart.ts'
import { inverseOf } from '../definitions/migrate/inverse.ts'
import { mapFor } from '../definitions/migrate/plan.ts'
import { type MapFault, mapFaults } from '../definitions/migrate/promises.ts'
import type { Text } from '../domain/errors.ts'
import { Problem } from './problem.ts'

/** A map of a new version against one of the versions that it is from. */
export interface MapReport {
  from: number
  /** Where orders of that version stand now. */
  occupied: { leaves: string[]; orders: number }[]
  faults: MapFault[]
  /** States whose orders stay with the old version. */
  held: string[]
  inverse: { whole: boolean; losses: Text[] }
}

/** Each map of a definition, checked on the graphs and against where orders stand now; a version that was never published is left out. */
export async function mapReports(
  db: Queryable,
  definition: Definition,
  graph: Graph,
  versions?: readonly number[],
): Promise<MapReport[]> {
  const fresh = chartOf(graph)
  const wanted = [...new Set((definition.migrations ?? []).flatMap(({ from }) => from))].filter(
    (version) => versions?.includes(version) ?? true,
  )
  const all = await occupiedStates(db, definition.id, wanted)
  const reports = await Promise.all(
    wanted.map(async (from): Promise<MapReport[]> => {
      const map = mapFor(definition, from)
      const oldGraph = await graphOf(db, definition.id, from).catch(() => undefined)
      if (map === undefined || oldGraph === undefined) return []
      const old = chartOf(oldGraph as unknown as Graph)
      const occupied = all.filter(({ version, leaves }) => version === from && leaves.length > 0)
      const { faults, held } = mapFaults(old, fresh, definition.requires ?? [], map, occupied)
      const { losses } = inverseOf(map, old, fresh)
      return [{ from, occupied, faults, held, inverse: { whole: losses.length === 0, losses } }]
    }),
  )
  return reports.flat()
}

/** Throws Problem 422 `BadMigration` when orders stand where a map does not lead, or where no order keeps a promise. */
export function refuseBadMaps(reports: readonly MapReport[]): void {
  const faults = reports.flatMap(({ from, faults: found }) =>
    found.filter(({ orders }) => orders > 0).map((fault) => ({ from, ...fault })),
  )
  if (faults.length === 0) return
  throw new Problem(
    422,
    'BadMigration',
    {
      fa: 'سفارش‌هایی در وضعیت‌هایی هستند که نقشهٔ جابه‌جایی برای آن‌ها درست نیست',
      en: 'Orders stand where the migration map does not lead rightly',
    },
    {
      errors: faults.flatMap(({ from, leaves, orders, problems }) =>
        problems.map(({ message }) => ({
          place: `$.migrations[from ${from}] ${leaves.join(' ')} (${orders})`,
          ...message,
        })),
      ),
    },
  )
}
