import { DomainError } from '../../domain/errors.ts'
import { durationMs } from '../compile.ts'
import type { Condition, Definition } from '../format.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { at } from './place.ts'
import { conditionsOf, notificationsOf, slasOf, statesOf, timersOf } from './walk.ts'

const limits = { states: 500, nesting: 8, conditions: 200, conditionDepth: 16, defaultHorizonMs: 400 * 86_400_000 }

/** Not so large that it would stop a workflow. */
export function limitFindings({ definition }: Subject): Finding[] {
  const findings: Finding[] = []
  const states = statesOf(definition)
  if (states.length > limits.states) findings.push(tooMany('$.states', 'states', states.length, limits.states))
  for (const { id, path } of states)
    if (id.split('.').length > limits.nesting)
      findings.push(tooMany(path, 'levels', id.split('.').length, limits.nesting))
  const conditions = conditionsOf(definition)
  const leaves = conditions.reduce((sum, { value }) => sum + sizeOf(value).leaves, 0)
  if (leaves > limits.conditions) findings.push(tooMany('$', 'conditions', leaves, limits.conditions))
  for (const { path, value } of conditions) {
    const { depth } = sizeOf(value)
    if (depth > limits.conditionDepth)
      findings.push(tooMany(path, 'levels of conditions', depth, limits.conditionDepth))
  }
  const ring = ringOf(definition)
  if (ring !== undefined)
    findings.push(
      error('E33', at('$.guards', ring), {
        en: `the condition ${ring} leads back to itself`,
        fa: `شرط ${ring} به خود باز می‌گردد`,
      }),
    )
  return findings
}

const tooMany = (path: string, what: string, found: number, limit: number) =>
  error('E33', path, { en: `${found} ${what}, at most ${limit}`, fa: `${found} ${what}؛ حداکثر ${limit}` })

function sizeOf(condition: Condition): { leaves: number; depth: number } {
  const inner =
    'all' in condition ? condition.all : 'any' in condition ? condition.any : 'not' in condition ? [condition.not] : []
  const sizes = inner.map(sizeOf)
  return {
    leaves: inner.length === 0 ? 1 : sizes.reduce((sum, { leaves }) => sum + leaves, 0),
    depth: 1 + sizes.reduce((most, { depth }) => Math.max(most, depth), 0),
  }
}

/** A named condition that needs itself, if any. */
function ringOf(definition: Definition): string | undefined {
  const guards = definition.guards ?? {}
  const namesIn = (c: Condition): string[] => {
    if ('all' in c) return c.all.flatMap(namesIn)
    if ('any' in c) return c.any.flatMap(namesIn)
    if ('not' in c) return namesIn(c.not)
    return 'condition' in c ? [c.condition] : []
  }
  const done = new Set<string>()
  const visit = (name: string, above: string[]): string | undefined => {
    if (above.includes(name)) return name
    const guard = Object.hasOwn(guards, name) ? guards[name] : undefined
    if (guard === undefined || done.has(name)) return undefined
    const found = namesIn(guard)
      .map((inner) => visit(inner, [...above, name]))
      .find((ring) => ring !== undefined)
    done.add(name)
    return found
  }
  return Object.keys(guards)
    .map((name) => visit(name, []))
    .find((ring) => ring !== undefined)
}

/** No timer that is zero, negative or beyond the horizon, no duration that cannot be read. */
export function durationFindings({ definition }: Subject): Finding[] {
  const findings: Finding[] = []
  const read = (duration: string | undefined, path: string): number | undefined => {
    if (duration === undefined) return undefined
    try {
      return durationMs(duration)
    } catch (fault) {
      if (!(fault instanceof DomainError)) throw fault
      findings.push(error('E17', path, fault.text))
      return undefined
    }
  }
  const horizonMs = read(definition.limits?.horizon, '$.limits.horizon') ?? limits.defaultHorizonMs
  const positive = (duration: string | undefined, path: string) => {
    const ms = read(duration, path)
    if (ms === undefined) return
    if (ms <= 0) findings.push(error('E17', path, { en: 'must be longer than nothing', fa: 'باید بیش از صفر باشد' }))
    if (ms > horizonMs)
      findings.push(
        error('E17', path, { en: 'longer than limits.horizon', fa: 'بلندتر از افق فرایند (limits.horizon)' }),
      )
  }
  for (const { path, value } of timersOf(definition)) {
    positive(value.delay, at(path, 'delay'))
    read(value.offset, at(path, 'offset'))
  }
  for (const { path, value } of slasOf(definition)) positive(value.within, at(path, 'within'))
  for (const { path, value } of notificationsOf(definition)) {
    const ms = read(value.delay, at(path, 'delay'))
    if (ms !== undefined && ms < 0)
      findings.push(error('E17', at(path, 'delay'), { en: 'must not be negative', fa: 'منفی نباشد' }))
  }
  for (const [name, { maxAge }] of Object.entries(definition.facts ?? {})) read(maxAge, at('$.facts', name, 'maxAge'))
  for (const { path, state } of statesOf(definition))
    for (const [i, { retry, timeout }] of (state.invoke ?? []).entries()) {
      positive(retry?.initialInterval, at(path, 'invoke', i, 'retry', 'initialInterval'))
      positive(retry?.maxInterval, at(path, 'invoke', i, 'retry', 'maxInterval'))
      for (const key of ['attempt', 'total', 'heartbeat'] as const)
        positive(timeout?.[key], at(path, 'invoke', i, 'timeout', key))
    }
  return findings
}
