import type { Json, JsonObject } from '../../domain/json.ts'
import type { Condition, Definition } from '../format.ts'
import { type Along, alongOf } from './along.ts'
import { leavesIn, satisfy } from './cells.ts'
import type { Exploration } from './explore.ts'
import type { RoadStep, Subject } from './finding.ts'
import { at } from './place.ts'
import { roadsToFaults } from './product.ts'
import { typeOfFacts } from './types.ts'
import { invokesOf, notificationsOf, timersOf } from './walk.ts'

/** A variable that is used on a road on which nothing has set it yet. `timer`: it says when a timer is due. */
export interface UnsetUse {
  variable: string
  path: string
  timer: boolean
  road: RoadStep[]
}

/**
 * Uses of variables that may still be unset, each with the shortest road. A variable is set at the start when the context
 * requires it or gives it an initial value; then by `assign` of anything but null; and behind a guard that cannot be true
 * while it is null. Only uses that null would spoil count: inputs whose type does not know null, keys, timers, messages,
 * and comparisons that would be an incident.
 */
export function unsetUses(subject: Subject, explored: Exploration): UnsetUse[] {
  const { definition } = subject
  const text = JSON.stringify(definition)
  const along = alongOf(definition)
  return unsetAtStart(definition)
    .filter((variable) => text.includes(`"$.${variable}"`) || text.includes(`"$.${variable}.`))
    .flatMap((variable) => usesOf(subject, explored, along, variable))
}

function unsetAtStart({ context: { schema, initial = {} } }: Definition): string[] {
  if (typeof schema === 'boolean') return []
  const required = new Set((schema['required'] ?? []) as string[])
  return Object.keys((schema['properties'] ?? {}) as JsonObject).filter(
    (name) => !required.has(name) && (initial[name] === undefined || initial[name] === null),
  )
}

function usesOf(subject: Subject, explored: Exploration, along: Along, variable: string): UnsetUse[] {
  const { definition, catalogues } = subject
  const reads = (expr: Json | undefined) => expr !== undefined && readsOf(expr, variable)
  /** Inputs of an activity that null would spoil. */
  const spoiled = (activity: string | undefined, input: Json | undefined, path: string): string[] => {
    if (activity === undefined || !isObject(input) || !reads(input)) return []
    const schema = catalogues.activities[activity]?.input
    const properties = (schema?.['properties'] ?? {}) as JsonObject
    return Object.entries(input).flatMap(([name, expr]) =>
      readsDirectly(expr, variable) && !takesNull(properties[name]) ? [at(path, name)] : [],
    )
  }
  const calls = new Map(invokesOf(definition).map((placed) => [placed.value.id, placed]))
  const inState = new Map<string, string[]>()
  for (const { state, path, value } of timersOf(definition))
    if (reads(value.at)) inState.set(state, [...(inState.get(state) ?? []), at(path, 'at')])
  const messages = new Map(
    notificationsOf(definition)
      .filter(({ value: { data = {} } }) => Object.values(data).some((expr) => readsDirectly(expr, variable)))
      .map(({ path }) => [path, at(path, 'data')]),
  )
  const guards = new Map<string, 'needs' | 'fails' | 'free'>()
  const guardOf = (path: string, trigger: string, guard: Condition): 'needs' | 'fails' | 'free' => {
    const known = guards.get(path)
    if (known !== undefined) return known
    const typeOf = typeOfFacts(subject, trigger)
    const named = definition.guards ?? {}
    const line = `ctx $.${variable}`
    const asked = leavesIn(guard, named).some(({ fact, path: read = '$' }) => `${fact} ${read}` === line)
    const answer = (truth: 'true' | 'error', value: Json) =>
      satisfy([{ condition: guard, truth: [truth] }], named, typeOf, { [line]: value }).answer
    const verdict = !asked
      ? 'free'
      : answer('error', null) === 'yes' && answer('error', 0) === 'no'
        ? 'fails'
        : answer('true', null) === 'no'
          ? 'needs'
          : 'free'
    guards.set(path, verdict)
    return verdict
  }

  const found = roadsToFaults<'set' | 'unset'>(explored, 'unset', (before, edge, to) => {
    let memory = before
    const faults: string[] = []
    const use = (paths: string[]) => {
      if (memory === 'unset') faults.push(...paths)
    }
    const done = edge.stimulus.startsWith('done ') ? calls.get(edge.stimulus.slice(5)) : undefined
    if (typeof done?.value.compensate === 'object') {
      const { activity, input } = done.value.compensate
      use(spoiled(activity, input, at(done.path, 'compensate', 'input')))
    }
    for (const one of along.happenings(edge)) {
      if (one.type === 'transition') {
        const { guard } = one.placed.transition
        if (guard === undefined || memory === 'set') continue
        const verdict = guardOf(one.placed.path, one.placed.trigger, guard)
        if (verdict === 'needs') return { memory: undefined, faults }
        if (verdict === 'fails') use([at(one.placed.path, 'guard')])
        continue
      }
      if (one.type === 'message') {
        use([...(messages.has(one.path) ? [messages.get(one.path) as string] : [])])
        continue
      }
      const { action, path } = one
      switch (action.type) {
        case 'assign': {
          const value = action.set[variable]
          if (value !== undefined) memory = value === null ? 'unset' : 'set'
          break
        }
        case 'run':
          use(spoiled(action.activity, action.input, at(path, 'input')))
          break
        case 'start':
          if (reads(action.key)) use([at(path, 'key')])
          break
        case 'signal':
          if (reads(action.to)) use([at(path, 'to')])
          break
        case 'notify': {
          const place = messages.get(at(path, 'notify'))
          if (place !== undefined) use([place])
          break
        }
        default:
      }
    }
    for (const mark of edge.marks) if (mark.startsWith('+')) use(inState.get(mark.slice(1)) ?? [])
    for (const id of along.begun(edge, to)) {
      const call = calls.get(id)
      if (call !== undefined) use(spoiled(call.value.activity, call.value.input, at(call.path, 'input')))
    }
    return { memory, faults }
  })
  return [...found].map(([path, road]) => ({ variable, path, timer: path.endsWith('.at'), road }))
}

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** Whether an expression reads a variable anywhere but behind `coalesce`, which has an answer to null. */
function readsOf(expr: Json, variable: string): boolean {
  if (expr === null || typeof expr !== 'object') return false
  if (Array.isArray(expr)) return expr.some((part) => readsOf(part, variable))
  if (typeof expr['$ctx'] === 'string') return expr['$ctx'].split('.')[1] === variable
  if (Array.isArray(expr['$fn'])) return expr['$fn'][0] !== 'coalesce' && readsOf(expr['$fn'], variable)
  return Object.values(expr).some((part) => readsOf(part, variable))
}

/** Whether null in the variable makes the value itself null, or an incident. `concat` writes nothing for null. */
function readsDirectly(expr: Json, variable: string): boolean {
  if (!isObject(expr)) return false
  if (Array.isArray(expr['$fn']))
    return !['coalesce', 'concat', 'length'].some((name) => name === first(expr)) && readsOf(expr, variable)
  return readsOf(expr, variable)
}

const first = (expr: JsonObject) => (Array.isArray(expr['$fn']) ? expr['$fn'][0] : undefined)

function takesNull(schema: Json | undefined): boolean {
  if (!isObject(schema)) return true
  const { type } = schema
  if (Array.isArray(schema['enum'])) return schema['enum'].includes(null)
  return type === undefined || type === 'null' || (Array.isArray(type) && type.includes('null'))
}
