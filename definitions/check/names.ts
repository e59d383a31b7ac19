import type { Text } from '../../domain/errors.ts'
import type { Condition, Definition } from '../format.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { at } from './place.ts'
import { selectorFindings } from './properties.ts'
import {
  actionsOf,
  conditionsOf,
  idOf,
  invokesOf,
  notificationsOf,
  slasOf,
  statesOf,
  timersOf,
  transitionsOf,
} from './walk.ts'

const builtInFacts = new Set(['ctx', 'event', 'output', 'state', 'actor', 'visits'])

/** Every name leads somewhere, and what must be unique is. Channels and languages of a text are E21, a process that only another database may know is W14. */
export function nameFindings({ definition, catalogues }: Subject): Finding[] {
  const findings: Finding[] = []
  const states = new Set(statesOf(definition).map(({ id }) => id))
  const must = (holds: boolean, path: string, what: keyof typeof words, name: string) => {
    if (!holds) findings.push(unknown(what, name, path))
  }
  const has = (record: object | undefined, name: string) => record !== undefined && Object.hasOwn(record, name)
  const stateAt = (ref: string, path: string) => must(states.has(idOf(ref)), path, 'state', ref)
  const event = (name: string, path: string) => must(has(definition.events, name), path, 'event', name)
  const role = (name: string, path: string) => must(has(catalogues.roles, name), path, 'role', name)
  const activity = (name: string, path: string) => must(has(catalogues.activities, name), path, 'activity', name)
  const calendar = (alias: string | undefined, path: string) => {
    if (alias !== undefined) must(has(definition.calendars, alias), path, 'calendar', alias)
  }
  const process = (name: string, path: string) => {
    const { known, complete } = catalogues.processes
    if (known.includes(name) || name === definition.id) return
    if (complete) findings.push(unknown('process', name, path))
  }

  must(has(definition.states, definition.initial), '$.initial', 'state', definition.initial)
  const stages = new Set((definition.stages ?? []).map(({ id }) => id))
  for (const { path, state } of statesOf(definition)) {
    if (state.initial !== undefined) must(has(state.states, state.initial), at(path, 'initial'), 'state', state.initial)
    for (const [i, key] of (state.order ?? []).entries())
      must(has(state.states, key), at(path, 'order', i), 'state', key)
    if (state.target !== undefined) stateAt(state.target, at(path, 'target'))
    if (state.outcome !== undefined)
      must(has(definition.outcomes, state.outcome), at(path, 'outcome'), 'outcome', state.outcome)
    if (state.stage !== undefined && stages.size > 0)
      must(stages.has(state.stage), at(path, 'stage'), 'stage', state.stage)
    if (state.owner !== undefined) role(state.owner, at(path, 'owner'))
    for (const kind of ['view', 'assign'] as const)
      for (const [i, name] of (state.permissions?.[kind] ?? []).entries()) role(name, at(path, 'permissions', kind, i))
  }
  for (const kind of ['view', 'assign'] as const)
    for (const [i, name] of (definition.permissions?.[kind] ?? []).entries()) role(name, at('$.permissions', kind, i))

  for (const { path, transition, trigger } of transitionsOf(definition)) {
    if (transition.target !== undefined) stateAt(transition.target, at(path, 'target'))
    if (trigger.startsWith('on:')) event(trigger.slice(3), path)
    for (const [i, { notActorOf }] of (transition.allow ?? []).entries())
      if (notActorOf !== undefined) event(notActorOf, at(path, 'allow', i, 'notActorOf'))
  }
  for (const [name, declared] of Object.entries(definition.events))
    if (declared.form !== undefined)
      must(has(definition.forms, declared.form), at('$.events', name, 'form'), 'form', declared.form)
  for (const [name, fact] of Object.entries(definition.facts ?? {})) {
    const path = at('$.facts', name)
    const queries = has(catalogues.sources, fact.source) ? catalogues.sources[fact.source] : undefined
    must(queries !== undefined, at(path, 'source'), 'source', fact.source)
    if (queries === undefined) continue
    must(has(queries, fact.query), at(path, 'query'), 'query', fact.query)
    for (const param of has(queries, fact.query) ? (queries[fact.query]?.params ?? []) : [])
      must(has(fact.params, param), at(path, 'params'), 'parameter', param)
  }
  for (const [alias, id] of Object.entries(definition.calendars ?? {}))
    must(has(catalogues.calendars, id), at('$.calendars', alias), 'calendar', id)

  for (const { path, value } of timersOf(definition)) calendar(value.calendar, at(path, 'calendar'))
  for (const { path, value } of slasOf(definition)) {
    calendar(value.calendar, at(path, 'calendar'))
    for (const [i, ref] of (value.pauseIn ?? []).entries()) stateAt(ref, at(path, 'pauseIn', i))
    for (const [i, { assignTo, raise }] of value.steps.entries()) {
      if (assignTo !== undefined) role(assignTo, at(path, 'steps', i, 'assignTo'))
      if (raise !== undefined) event(raise, at(path, 'steps', i, 'raise'))
    }
  }
  for (const { path, value } of notificationsOf(definition)) {
    calendar(value.calendar, at(path, 'calendar'))
    if (value.to.startsWith('role:')) role(value.to.slice(5), at(path, 'to'))
    must(has(catalogues.templates, value.template), at(path, 'template'), 'template', value.template)
  }
  const undoable = new Set<string>()
  for (const { path, value } of invokesOf(definition)) {
    if (value.activity !== undefined) activity(value.activity, at(path, 'activity'))
    if (value.process !== undefined) process(value.process, at(path, 'process'))
    if (value.compensate === undefined || value.compensate === 'none') continue
    undoable.add(value.id)
    activity(value.compensate.activity, at(path, 'compensate', 'activity'))
  }
  for (const { path, value } of actionsOf(definition)) {
    if (value.type === 'run') activity(value.activity, at(path, 'activity'))
    if (value.type === 'raise') event(value.event, at(path, 'event'))
    if (value.type === 'start') process(value.process, at(path, 'process'))
    if (value.type === 'compensate' && value.of !== 'all')
      for (const [i, id] of value.of.entries()) must(undoable.has(id), at(path, 'of', i), 'compensation', id)
  }
  for (const { path, value } of conditionsOf(definition)) findings.push(...conditionFindings(definition, value, path))
  const selectors = (definition.requires ?? []).flatMap((property, i) =>
    selectorFindings(definition, property, at('$.requires', i)),
  )
  return [...findings, ...selectors, ...doubles(definition)]
}

function conditionFindings(definition: Definition, condition: Condition, path: string): Finding[] {
  const inner = (list: Condition[], key: string) =>
    list.flatMap((one, i) => conditionFindings(definition, one, at(path, key, i)))
  if ('all' in condition) return inner(condition.all, 'all')
  if ('any' in condition) return inner(condition.any, 'any')
  if ('not' in condition) return conditionFindings(definition, condition.not, at(path, 'not'))
  if ('condition' in condition)
    return Object.hasOwn(definition.guards ?? {}, condition.condition)
      ? []
      : [unknown('guard', condition.condition, at(path, 'condition'))]
  const known = (name: string) => builtInFacts.has(name) || Object.hasOwn(definition.facts ?? {}, name)
  const { fact, value } = condition
  const findings = known(fact) ? [] : [unknown('fact', fact, at(path, 'fact'))]
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !known(value.fact))
    findings.push(unknown('fact', value.fact, at(path, 'value', 'fact')))
  return findings
}

/** Ids that the interpreter finds things by: calls in the whole definition; timers and clocks in their state; stages. */
function doubles(definition: Definition): Finding[] {
  const named = [
    ...invokesOf(definition).map(({ path, value }) => ({ key: `call ${value.id}`, path })),
    ...timersOf(definition).map(({ path, state, value }) => ({ key: `timer ${state}/${value.id}`, path })),
    ...slasOf(definition).map(({ path, state, value }) => ({ key: `sla ${state}/${value.id}`, path })),
    ...(definition.stages ?? []).map(({ id }, i) => ({ key: `stage ${id}`, path: at('$.stages', i) })),
    ...(definition.requires ?? []).map(({ id }, i) => ({ key: `property ${id}`, path: at('$.requires', i) })),
  ]
  const seen = new Set<string>()
  return named.flatMap(({ key, path }) => {
    if (seen.has(key))
      return [error('E02', at(path, 'id'), { en: `${key} is declared twice`, fa: `شناسه تکراری: ${key}` })]
    seen.add(key)
    return []
  })
}

const words = {
  state: 'وضعیت',
  event: 'رویداد',
  outcome: 'نتیجه',
  stage: 'مرحله',
  form: 'فرم',
  guard: 'شرط',
  fact: 'داده',
  source: 'منبع داده',
  query: 'پرسش',
  parameter: 'پارامتر',
  calendar: 'تقویم',
  activity: 'فعالیت',
  template: 'الگوی پیام',
  role: 'نقش',
  process: 'فرایند',
  compensation: 'فراخوانی جبران‌پذیر',
} as const

function unknown(what: keyof typeof words, name: string, path: string): Finding {
  const text: Text = { en: `there is no ${what} "${name}"`, fa: `${words[what]} «${name}» وجود ندارد` }
  return error('E02', path, text)
}
