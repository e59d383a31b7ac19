import type { Queryable } from '../db/client.ts'
import { definitionOf } from '../db/definitions.ts'
import type { Definition, EventDeclaration, State, Transition } from '../definitions/format.ts'
import type { Graph } from '../definitions/graph.ts'
import { type Chart, chartOf } from '../definitions/interpreter/chart.ts'
import type { Text } from '../domain/errors.ts'

/** A published version, ready to be shown: its chart, and its labels by state id. */
export interface LoadedDefinition {
  id: string
  version: number
  definition: Definition
  chart: Chart
  states: ReadonlyMap<string, StateLabel>
  /** Labels of transitions by event, where one is given. */
  buttons: ReadonlyMap<string, Text>
}

export interface StateLabel {
  id: string
  label: Text
  stage: string | null
  kind: NonNullable<State['type']>
  parent: string | null
  owner: string | null
}

const kept = 200

/**
 * Published versions by id and version; they never change, so the last 200 stay in memory. `load` ends in DomainError
 * `NoSuchDefinition`, and in an Error for a draft, which no order runs by.
 */
export function createDefinitionStore() {
  const loaded = new Map<string, LoadedDefinition>()
  return {
    async load(db: Queryable, id: string, version: number): Promise<LoadedDefinition> {
      const key = `${id}@${version}`
      const known = loaded.get(key)
      if (known !== undefined) return known
      const stored = await definitionOf(db, id, version)
      if (stored.graph === null) throw new Error(`${key} has no graph`)
      // Both were checked and compiled when the version was published.
      const definition = JSON.parse(stored.text) as Definition
      const fresh: LoadedDefinition = {
        id,
        version,
        definition,
        chart: chartOf(stored.graph as unknown as Graph),
        states: stateLabels(definition),
        buttons: buttonLabels(definition),
      }
      loaded.set(key, fresh)
      const [oldest] = loaded.keys()
      if (loaded.size > kept && oldest !== undefined) loaded.delete(oldest)
      return fresh
    },
  }
}

export type DefinitionStore = ReturnType<typeof createDefinitionStore>

/** Labels of all states in document order, with the stage and owner that hold there. */
export function stateLabels(definition: Definition): Map<string, StateLabel> {
  const labels = new Map<string, StateLabel>()
  const visit = (states: Record<string, State>, parent: StateLabel | null) => {
    for (const [key, state] of Object.entries(states)) {
      const label: StateLabel = {
        id: parent === null ? key : `${parent.id}.${key}`,
        label: state.label,
        stage: state.stage ?? parent?.stage ?? null,
        kind: state.type ?? (state.states === undefined ? 'atomic' : 'compound'),
        parent: parent?.id ?? null,
        owner: state.owner ?? parent?.owner ?? null,
      }
      labels.set(label.id, label)
      visit(state.states ?? {}, label)
    }
  }
  visit(definition.states, null)
  return labels
}

function buttonLabels(definition: Definition): Map<string, Text> {
  const labels = new Map<string, Text>()
  const take = (on: Record<string, Transition[]> | undefined) => {
    for (const [event, transitions] of Object.entries(on ?? {})) {
      const label = transitions.find((transition) => transition.label !== undefined)?.label
      if (label !== undefined && !labels.has(event)) labels.set(event, label)
    }
  }
  const visit = (states: Record<string, State>) => {
    for (const state of Object.values(states)) {
      take(state.on)
      visit(state.states ?? {})
    }
  }
  take(definition.on)
  visit(definition.states)
  return labels
}

/** The form of an event as a client draws it; null where the event takes no input. */
export function formOf(definition: Definition, event: EventDeclaration) {
  const form = event.form === undefined ? undefined : definition.forms?.[event.form]
  if (form !== undefined)
    return { schema: form.schema, ui: form.ui ?? {}, steps: form.steps, label: form.label ?? null }
  return event.payload === undefined ? null : { schema: event.payload, ui: {}, steps: [], label: null }
}
