import type { Text } from '../../domain/errors.ts'
import { activities } from '../catalogue/activities.ts'
import { roles } from '../catalogue/roles.ts'
import { statesOf } from '../check/walk.ts'
import type { Definition } from '../format.ts'

/** Labels of states, events, roles and calls; a name without one stands for itself. */
export function namesOf(definition: Definition) {
  const labels = new Map(statesOf(definition).map(({ id, state }) => [id, state.label]))
  const own = (record: Readonly<Record<string, { label: Text }>>, name: string) =>
    Object.hasOwn(record, name) ? (record[name]?.label ?? both(name)) : both(name)
  return {
    state: (id: string): Text => (id === '' ? definition.label : (labels.get(id) ?? both(id))),
    event: (name: string): Text => own(definition.events, name),
    role: (name: string): Text => (Object.hasOwn(roles, name) ? (roles[name] ?? both(name)) : both(name)),
    call: (name: string): Text => own(activities, name),
  }
}

export type Names = ReturnType<typeof namesOf>

/** Several names in one sentence. */
export function listed(names: readonly Text[]): Text {
  const unique = names.filter(({ fa }, i) => names.findIndex((other) => other.fa === fa) === i)
  return { fa: unique.map(({ fa }) => fa).join('، '), en: unique.map(({ en }) => en).join(', ') }
}

const both = (name: string): Text => ({ fa: name, en: name })
