import type { Json, JsonObject } from '../../domain/json.ts'
import type { Definition, Expr } from '../format.ts'
import { at } from './place.ts'
import { idOf, statesOf } from './walk.ts'

/** What a migration says of one old state. */
export interface StateMapping {
  path: string
  /** Dotted id in the new version, or `hold`: it stays on the old one until it leaves that state. */
  target: string
  timers?: 'keep' | 'restart'
  invocations?: 'keep' | 'restart'
}

/** One entry of `migrations`, read. */
export interface MigrationMap {
  path: string
  from: number[]
  auto: boolean
  states: ReadonlyMap<string, StateMapping>
  context: Record<string, Expr>
}

/** The migrations of a definition. The form was checked by the schema. */
export function migrationsOf(definition: Definition): MigrationMap[] {
  return ((definition.migrations ?? []) as unknown as JsonObject[]).map((migration, i) => {
    const path = at('$.migrations', i)
    return {
      path,
      from: migration['from'] as number[],
      auto: migration['auto'] === true,
      states: new Map(
        Object.entries((migration['states'] ?? {}) as JsonObject).map(([old, to]) => [
          idOf(old),
          mappingOf(to, at(path, 'states', old)),
        ]),
      ),
      context: (migration['context'] ?? {}) as Record<string, Expr>,
    }
  })
}

function mappingOf(to: Json, path: string): StateMapping {
  if (typeof to === 'string') return { path, target: idOf(to) }
  const { target, timers, invocations } = to as unknown as StateMapping
  return {
    path,
    target: idOf(target),
    ...(timers === undefined ? {} : { timers }),
    ...(invocations === undefined ? {} : { invocations }),
  }
}

/** Where an old leaf goes: by its own entry, that of a state around it, or (with `auto`) to the state of the same id. */
export function mappingFor(migration: MigrationMap, leaf: string, definition: Definition): StateMapping | undefined {
  for (let id = leaf; id !== ''; id = id.includes('.') ? id.slice(0, id.lastIndexOf('.')) : '') {
    const found = migration.states.get(id)
    if (found !== undefined) return found
  }
  return migration.auto && statesOf(definition).some(({ id }) => id === leaf)
    ? { path: migration.path, target: leaf }
    : undefined
}
