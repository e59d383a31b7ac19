import type { Json, JsonObject } from '../../domain/json.ts'
import type { Expr } from '../format.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { at } from './place.ts'
import { actionsOf, invokesOf } from './walk.ts'

/** E23: an effect says how it is undone, or `none`. E30: money is never interrupted. E18: inputs, outputs and errors are those of the activity. */
export function callFindings({ definition, catalogues }: Subject): Finding[] {
  const entryOf = (name: string | undefined) =>
    name !== undefined && Object.hasOwn(catalogues.activities, name) ? catalogues.activities[name] : undefined
  const input = (name: string, value: Expr | undefined, path: string) =>
    inputFindings(entryOf(name)?.input, value, path)

  const invokes = invokesOf(definition).flatMap(({ path, value }) => {
    const entry = entryOf(value.activity)
    if (entry === undefined) return []
    const findings = input(value.activity ?? '', value.input, at(path, 'input'))
    if (entry.sideEffect && value.compensate === undefined)
      findings.push(
        error('E23', path, {
          en: `${value.activity} changes something outside: say how it is undone, or compensate: "none"`,
          fa: `${value.activity} بیرون اثر دارد: راه جبران یا compensate: "none" را بنویسید`,
        }),
      )
    if (entry.money === true && value.onExit !== 'wait')
      findings.push(
        error('E30', path, {
          en: `${value.activity} moves money: onExit must be "wait"`,
          fa: `${value.activity} پول جابه‌جا می‌کند: onExit باید wait باشد`,
        }),
      )
    const named = [
      ...(value.onError ?? []).flatMap(({ errors }, i) =>
        (errors ?? []).map((name) => ({ name, path: at(path, 'onError', i, 'errors') })),
      ),
      ...(value.retry?.nonRetryable ?? []).map((name) => ({ name, path: at(path, 'retry', 'nonRetryable') })),
    ]
    for (const one of named)
      if (!entry.errors.includes(one.name))
        findings.push(
          error('E18', one.path, {
            en: `${value.activity} has no error ${one.name}`,
            fa: `${value.activity} خطای ${one.name} ندارد`,
          }),
        )
    const outputs = [
      ...(value.onDone ?? []).map((transition, i) => ({
        part: transition as unknown as Json,
        path: at(path, 'onDone', i),
      })),
      ...(typeof value.compensate === 'object'
        ? [{ part: value.compensate.input ?? null, path: at(path, 'compensate', 'input') }]
        : []),
    ]
    for (const { part, path: place } of outputs)
      for (const name of outputNames(part))
        if (!Object.hasOwn((entry.output['properties'] ?? {}) as JsonObject, name))
          findings.push(
            error('E18', place, {
              en: `${value.activity} gives no ${name}`,
              fa: `${value.activity} خروجی ${name} ندارد`,
            }),
          )
    if (typeof value.compensate === 'object')
      findings.push(...input(value.compensate.activity, value.compensate.input, at(path, 'compensate', 'input')))
    return findings
  })
  const runs = actionsOf(definition).flatMap(({ path, value }) =>
    value.type === 'run' ? input(value.activity, value.input, at(path, 'input')) : [],
  )
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

/** First names of all `$output` paths and `output` facts inside. */
function outputNames(part: Json): string[] {
  if (part === null || typeof part !== 'object') return []
  if (Array.isArray(part)) return part.flatMap(outputNames)
  const path =
    typeof part['$output'] === 'string' ? part['$output'] : part['fact'] === 'output' ? part['path'] : undefined
  const own = typeof path === 'string' && path !== '$' ? [path.split('.')[1] ?? ''] : []
  return [...own, ...Object.values(part).flatMap(outputNames)]
}
