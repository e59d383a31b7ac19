import type { Text } from '../../domain/errors.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { Migration, StateMove } from '../format.ts'
import { type Chart, isLeaf, nodeAt } from '../interpreter/chart.ts'
import { imageOf } from './place.ts'

/**
 * The map that leads back, and what it cannot undo: states that several old ones share or that were entered anew have no way
 * back, and what entry actions and the map's own actions did stays done. Orders that have left the mapped states meanwhile come
 * back too, where both versions have the state.
 */
export function inverseOf(map: Migration, old: Chart, fresh: Chart): { map: Migration; losses: Text[] } {
  const losses: Text[] = []
  const sources = new Map<string, string[]>()
  for (const { id, kind } of old.nodes) {
    if (id === '' || kind === 'history') continue
    const to = imageOf(fresh, map, id)
    if (to !== undefined && fresh.byId.has(to)) sources.set(to, [...(sources.get(to) ?? []), id])
  }
  const states: Record<string, string | StateMove> = {}
  for (const [to, from] of sources) {
    const [only] = from
    const target = nodeAt(fresh, fresh.byId.get(to) ?? 0)
    const source = only === undefined ? undefined : nodeAt(old, old.byId.get(only) ?? 0)
    if (from.length > 1 || only === undefined || source === undefined) {
      losses.push({ en: `${to} stands for ${from.join(', ')}`, fa: `${to} جای ${from.join('، ')} را گرفته است` })
      continue
    }
    if (isLeaf(source) && !isLeaf(target)) {
      losses.push({ en: `${only} was entered anew as ${to}`, fa: `${only} به صورت ${to} از نو آغاز شده است` })
      continue
    }
    states[`#${to}`] = `#${only}`
  }
  for (const [state, entry] of Object.entries(map.states))
    if (typeof entry === 'object' && (entry.entry === 'run' || entry.invocations === 'restart'))
      losses.push({ en: `what ${state} did on entry stays done`, fa: `کارهای ورود به ${state} انجام‌شده می‌ماند` })
  if ((map.actions ?? []).length > 0)
    losses.push({ en: 'the actions of the map stay done', fa: 'کارهای نقشه انجام‌شده می‌ماند' })
  return { map: { from: [fresh.graph.version], auto: false, states }, losses }
}

/** Values that a migration changed or dropped, to be put back by the inverse. */
export function replaced(before: JsonObject, after: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(before).filter(([name, value]) => after[name] !== value))
}
