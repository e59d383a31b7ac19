import type { CheckCatalogues } from '../../../../definitions/check/finding.ts'
import { compile } from '../../../../definitions/compile.ts'
import type { Definition, DefinitionTest, TestStep } from '../../../../definitions/format.ts'
import { type SimulatedStep, simulate } from '../../../../definitions/simulate.ts'
import type { Text } from '../../../../domain/errors.ts'
import type { Json, JsonObject } from '../../../../domain/json.ts'
import { fieldsOf } from './form-fields.ts'
import { stateAt } from './states.ts'

/** What may happen next in a simulation. */
export interface Possible {
  events: { name: string; label: Text; kind: 'user' | 'external'; roles: string[]; payload: JsonObject }[]
  calls: { id: string; label: Text; output: JsonObject; errors: string[] }[]
}

/** The run of these steps on the interpreter that runs orders; null where the definition does not compile. Nothing outside is touched. */
export function run(
  definition: Definition,
  catalogues: CheckCatalogues,
  test: DefinitionTest,
  startMs: number,
): SimulatedStep[] | null {
  try {
    return simulate(compile(definition, catalogues, ''), test, startMs)
  } catch {
    return null
  }
}

/** Events and calls of the states that the run is in, with made-up data that their schemas take. */
export function possible(definition: Definition, catalogues: CheckCatalogues, present: readonly string[]): Possible {
  const ids = [
    ...new Set(
      present
        .map((id) => id.replace(/^#/, ''))
        .flatMap((id) => id.split('.').map((_, i, keys) => keys.slice(0, i + 1).join('.'))),
    ),
  ]
  const states = ids.flatMap((id) => stateAt(definition, id) ?? [])
  const lists = [...states.map(({ on }) => on ?? {}), definition.on ?? {}]
  const names = [...new Set(lists.flatMap((on) => Object.keys(on)))]
  return {
    events: names.flatMap((name) => {
      const event = definition.events[name]
      if (event === undefined || event.kind === 'internal') return []
      const roles = lists
        .flatMap((on) => on[name] ?? [])
        .flatMap(({ allow }) => allow ?? [])
        .map(({ role }) => role)
      const form = event.form === undefined ? undefined : definition.forms?.[event.form]
      const schema = form?.schema ?? event.payload
      const payload = made(schema) as JsonObject
      const optional =
        form === undefined
          ? []
          : fieldsOf(form)
              .filter(({ required }) => !required)
              .map((field) => field.name)
      return [
        {
          name,
          label: event.label,
          kind: event.kind,
          roles: [...new Set(roles)],
          payload: Object.fromEntries(Object.entries(payload).filter(([key]) => !optional.includes(key))),
        },
      ]
    }),
    calls: states.flatMap(({ invoke = [] }) =>
      invoke.map((call) => {
        const entry = call.activity === undefined ? undefined : catalogues.activities[call.activity]
        const label = entry?.label ?? { fa: call.process ?? call.id, en: call.process ?? call.id }
        const output =
          entry === undefined ? { outcome: 'done', kind: 'success', context: {} } : (made(entry.output) as JsonObject)
        return { id: call.id, label, output, errors: entry?.errors ?? [] }
      }),
    ),
  }
}

/** The steps as a test of the definition: what was reached at the end is what must be reached again. */
export function asTest(
  name: string,
  steps: readonly TestStep[],
  facts: JsonObject,
  runs: readonly SimulatedStep[],
): DefinitionTest {
  const told = steps.map((step, i): TestStep => {
    const after = runs[i + 1]
    if (after === undefined) return step
    if (after.rejected !== null)
      return {
        ...step,
        expect: { rejected: after.rejected as NonNullable<NonNullable<TestStep['expect']>['rejected']> },
      }
    if (after.outcome !== null) return { ...step, expect: { outcome: after.outcome } }
    return { ...step, expect: { in: after.in } }
  })
  return { name, ...(Object.keys(facts).length > 0 && { given: { facts } }), steps: told }
}

/** Answers of all declared facts, made up so that their types take them. */
export const madeFacts = (definition: Definition): JsonObject =>
  Object.fromEntries(Object.entries(definition.facts ?? {}).map(([name, fact]) => [name, made(fact.type)]))

/** A value that a schema of our subset takes. */
function made(schema: Json | undefined): Json {
  if (schema === undefined || typeof schema !== 'object' || schema === null || Array.isArray(schema)) return {}
  if (Array.isArray(schema['enum'])) return schema['enum'][0] ?? null
  if (schema['const'] !== undefined) return schema['const']
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type']
  switch (type) {
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 0
    case 'boolean':
      return true
    case 'array':
      return []
    case 'null':
      return null
    case 'string':
      return word(schema)
    default:
      return Object.fromEntries(
        Object.entries((schema['properties'] ?? {}) as JsonObject).map(([name, property]) => [name, made(property)]),
      )
  }
}

function word({ format, minLength }: JsonObject): string {
  if (format === 'date-time') return '2026-01-01T00:00:00Z'
  if (format === 'date') return '2026-01-01'
  return 'x'.repeat(Math.max(1, typeof minLength === 'number' ? minLength : 1))
}
