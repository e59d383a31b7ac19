import type { Text } from '../../domain/errors.ts'
import type { Json } from '../../domain/json.ts'

/** What a change is about. `deadline` is a timer or an sla, `promise` a property of `requires`, `data` a variable of the context. */
export type ItemKind =
  | 'definition'
  | 'state'
  | 'transition'
  | 'guard'
  | 'permission'
  | 'event'
  | 'form'
  | 'deadline'
  | 'call'
  | 'message'
  | 'fact'
  | 'data'
  | 'outcome'
  | 'promise'
  | 'migration'
  | 'test'

/** A part of a definition that has a name of its own, so that it can be found again in another version. */
export interface Item {
  kind: ItemKind
  /** The same in both versions for the same thing; unique in one. */
  key: string
  /** Those of one group (the candidates of one event) that find no partner by key are paired in order. */
  group?: string
  name: Text
  path: string
  /** What may differ, by name. A part that does not exist is absent. */
  parts: Record<string, Json>
}
