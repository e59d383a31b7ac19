import type { Json, JsonObject } from '../../domain/json.ts'
import type { ActivityEntry } from '../catalogue/activities.ts'
import type { Expr, Invoke } from '../format.ts'
import type { TypeOf } from './cells.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { at } from './place.ts'
import { typeOfFacts } from './types.ts'
import { meets, typesOf, typesOfExpr } from './value-type.ts'
import { actionsOf, invokesOf, transitionsOf } from './walk.ts'

/** Every call of a known activity, with its entry in the catalogue. */
export function knownCalls({
  definition,
  catalogues,
}: Subject): { path: string; call: Invoke; entry: ActivityEntry }[] {
  return invokesOf(definition).flatMap(({ path, value: call }) => {
    const entry = entryOf(catalogues.activities, call.activity)
    return entry === undefined ? [] : [{ path, call, entry }]
  })
}

const entryOf = (activities: Record<string, ActivityEntry>, name: string | undefined) =>
  name !== undefined && Object.hasOwn(activities, name) ? activities[name] : undefined

/** Inputs, outputs and errors are those of the activity. */
export function callFindings(subject: Subject): Finding[] {
  const { activities } = subject.catalogues
  const input = (name: string | undefined, value: Expr | undefined, path: string, trigger = '') => {
    const schema = entryOf(activities, name)?.input
    return [
      ...inputFindings(schema, value, path),
      ...inputTypeFindings(schema, value, path, typeOfFacts(subject, trigger)),
    ]
  }

  const invokes = knownCalls(subject).flatMap(({ path, call, entry }) => {
    const named = [
      ...(call.onError ?? []).flatMap(({ errors }, i) =>
        (errors ?? []).map((name) => ({ name, path: at(path, 'onError', i, 'errors') })),
      ),
      ...(call.retry?.nonRetryable ?? []).map((name) => ({ name, path: at(path, 'retry', 'nonRetryable') })),
    ]
    const errors = named
      .filter(({ name }) => !entry.errors.includes(name))
      .map((one) =>
        error('E18', one.path, {
          en: `${call.activity} has no error ${one.name}`,
          fa: `${call.activity} خطای ${one.name} ندارد`,
        }),
      )
    const readers = [
      ...(call.onDone ?? []).map((transition, i) => ({
        part: transition as unknown as Json,
        path: at(path, 'onDone', i),
      })),
      ...(typeof call.compensate === 'object'
        ? [{ part: call.compensate.input ?? null, path: at(path, 'compensate', 'input') }]
        : []),
    ]
    const outputs = readers.flatMap(({ part, path: place }) =>
      outputNames(part)
        .filter((name) => !Object.hasOwn((entry.output['properties'] ?? {}) as JsonObject, name))
        .map((name) =>
          error('E18', place, { en: `${call.activity} gives no ${name}`, fa: `${call.activity} خروجی ${name} ندارد` }),
        ),
    )
    const undo = typeof call.compensate === 'object' ? call.compensate : undefined
    return [
      ...input(call.activity, call.input, at(path, 'input')),
      ...errors,
      ...outputs,
      ...(undo === undefined
        ? []
        : input(undo.activity, undo.input, at(path, 'compensate', 'input'), `done:${call.id}`)),
    ]
  })
  const triggers = transitionsOf(subject.definition)
  const runs = actionsOf(subject.definition).flatMap(({ path, value }) => {
    if (value.type !== 'run') return []
    const trigger = triggers.find((placed) => path.startsWith(`${placed.path}.actions`))?.trigger
    return input(value.activity, value.input, at(path, 'input'), trigger)
  })
  return [...invokes, ...runs]
}

function inputFindings(schema: JsonObject | undefined, value: Expr | undefined, path: string): Finding[] {
  if (schema === undefined) return []
  const given = value === undefined ? {} : value
  if (given === null || typeof given !== 'object' || Array.isArray(given) || Object.keys(given)[0]?.startsWith('$'))
    return []
  const properties = (schema['properties'] ?? {}) as JsonObject
  const missing = ((schema['required'] ?? []) as string[]).filter((name) => !Object.hasOwn(given, name))
  const extra = Object.keys(given).filter((name) => !Object.hasOwn(properties, name))
  return [
    ...missing.map((name) =>
      error('E18', path, { en: `the input ${name} is missing`, fa: `ورودی ${name} داده نشده است` }),
    ),
    ...extra.map((name) =>
      error('E18', at(path, name), { en: `there is no input ${name}`, fa: `ورودی ${name} وجود ندارد` }),
    ),
  ]
}

/** Inputs of a type that the activity does not take. That a variable may be null is for E19 to say, which knows the roads. */
function inputTypeFindings(
  schema: JsonObject | undefined,
  value: Expr | undefined,
  path: string,
  typeOf: TypeOf,
): Finding[] {
  if (schema === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return []
  const properties = (schema['properties'] ?? {}) as JsonObject
  return Object.entries(value).flatMap(([name, expr]) => {
    const wanted = Object.hasOwn(properties, name) ? typesOf((properties[name] ?? {}) as JsonObject) : undefined
    const given = typesOfExpr(expr, typeOf)
    if (meets(given, wanted)) return []
    return [
      error('E18', at(path, name), {
        en: `${name} is ${[...(given ?? [])].join(' | ')}, the activity takes ${[...(wanted ?? [])].join(' | ')}`,
        fa: `${name} از نوع ${[...(given ?? [])].join(' | ')} است؛ فعالیت ${[...(wanted ?? [])].join(' | ')} می‌پذیرد`,
      }),
    ]
  })
}

/** First names of all `$output` paths and `output` facts inside. */
function outputNames(part: Json): string[] {
  if (part === null || typeof part !== 'object') return []
  if (Array.isArray(part)) return part.flatMap(outputNames)
  const path =
    typeof part['$output'] === 'string' ? part['$output'] : part['fact'] === 'output' ? part['path'] : undefined
  const own = typeof path === 'string' && path !== '$' ? [path.split('.')[1] ?? ''] : []
  return [...own, ...Object.values(part).flatMap(outputNames)]
}
