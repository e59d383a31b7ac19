import type { Definition, Property } from '../format.ts'
import type { Exploration } from './explore.ts'
import { error, type Finding, type RoadStep, type Subject } from './finding.ts'
import { at } from './place.ts'
import { leavesOf } from './road.ts'
import { idOf, statesOf, transitionsOf } from './walk.ts'

/** Each property of `requires` holds on every road; else the shortest road that breaks it. Selectors that select nothing are E02. */
export function propertyFindings({ definition }: Subject, explored: Exploration): Finding[] {
  return (definition.requires ?? []).flatMap((property, i) => {
    const path = at('$.requires', i)
    if (selectorFindings(definition, property, path).length > 0) return []
    const road = brokenRoad(property, explored)
    if (road === undefined) return []
    const name = property.label ?? { fa: property.id, en: property.id }
    return [
      error(
        'E08',
        path,
        { en: `${property.id}: ${name.en}`, fa: `الزام ${property.id} نقض می‌شود: ${name.fa}` },
        { counterExample: road },
      ),
    ]
  })
}

/** What a property remembers on its road. `broken` ends the search, `settled` makes the rest of the road of no interest. */
export type Memory = 'idle' | 'armed' | 'broken' | 'settled'

/** Where a road begins that is not from the start: a place and what was remembered on the way there. */
export interface Beginning {
  place: number
  memory: Memory
}

/** The shortest road that breaks a property; from the start, or from given beginnings. */
export function brokenRoad(
  property: Property,
  explored: Exploration,
  beginnings: readonly Beginning[] = [{ place: 0, memory: 'idle' }],
): RoadStep[] | undefined {
  const { configurations } = explored
  const { check } = property
  const next = automatonOf(property)
  const cameFrom = new Map<string, { from: string; stimulus: string; to: number }>()
  const queue = beginnings.map(({ place, memory }) => ({ place, memory, key: `${place} ${memory}` }))
  const predecessors = new Map<string, string[]>()
  const good: string[] = []
  for (const { key, place } of queue) cameFrom.set(key, { from: '', stimulus: '', to: place })

  for (let head = 0; head < queue.length; head++) {
    const { place, memory, key } = queue[head] as (typeof queue)[number]
    const configuration = configurations[place]
    if (check === 'followedBy' && memory === 'armed' && configuration?.outcome !== null) return roadOf(key)
    for (const edge of configuration?.edges ?? []) {
      let then = memory
      for (const token of edge.tokens) if (then !== 'broken' && then !== 'settled') then = next(then, token)
      const target = `${edge.to} ${then}`
      predecessors.set(target, [...(predecessors.get(target) ?? []), key])
      if (cameFrom.has(target)) continue
      cameFrom.set(target, { from: key, stimulus: edge.stimulus, to: edge.to })
      if (then === 'broken') return roadOf(target)
      if (then === 'settled') {
        good.push(target)
        continue
      }
      queue.push({ place: edge.to, memory: then, key: target })
    }
  }
  if (check !== 'finallyReaches') return undefined
  const reaches = new Set(good)
  for (let head = 0; head < good.length; head++)
    for (const before of predecessors.get(good[head] as string) ?? [])
      if (!reaches.has(before)) {
        reaches.add(before)
        good.push(before)
      }
  const lost = queue.find(({ key }) => !reaches.has(key))
  return lost === undefined ? undefined : roadOf(lost.key)

  function roadOf(key: string): RoadStep[] {
    const steps: RoadStep[] = []
    for (let here = key; ; ) {
      const step = cameFrom.get(here)
      if (step === undefined || step.from === '') break
      const { leaves, outcome } = configurations[step.to] ?? { leaves: [], outcome: null }
      steps.unshift({
        stimulus: step.stimulus,
        to: [...leavesOf(leaves), ...(outcome === null ? [] : [`outcome:${outcome}`])],
      })
      here = step.from
    }
    return steps
  }
}

/** The automaton of a property: what it remembers after each token of a road. */
export function automatonOf({ check, to = '', via = '', unless }: Property): (memory: Memory, token: string) => Memory {
  const automaton: Record<Property['check'], (memory: Memory, token: string) => Memory> = {
    passesThrough: (memory, token) => (fits(token, via) ? 'settled' : fits(token, to) ? 'broken' : memory),
    never: (memory, token) => (memory === 'armed' && fits(token, to) ? 'broken' : fits(token, via) ? 'armed' : memory),
    followedBy: (memory, token) => {
      if (fits(token, via) || (unless !== undefined && fits(token, unless))) return 'idle'
      return fits(token, to) ? 'armed' : memory
    },
    finallyReaches: (memory, token) => (fits(token, to) ? 'settled' : memory),
  }
  return automaton[check]
}

const fits = (token: string, selector: string) =>
  token === selector || (selector.endsWith(':*') && token.startsWith(selector.slice(0, -1)))

/** E02: a selector that selects nothing, or one that is missing. */
export function selectorFindings(definition: Definition, property: Property, path: string): Finding[] {
  const states = statesOf(definition)
  const tags = new Set([
    ...states.flatMap(({ state }) => state.tags ?? []),
    ...transitionsOf(definition).flatMap(({ transition }) => transition.tags ?? []),
  ])
  const wanted = {
    passesThrough: ['to', 'via'],
    never: ['to', 'via'],
    followedBy: ['to', 'via'],
    finallyReaches: ['to'],
  } as const
  const keys: ('to' | 'via' | 'unless')[] = [
    ...wanted[property.check],
    ...(property.unless === undefined ? [] : (['unless'] as const)),
  ]
  return keys.flatMap((key) => {
    const selector = property[key]
    if (selector === undefined)
      return [
        error('E02', path, { en: `${property.check} needs "${key}"`, fa: `${property.check} به ${key} نیاز دارد` }),
      ]
    const [kind, name = ''] = selector.startsWith('#') ? ['#', idOf(selector)] : selector.split(/:(.*)/s)
    const exists =
      (kind === '#' && states.some(({ id }) => id === name)) ||
      (kind === 'outcome' && (name === '*' || Object.hasOwn(definition.outcomes, name))) ||
      (kind === 'tag' && tags.has(name))
    return exists
      ? []
      : [
          error('E02', at(path, key), {
            en: `nothing is selected by "${selector}"`,
            fa: `گزینش «${selector}» چیزی را نشان نمی‌دهد`,
          }),
        ]
  })
}
