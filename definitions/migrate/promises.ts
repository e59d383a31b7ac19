import type { Exploration } from '../check/explore.ts'
import { explore } from '../check/explore.ts'
import { automatonOf, brokenRoad, type Memory } from '../check/properties.ts'
import type { Migration, Property } from '../format.ts'
import { type Chart, nodeAt } from '../interpreter/chart.ts'
import { imageOf, type MoveProblem, type Placement, placeOf } from './place.ts'

/** A step of an order's log, as far as its promises look at it: states entered, and effects among which are the tags passed. */
export interface Passed {
  version: number
  entered: readonly string[]
  effects: readonly string[]
}

/**
 * Whether the promises (`requires`) of the new version hold for orders that come to it from elsewhere: what each order has
 * passed is read from its own log, so the answer is exact for it; that a promise can still break afterwards is decided on the
 * graph, on the safe side. One of these serves many orders: each configuration is explored once.
 */
export function promiseKeeper(
  fresh: Chart,
  requires: readonly Property[],
  charts: ReadonlyMap<number, Chart>,
  map: Migration,
) {
  const known = new Map<string, readonly Property[]>()

  function brokenAt(leaves: readonly string[], memories: readonly Memory[]) {
    const key = JSON.stringify([leaves, memories])
    const found = known.get(key)
    if (found !== undefined) return found
    const explored = explore(fresh.graph, { starts: [[...leaves]] })
    const broken = requires.filter((property, i) => canBreak(property, explored, 1, memories[i]))
    known.set(key, broken)
    return broken
  }

  return {
    /** Promises that an order with this log would break, or could break, once it stands in `placement`. */
    problems(
      log: Iterable<Passed>,
      { leaves, images, active }: Pick<Placement, 'leaves' | 'images' | 'active'>,
    ): MoveProblem[] {
      const tokens = [...log].flatMap((step) => tokensOf(step, charts, fresh, map))
      const continued = new Set(images.values())
      // Being put into a state is coming to it, unless it is the continuation of one where the order was.
      const arriving = [...active]
        .sort((a, b) => a - b)
        .map((index) => nodeAt(fresh, index))
        .filter(({ id }) => id !== '' && !continued.has(id))
        .flatMap(({ id, tags }) => [...(tags ?? []).map((tag) => `tag:${tag}`), `#${id}`])
      const memories = requires.map((property) => memoryAfter(property, [...tokens, ...arriving]))
      return brokenAt(leaves, memories).map(({ id, label }) => ({
        code: 'promise',
        place: id,
        message: {
          en: `the promise "${label?.en ?? id}" would not hold for this order`,
          fa: `تعهد «${label?.fa ?? id}» برای این سفارش برقرار نمی‌ماند`,
        },
      }))
    },
  }
}

/** States by the names, and with the tags, of both versions: the map says which new state an old one was. */
function tokensOf(
  { version, entered, effects }: Passed,
  charts: ReadonlyMap<number, Chart>,
  fresh: Chart,
  map: Migration,
) {
  const old = charts.get(version)
  const passed = effects.filter((effect) => effect.startsWith('tag:'))
  const states = entered.flatMap((id) => {
    const tags = (chart: Chart | undefined, state: string | undefined) =>
      chart?.nodes[chart.byId.get(state ?? '') ?? -1]?.tags ?? []
    const image = version === fresh.graph.version ? id : imageOf(fresh, map, id)
    const all = new Set([...tags(old, id), ...tags(fresh, image)])
    return [...[...all].map((tag) => `tag:${tag}`), `#${image ?? id}`]
  })
  return [...passed, ...states]
}

/** What is wrong with a map for configurations in which orders stand, or could: each told once, by what the old version can be in. */
export interface MapFault {
  leaves: string[]
  orders: number
  problems: MoveProblem[]
}

/**
 * A map against every configuration that the old version can be in (`occupied` = in which orders stand now, with their number):
 * configurations that cannot be placed, and those from which a promise breaks whatever the order has passed before.
 */
export function mapFaults(
  old: Chart,
  fresh: Chart,
  requires: readonly Property[],
  map: Migration,
  occupied: readonly { leaves: string[]; orders: number }[],
): { faults: MapFault[]; held: string[] } {
  const explored = explore(old.graph)
  const keyOf = (leaves: readonly string[]) => [...leaves].sort().join(' ')
  const counts = new Map(occupied.map(({ leaves, orders }) => [keyOf(leaves), orders]))
  const memories = memoriesOf(explored, old, fresh, requires, map)
  const all = new Map<string, { leaves: string[]; memories: Memory[][] }>()
  for (const { leaves } of occupied) all.set(keyOf(leaves), { leaves, memories: [] })
  for (const [index, { leaves, outcome }] of explored.configurations.entries())
    if (leaves.length > 0 && outcome === null) {
      const entry = all.get(keyOf(leaves)) ?? { leaves, memories: [] }
      entry.memories.push(...(memories.get(index) ?? []))
      all.set(keyOf(leaves), entry)
    }
  const placed: { leaves: string[]; memories: Memory[][]; placement: Placement }[] = []
  const faults: MapFault[] = []
  const held = new Set<string>()
  for (const { leaves, memories: seen } of all.values()) {
    const found = placeOf(old, fresh, leaves, map)
    const orders = counts.get(keyOf(leaves)) ?? 0
    if (found.kind === 'refused') faults.push({ leaves, orders, problems: found.problems })
    else if (found.kind === 'hold') held.add(found.state)
    else placed.push({ leaves, memories: seen, placement: found.placement })
  }
  const beyond = explore(fresh.graph, { starts: placed.map(({ placement }) => placement.leaves) })
  for (const [i, { leaves, memories: seen }] of placed.entries()) {
    const broken = requires.filter(
      (property, p) => seen.length > 0 && seen.every((memory) => canBreak(property, beyond, i + 1, memory[p])),
    )
    if (broken.length > 0)
      faults.push({
        leaves,
        orders: counts.get(keyOf(leaves)) ?? 0,
        problems: broken.map(({ id, label }) => ({
          code: 'promise',
          place: id,
          message: {
            en: `no order that stands there keeps the promise "${label?.en ?? id}"`,
            fa: `هیچ سفارشی در این وضعیت به تعهد «${label?.fa ?? id}» پایبند نمی‌ماند`,
          },
        })),
      })
  }
  return { faults, held: [...held] }
}

/** For each configuration of the old version: what the promises of the new one can remember there. At most 64 each. */
function memoriesOf(
  explored: ReturnType<typeof explore>,
  old: Chart,
  fresh: Chart,
  requires: readonly Property[],
  map: Migration,
): Map<number, Memory[][]> {
  const found = new Map<number, Memory[][]>([[0, [requires.map(() => 'idle')]]])
  const queue: { place: number; memory: Memory[] }[] = [{ place: 0, memory: requires.map(() => 'idle') }]
  const charts = new Map([[old.graph.version, old]])
  for (let head = 0; head < queue.length; head++) {
    const { place, memory } = queue[head] as (typeof queue)[number]
    for (const { to, tokens } of explored.configurations[place]?.edges ?? []) {
      const entered = tokens.filter((token) => token.startsWith('#')).map((token) => token.slice(1))
      const effects = tokens.filter((token) => token.startsWith('tag:'))
      const passed = tokensOf({ version: old.graph.version, entered, effects }, charts, fresh, map)
      const then = requires.map((property, i) => memoryAfter(property, passed, memory[i]))
      const there = found.get(to) ?? []
      if (there.length >= 64 || there.some((each) => each.join() === then.join())) continue
      found.set(to, [...there, then])
      queue.push({ place: to, memory: then })
    }
  }
  return found
}

/** Whether a promise is broken, or could be on some road, from a place and what is remembered there. */
function canBreak(property: Property, explored: Exploration, place: number, memory: Memory = 'idle'): boolean {
  if (memory === 'broken' || memory === 'settled') return memory === 'broken'
  return brokenRoad(property, explored, [{ place, memory }]) !== undefined
}

/** What a promise remembers after the tokens of a road, in order. */
function memoryAfter(property: Property, tokens: Iterable<string>, before: Memory = 'idle'): Memory {
  const next = automatonOf(property)
  let memory = before
  for (const token of tokens) if (memory !== 'broken' && memory !== 'settled') memory = next(memory, token)
  return memory
}
