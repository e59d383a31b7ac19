import type { Json } from '../../domain/json.ts'
import { satisfy, type Wish } from './cells.ts'
import { closed, leads, leavesOf } from './data.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { at } from './place.ts'
import { typeOfFacts } from './types.ts'
import { transitionsOf } from './walk.ts'

/** Forms against their schemas, and what transitions read of an event against the form of that event. */
export function formFindings(subject: Subject): Finding[] {
  return [...stepFindings(subject), ...eventFindings(subject)]
}

function stepFindings(subject: Subject): Finding[] {
  const { definition } = subject
  return Object.entries(definition.forms ?? {}).flatMap(([name, { schema, steps }]) => {
    if (typeof schema === 'boolean') return []
    const shown = steps.flatMap(({ fields, when }, i) =>
      fields.map((field, j) => ({ field, when, path: at('$.forms', name, 'steps', i, 'fields', j) })),
    )
    const required = Array.isArray(schema['required']) ? (schema['required'] as string[]) : []
    return [
      ...shown
        .filter(({ field }) => !leads(closed(schema), `$.${field}`))
        .map(({ field, path }) =>
          error('E22', path, { en: `the schema has no field ${field}`, fa: `طرح‌واره فیلد ${field} ندارد` }),
        ),
      ...required.flatMap((field) => {
        const places = shown.filter((one) => one.field === field)
        const path = at('$.forms', name, 'steps')
        if (places.length === 0)
          return [
            error('E22', path, {
              en: `the required field ${field} is in no step`,
              fa: `فیلد الزامی ${field} در هیچ گامی نیست`,
            }),
          ]
        const wishes = places.flatMap(({ when }): Wish[] =>
          when === undefined ? [] : [{ condition: when, truth: ['false'] }],
        )
        if (wishes.length < places.length) return []
        const found = satisfy(wishes, definition.guards ?? {}, (fact) =>
          fact === 'event' ? schema : typeOfFacts(subject, '')(fact),
        )
        if (found.answer !== 'yes') return []
        return [
          error(
            'E22',
            path,
            {
              en: `the required field ${field} is hidden for some input`,
              fa: `فیلد الزامی ${field} برای برخی ورودی‌ها پنهان می‌ماند`,
            },
            { witness: found.witness },
          ),
        ]
      }),
    ]
  })
}

function eventFindings(subject: Subject): Finding[] {
  return transitionsOf(subject.definition).flatMap(({ path, trigger, transition }) => {
    if (!trigger.startsWith('on:')) return []
    const type = typeOfFacts(subject, trigger)('event')
    if (type === undefined) return []
    const guard =
      transition.guard === undefined
        ? []
        : leavesOf(transition.guard, at(path, 'guard')).filter(({ fact }) => fact === 'event')
    return [
      ...guard.map(({ read, place }) => ({ read, place })),
      ...(transition.actions ?? []).flatMap((action, i) =>
        eventPaths(action as unknown as Json).map((read) => ({ read, place: at(path, 'actions', i) })),
      ),
    ]
      .filter(({ read }) => !leads(closed(type), read))
      .map(({ read, place }) =>
        error('E22', place, {
          en: `the input of ${trigger.slice(3)} has nothing at ${read}`,
          fa: `ورودی ${trigger.slice(3)} در ${read} چیزی ندارد`,
        }),
      )
  })
}

function eventPaths(part: Json): string[] {
  if (part === null || typeof part !== 'object') return []
  if (Array.isArray(part)) return part.flatMap(eventPaths)
  const own = typeof part['$event'] === 'string' ? [part['$event']] : []
  return [...own, ...Object.values(part).flatMap(eventPaths)]
}
