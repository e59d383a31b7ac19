import type { Text } from '../../domain/errors.ts'
import type { Migration, StateMove } from '../format.ts'
import { activeStates, ancestors, type Chart, isDescendant, isLeaf, nodeAt } from '../interpreter/chart.ts'

/** Why an order cannot be moved. `place` is a state, timer, call or variable. */
export interface MoveProblem {
  code:
    | 'unmapped'
    | 'badTarget'
    | 'apart'
    | 'twice'
    | 'region'
    | 'timer'
    | 'call'
    | 'undo'
    | 'context'
    | 'promise'
    | 'loop'
  place: string
  message: Text
}

/** Where a configuration of the old version comes to stand in the new one. */
export interface Placement {
  leaves: string[]
  active: ReadonlySet<number>
  /** Active old state to the active new state that continues it. */
  images: ReadonlyMap<string, string>
  /** How each active new state was come to. */
  moves: ReadonlyMap<number, StateMove>
}

export type Placed =
  | { kind: 'placed'; placement: Placement }
  | { kind: 'hold'; state: string }
  | { kind: 'refused'; problems: MoveProblem[] }

/**
 * The configuration of the new version that stands for active leaves of the old one: each leaf goes where the nearest state
 * around it that the map names goes. `hold` where the map says that the order stays; else it is told why there is no such
 * configuration: a leaf without an entry, two that would stand in one region, a region that nobody fills (definitions.md 3.6).
 */
export function placeOf(old: Chart, fresh: Chart, leaves: readonly string[], map: Migration): Placed {
  const problems: MoveProblem[] = []
  const chosen = new Map<string, { move: StateMove; target: number }>()
  for (const leaf of leaves) {
    const source = sourceOf(old, fresh, leaf, map)
    if (source === undefined) problems.push(problem('unmapped', leaf))
    else if (source.move === 'hold') return { kind: 'hold', state: source.id }
    else {
      const target = targetOf(fresh, source.move)
      if (target === undefined) problems.push(problem('badTarget', leaf, source.move.target))
      else chosen.set(source.id, { move: source.move, target })
    }
  }
  const targets = [...chosen.values()]
  for (const [i, { target }] of targets.entries())
    for (const other of targets.slice(0, i)) {
      const [a, b] = [nodeAt(fresh, other.target).id, nodeAt(fresh, target).id]
      if (other.target === target) problems.push(problem('twice', b))
      else if (!sideBySide(fresh, other.target, target)) problems.push(problem('apart', a, b))
    }
  if (problems.length > 0) return { kind: 'refused', problems }

  const active = new Set<number>()
  const moves = new Map<number, StateMove>()
  for (const { target, move } of targets)
    for (const index of [...ancestors(fresh, target), target, ...inside(fresh, target)]) {
      active.add(index)
      if (!moves.has(index)) moves.set(index, move)
    }
  for (const index of active) {
    const { kind, children } = nodeAt(fresh, index)
    if (kind !== 'parallel') continue
    for (const region of children)
      if (nodeAt(fresh, region).kind !== 'history' && !active.has(region))
        problems.push(problem('region', nodeAt(fresh, region).id))
  }
  if (problems.length > 0) return { kind: 'refused', problems }

  const images = new Map<string, string>()
  const isActive = (id: string) => active.has(fresh.byId.get(id) ?? -1)
  for (const [source, { target }] of chosen) images.set(source, nodeAt(fresh, target).id)
  for (const index of activeStates(old, leaves)) {
    const { id } = nodeAt(old, index)
    // What is inside a state that was mapped as a whole begins anew.
    const covered = [...chosen.keys()].some((source) => isDescendant(old, index, old.byId.get(source) ?? -1))
    const image = images.get(id) ?? (covered ? undefined : imageOf(fresh, map, id))
    if (id !== '' && image !== undefined && isActive(image)) images.set(id, image)
  }
  const ids = [...active].sort((a, b) => a - b).filter((index) => isLeaf(nodeAt(fresh, index)))
  return { kind: 'placed', placement: { leaves: ids.map((index) => nodeAt(fresh, index).id), active, images, moves } }
}

/** The state of the new version that continues an old one, wherever the order stands; undefined when none does. */
export function imageOf(fresh: Chart, map: Migration, id: string): string | undefined {
  const move = named(map, id)
  if (move === 'hold') return undefined
  if (move !== undefined) return move.target.replace(/^#/, '')
  return fresh.byId.has(id) ? id : undefined
}

function sourceOf(old: Chart, fresh: Chart, leaf: string, map: Migration) {
  const index = old.byId.get(leaf)
  const around = index === undefined ? [] : ancestors(old, index).map((up) => nodeAt(old, up).id)
  for (const id of [leaf, ...around]) {
    if (id === '') continue
    const move = named(map, id)
    if (move !== undefined) return { id, move }
    if (id === leaf && map.auto === true && fresh.byId.has(id)) return { id, move: { target: `#${id}` } }
  }
  return undefined
}

function named(map: Migration, id: string): StateMove | 'hold' | undefined {
  const key = `#${id}`
  const entry = Object.hasOwn(map.states, key) ? map.states[key] : undefined
  if (entry === undefined || entry === 'hold') return entry
  return typeof entry === 'string' ? { target: entry } : entry
}

/** A place where an order can rest: no history, nothing that would end it. */
function targetOf(fresh: Chart, { target }: StateMove): number | undefined {
  const index = fresh.byId.get(target.replace(/^#/, ''))
  if (index === undefined || index === 0) return undefined
  const { kind, parent } = nodeAt(fresh, index)
  return kind === 'history' || (kind === 'final' && parent === 0) ? undefined : index
}

/** Both can be active at once, neither inside the other: the nearest state around both is a parallel. */
function sideBySide(chart: Chart, a: number, b: number): boolean {
  if (isDescendant(chart, a, b) || isDescendant(chart, b, a)) return false
  const around = new Set(ancestors(chart, a))
  const nearest = ancestors(chart, b).find((up) => around.has(up))
  return nearest !== undefined && nodeAt(chart, nearest).kind === 'parallel'
}

/** What is active inside a state that is entered as a whole. */
function inside(chart: Chart, index: number): number[] {
  const { kind, initial, children } = nodeAt(chart, index)
  if (kind === 'parallel')
    return children
      .filter((child) => nodeAt(chart, child).kind !== 'history')
      .flatMap((child) => [child, ...inside(chart, child)])
  if (kind !== 'compound' || initial === undefined) return []
  const first = nodeAt(chart, initial).kind === 'history' ? (nodeAt(chart, initial).target ?? initial) : initial
  return [...ancestors(chart, first, index), first, ...inside(chart, first)]
}

const words: Record<'unmapped' | 'badTarget' | 'twice' | 'apart' | 'region', (a: string, b: string) => Text> = {
  unmapped: (a) => ({ en: `the map has no entry for ${a}`, fa: `نقشه برای وضعیت ${a} مقصدی ندارد` }),
  badTarget: (a, b) => ({ en: `${a} cannot go to ${b}`, fa: `${a} نمی‌تواند به ${b} برود` }),
  twice: (a) => ({ en: `two states would both become ${a}`, fa: `دو وضعیت هر دو به ${a} می‌رسند` }),
  apart: (a, b) => ({ en: `${a} and ${b} cannot be active together`, fa: `${a} و ${b} با هم فعال نمی‌شوند` }),
  region: (a) => ({ en: `nothing fills the region ${a}`, fa: `هیچ وضعیتی ناحیهٔ ${a} را پر نمی‌کند` }),
}

const problem = (code: keyof typeof words, a: string, b = ''): MoveProblem => ({
  code,
  place: a,
  message: words[code](a, b),
})
