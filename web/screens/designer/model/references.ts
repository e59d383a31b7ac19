import type { Definition } from '../../../../definitions/format.ts'
import type { Json } from '../../../../domain/json.ts'

/**
 * The definition with one state called otherwise wherever it is named: targets, promises, pauses, expectations of tests, guards
 * on states and visits, for the states inside it too. The state's own place is not changed. Keys of a migration name states of
 * older versions and stay.
 */
export function renameReferences(definition: Definition, from: string, to: string): Definition {
  const moved = (id: string) => (id === from ? to : id.startsWith(`${from}.`) ? to + id.slice(from.length) : id)
  const visits = (path: string) => {
    const [, key = '', rest = ''] = /^\$\.(\w+)(.*)$/.exec(path) ?? []
    const [old, fresh] = [from.replaceAll('.', '_'), to.replaceAll('.', '_')]
    return key === old || key.startsWith(`${old}_`) ? `$.${fresh}${key.slice(old.length)}${rest}` : path
  }
  const walk = (node: Json): Json => {
    if (typeof node === 'string') return node.startsWith('#') ? `#${moved(node.slice(1))}` : node
    if (node === null || typeof node !== 'object') return node
    if (Array.isArray(node)) return node.map(walk)
    const walked = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, walk(value)]))
    if (node['fact'] === 'state') return { ...walked, value: stateValue(node['value'] ?? null, moved) }
    if (node['fact'] === 'visits' && typeof node['path'] === 'string') return { ...walked, path: visits(node['path']) }
    return walked
  }
  return walk(definition as unknown as Json) as unknown as Definition
}

const stateValue = (value: Json, moved: (id: string) => string): Json => {
  if (typeof value === 'string') return moved(value)
  return Array.isArray(value) ? value.map((one) => stateValue(one, moved)) : value
}

/** The definition with one event called otherwise wherever it is named. */
export function renameEventReferences(definition: Definition, from: string, to: string): Definition {
  const walk = (node: Json, within: string): Json => {
    if (node === null || typeof node !== 'object') return node
    if (Array.isArray(node)) return node.map((one) => walk(one, within))
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => {
        const names = key === from && (within === 'on' || within === 'events')
        const isName = value === from && (eventKeys.has(key) || (key === 'event' && node['type'] === 'raise'))
        return [names ? to : key, isName ? to : walk(value, key)]
      }),
    )
  }
  return walk(definition as unknown as Json, '') as unknown as Definition
}

const eventKeys = new Set(['send', 'raise', 'notActorOf'])

/** Every place that names a state by `#id`, for the states inside it too. */
export function referencesTo(node: Json, id: string): number {
  if (typeof node === 'string') return node === `#${id}` || node.startsWith(`#${id}.`) ? 1 : 0
  if (node === null || typeof node !== 'object') return 0
  return Object.values(node).reduce<number>((sum, value) => sum + referencesTo(value, id), 0)
}
