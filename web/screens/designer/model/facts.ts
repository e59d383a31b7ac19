import type { CheckCatalogues } from '../../../../definitions/check/finding.ts'
import { at } from '../../../../definitions/check/place.ts'
import type { Condition, Definition, FactDeclaration, JsonSchema } from '../../../../definitions/format.ts'
import type { Text } from '../../../../domain/errors.ts'
import type { JsonObject } from '../../../../domain/json.ts'
import { fieldOf, namedField } from './query.ts'
import { transitionsOf } from './roads.ts'
import { stateAt, statesOf } from './states.ts'

/** Something a guard may ask: how the builder calls it, what it is, and the words for its choices. */
export interface Fact {
  field: string
  label: Text
  type: 'text' | 'number' | 'boolean' | 'choice' | 'state' | 'guard'
  options?: { value: string; label: Text }[]
  group: 'order' | 'form' | 'answer' | 'facts' | 'catalogue' | 'process'
}

/** What a guard at a place may ask: the order's data, the form or answer that is there, declared facts and those of the catalogue. */
export function factsFor(definition: Definition, catalogues: CheckCatalogues, path: string): Fact[] {
  const found = transitionsOf(definition).find((each) => path.startsWith(each.path))
  const event = found?.trigger.kind === 'on' ? definition.events[found.trigger.name] : undefined
  const form = event?.form === undefined ? undefined : definition.forms?.[event.form]
  const trigger = found?.trigger
  const call =
    trigger?.kind === 'done'
      ? stateAt(definition, found?.from ?? '')?.invoke?.find(({ id }) => id === trigger.name)
      : undefined
  const answer = call?.activity === undefined ? undefined : catalogues.activities[call.activity]?.output
  const declared = Object.entries(definition.facts ?? {})
  return [
    ...leavesOf('ctx', definition.context.schema, 'order'),
    ...leavesOf(
      'event',
      form?.schema ?? event?.payload,
      'form',
      (name) => (form?.ui?.[name] as { label?: Text } | undefined)?.label,
    ),
    ...leavesOf('output', answer, 'answer'),
    ...declared.flatMap(([name, fact]) =>
      leavesOf(name, fact.type, 'facts').map((leaf) => ({
        ...leaf,
        label: prefixed(fact.label ?? catalogues.sources[fact.source]?.[fact.query]?.label ?? both(name), leaf.label),
      })),
    ),
    ...Object.entries(catalogues.sources).flatMap(([source, queries]) =>
      Object.entries(queries)
        .filter(([query]) => !declared.some(([, fact]) => fact.source === source && fact.query === query))
        .flatMap(([query, { label, answer: type }]) =>
          leavesOf(`${source}.${query}`, type, 'catalogue').map((leaf) => ({
            ...leaf,
            label: prefixed(label, leaf.label),
          })),
        ),
    ),
    {
      field: 'state',
      label: { fa: 'وضعیت‌های کنونی', en: 'Present states' },
      type: 'state',
      group: 'process',
      options: statesOf(definition).map(({ id, state }) => ({ value: id, label: state.label })),
    },
    ...(Object.keys(definition.guards ?? {}).length === 0
      ? []
      : [
          {
            field: namedField,
            label: { fa: 'شرط نام‌دار', en: 'Named condition' },
            type: 'guard' as const,
            group: 'process' as const,
            options: Object.keys(definition.guards ?? {}).map((value) => ({ value, label: both(value) })),
          },
        ]),
  ]
}

function leavesOf(
  fact: string,
  schema: JsonSchema | undefined,
  group: Fact['group'],
  labelOf: (name: string) => Text | undefined = () => undefined,
): Fact[] {
  if (schema === undefined || typeof schema === 'boolean') return []
  const properties = (schema['properties'] ?? {}) as Record<string, JsonObject>
  return Object.entries(properties).map(([name, property]) => {
    const types = Array.isArray(property['type']) ? property['type'] : [property['type']]
    const choices = property['enum']
    const type = Array.isArray(choices)
      ? 'choice'
      : types.includes('boolean')
        ? 'boolean'
        : types.includes('integer') || types.includes('number')
          ? 'number'
          : 'text'
    return {
      field: fieldOf(fact, `$.${name}`),
      label: labelOf(name) ?? both(typeof property['title'] === 'string' ? property['title'] : name),
      type,
      group,
      ...(Array.isArray(choices) && {
        options: (choices as (string | number | boolean | null)[]).map((value) => ({
          value: String(value),
          label: both(String(value)),
        })),
      }),
    }
  })
}

/**
 * A condition that asks queries of the catalogue by `source.query` becomes one that asks declared facts, and the declarations
 * come with it. Parameters are taken from the order's data of the same meaning, where it has any.
 */
export function declaring(
  definition: Definition,
  catalogues: CheckCatalogues,
  condition: Condition,
): { condition: Condition; facts: { path: string; value: FactDeclaration }[] } {
  const facts = new Map<string, FactDeclaration>()
  const nameOf = (fact: string): string => {
    const [source = '', query = ''] = fact.split('.')
    const entry = catalogues.sources[source]?.[query]
    if (entry === undefined) return fact
    const taken = definition.facts?.[query]
    const name =
      taken === undefined || (taken.source === source && taken.query === query) ? query : `${source}_${query}`
    if (definition.facts?.[name] === undefined)
      facts.set(name, {
        source,
        query,
        params: Object.fromEntries(
          entry.params.map((param) => [param, { $ctx: `$.${contextFor(definition, param, query)}` }]),
        ),
        type: entry.answer,
        maxAge: 'PT0S',
        label: entry.label,
      })
    return name
  }
  const walk = (c: Condition): Condition => {
    if ('all' in c) return { all: c.all.map(walk) }
    if ('any' in c) return { any: c.any.map(walk) }
    if ('not' in c) return { not: walk(c.not) }
    if ('condition' in c) return c
    const { value } = c
    const other =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? { ...value, fact: nameOf(value.fact) }
        : value
    return { ...c, fact: nameOf(c.fact), value: other }
  }
  const walked = walk(condition)
  return { condition: walked, facts: [...facts].map(([name, value]) => ({ path: at('$', 'facts', name), value })) }
}

/** The variable of the order that a parameter most likely means: `id` of `customerDebt` is `customerId`. */
function contextFor(definition: Definition, param: string, query: string): string {
  const { schema } = definition.context
  const names = typeof schema === 'boolean' ? [] : Object.keys((schema['properties'] ?? {}) as JsonObject)
  if (names.includes(param)) return param
  const meant = names.find(
    (name) => name.endsWith('Id') && query.toLowerCase().includes(name.slice(0, -2).toLowerCase()),
  )
  return meant ?? names.find((name) => name === 'customerId') ?? names[0] ?? param
}

const both = (text: string): Text => ({ fa: text, en: text })
const prefixed = (a: Text, b: Text): Text => ({ fa: `${a.fa}: ${b.fa}`, en: `${a.en}: ${b.en}` })
