import type { Json, JsonObject } from '../../domain/json.ts'
import type { Actor } from '../../domain/transition.ts'
import type { Definition, Migration } from '../format.ts'
import type { Chart } from '../interpreter/chart.ts'
import type { Instance } from '../interpreter/instance.ts'
import { replaced } from './inverse.ts'
import { migrate, type TimerChange } from './migrate.ts'
import { type MoveProblem, placeOf } from './place.ts'
import { type Passed, promiseKeeper } from './promises.ts'

/** What a migration would do to one order. `asks`: the guard of the map reads facts that are fetched when the order is moved. */
export interface MovePlan {
  verdict: 'moves' | 'asks' | 'held' | 'busy' | 'refused' | 'ended'
  from: string[]
  to: string[]
  timers: TimerChange[]
  /** Variables that change: from, to. */
  context: { name: string; old: Json; fresh: Json }[]
  problems: MoveProblem[]
  /** Old values that the inverse puts back. */
  replaced: JsonObject
  /** What it waits for, or is held by. */
  place: string | null
}

/** The map in a new definition for the orders of a version; undefined when there is none. */
export function mapFor(definition: Pick<Definition, 'migrations'>, from: number): Migration | undefined {
  return definition.migrations?.find((map) => map.from.includes(from))
}

/** Plans moves from one version to another: each order by its own data and its own log. Pure; one planner serves many orders. */
export function createPlanner(given: {
  old: Chart
  fresh: Chart
  map: Migration
  requires: Definition['requires']
  charts: ReadonlyMap<number, Chart>
}) {
  const { old, fresh, map, requires = [], charts } = given
  const keeper = promiseKeeper(fresh, requires, charts, map)
  return (instance: Instance | null, log: readonly Passed[], nowMs: number, actor: Actor | null = null): MovePlan => {
    const from = instance?.leaves ?? []
    const none = { from, to: [], timers: [], context: [], problems: [], replaced: {}, place: null }
    if (instance === null || instance.leaves.length === 0) return { ...none, verdict: 'busy', place: 'start' }
    const found = placeOf(old, fresh, instance.leaves, map)
    const problems = found.kind === 'placed' ? keeper.problems(log, found.placement) : []
    const result = migrate(old, fresh, instance, map, {}, nowMs, actor)
    switch (result.kind) {
      case 'hold':
        return { ...none, verdict: 'held', place: result.place }
      case 'busy':
        return { ...none, verdict: 'busy', place: result.place, problems }
      case 'refused':
        return { ...none, verdict: 'refused', problems: [...result.problems, ...problems] }
      case 'ended':
        return { ...none, verdict: 'ended' }
      case 'needs':
        return problems.length > 0 ? { ...none, verdict: 'refused', problems } : { ...none, verdict: 'asks' }
      case 'moved': {
        const { leaves: to, context } = result.instance
        const names = new Set([...Object.keys(instance.context), ...Object.keys(context)])
        const changed = [...names].filter((name) => instance.context[name] !== context[name])
        return {
          ...none,
          verdict: problems.length > 0 ? 'refused' : 'moves',
          to,
          timers: result.timers,
          context: changed.map((name) => ({
            name,
            old: instance.context[name] ?? null,
            fresh: context[name] ?? null,
          })),
          problems,
          replaced: replaced(instance.context, context),
        }
      }
      default:
        return result satisfies never
    }
  }
}
