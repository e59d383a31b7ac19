import { factsOf } from '../condition.ts'
import type { Condition } from '../format.ts'
import { type Finding, type Subject, warning } from './finding.ts'
import { at } from './place.ts'
import { actionsOf, conditionsOf, notificationsOf, slasOf, timersOf, transitionsOf } from './walk.ts'

/** W01: events, guards, forms, facts, calendars and outcomes that nothing uses. */
export function unusedFindings({ definition }: Subject): Finding[] {
  const conditions = conditionsOf(definition).map(({ value }) => value)
  const states = JSON.stringify(definition.states)
  const used = {
    events: new Set([
      ...transitionsOf(definition).flatMap(({ trigger }) => (trigger.startsWith('on:') ? [trigger.slice(3)] : [])),
      ...actionsOf(definition).flatMap(({ value }) => (value.type === 'raise' ? [value.event] : [])),
    ]),
    guards: new Set(conditions.flatMap(namesIn)),
    forms: new Set(Object.values(definition.events).flatMap(({ form }) => form ?? [])),
    facts: new Set(conditions.flatMap((one) => factsOf(one, definition.guards ?? {}))),
    calendars: new Set(
      [...timersOf(definition), ...slasOf(definition), ...notificationsOf(definition)].flatMap(
        ({ value }) => value.calendar ?? [],
      ),
    ),
    outcomes: new Set(
      Object.keys(definition.outcomes).filter((name) => states.includes(`"outcome":${JSON.stringify(name)}`)),
    ),
  }
  const kinds = Object.keys(used) as (keyof typeof used)[]
  return kinds.flatMap((kind) =>
    Object.keys(definition[kind] ?? {})
      .filter((name) => !used[kind].has(name))
      .map((name) =>
        warning('W01', at('$', kind, name), { en: `${name} is never used`, fa: `${name} هیچ‌جا به کار نرفته است` }),
      ),
  )
}

function namesIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(namesIn)
  if ('any' in condition) return condition.any.flatMap(namesIn)
  if ('not' in condition) return namesIn(condition.not)
  return 'condition' in condition ? [condition.condition] : []
}
