import { at } from '../../../../definitions/check/place.ts'
import type { Definition, State } from '../../../../definitions/format.ts'
import { valueAt } from './tree.ts'

/** A state with its dotted id (`presale.proforma`), its key in the state around it, and that state's id ('' = the process). */
export interface FoundState {
  id: string
  key: string
  parent: string
  state: State
}

/** All states, each before those inside it, in the order of the document. */
export function statesOf(definition: Pick<Definition, 'states'>): FoundState[] {
  const visit = (states: Record<string, State>, parent: string): FoundState[] =>
    Object.entries(states).flatMap(([key, state]) => {
      const id = parent === '' ? key : `${parent}.${key}`
      return [{ id, key, parent, state }, ...visit(state.states ?? {}, id)]
    })
  return visit(definition.states, '')
}

/** Where a state stands in the document; '' is the process itself. */
export function pathOf(id: string): string {
  return id === '' ? '$' : id.split('.').reduce((path, key) => at(path, 'states', key), '$')
}

/** The innermost state that a place lies in; '' where it is outside all. */
export function stateOf(path: string): string {
  const keys: string[] = []
  let rest = path.slice(1)
  for (;;) {
    const found = /^\.states(?:\.([A-Za-z_][\w-]*))(?=[.[]|$)/.exec(rest)
    if (found?.[1] === undefined) return keys.join('.')
    keys.push(found[1])
    rest = rest.slice(found[0].length)
  }
}

export const stateAt = (definition: Definition, id: string) => valueAt<State>(definition, pathOf(id))

export const parentOf = (id: string) => id.split('.').slice(0, -1).join('.')

export const isInside = (id: string, outer: string) => outer === '' || id === outer || id.startsWith(`${outer}.`)

/** A name that none of `taken` has, made from words: `Document check` becomes `documentCheck`, then `documentCheck2`. */
export function freeKey(words: string, taken: readonly string[], fallback: string): string {
  const parts = words.match(/[A-Za-z0-9]+/g) ?? []
  const joined = parts
    .map((part, i) => (i === 0 ? part.toLowerCase() : part.charAt(0).toUpperCase() + part.slice(1).toLowerCase()))
    .join('')
  return unused(/^[a-zA-Z]/.test(joined) ? joined.slice(0, 60) : fallback, taken)
}

/** As `freeKey`, in the form of events: `DOCUMENT_CHECK`. */
export function freeEventName(words: string, taken: readonly string[]): string {
  const joined = (words.match(/[A-Za-z0-9]+/g) ?? []).join('_').toUpperCase()
  return unused(/^[A-Z]./.test(joined) ? joined.slice(0, 60) : 'EVENT', taken)
}

function unused(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name
  for (let n = 2; ; n++) if (!taken.includes(`${name}${n}`)) return `${name}${n}`
}
