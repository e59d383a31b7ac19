import type { Action, Definition, ErrorTransition, State } from '../format.ts'
import { ownNamespace, scxmlNamespace } from './scxml-names.ts'

/**
 * A definition as SCXML (W3C, 2015): states, regions, ends, history, transitions in document order, named conditions as
 * `cond`, calls as `invoke`, timers as a delayed `send` on entry. What SCXML has no word for stands beside it in a namespace
 * of our own as JSON, so that an import gives the whole definition back. A state's id is its dotted path.
 */
export function exportScxml(definition: Definition): string {
  const { states, on, initial, ...extra } = definition
  const lines: string[] = ['<?xml version="1.0" encoding="UTF-8"?>']
  const root = { xmlns: scxmlNamespace, 'xmlns:samfony': ownNamespace, version: '1.0', datamodel: 'null' }
  lines.push(`<scxml${attributes({ ...root, name: definition.id, initial })}>`)
  own(lines, '  ', extra)
  for (const [event, list] of Object.entries(on ?? {})) for (const one of list) transition(lines, '  ', { event }, one)
  for (const [key, state] of Object.entries(states)) element(lines, '  ', key, state)
  lines.push('</scxml>', '')
  return lines.join('\n')
}

function element(lines: string[], indent: string, path: string, state: State): void {
  const { type, states, initial, order, history, target, on, always, onDone, after, invoke, entry, exit, ...extra } =
    state
  const children = Object.keys(states ?? {})
  const ordered = order === undefined ? children : [...children].sort((a, b) => order.indexOf(a) - order.indexOf(b))
  const inner = `${indent}  `
  if (type === 'history') {
    lines.push(`${indent}<history${attributes({ id: path, type: history ?? 'shallow' })}>`)
    own(lines, inner, extra)
    if (target !== undefined) lines.push(`${inner}<transition${attributes({ target: target.slice(1) })}/>`)
    lines.push(`${indent}</history>`)
    return
  }
  const name = type === 'parallel' ? 'parallel' : type === 'final' ? 'final' : 'state'
  lines.push(
    `${indent}<${name}${attributes({ id: path, ...(initial === undefined ? {} : { initial: `${path}.${initial}` }) })}>`,
  )
  own(lines, inner, {
    ...extra,
    ...(type === undefined || type === 'parallel' || type === 'final' ? {} : { type }),
    ...(after === undefined ? {} : { after: after.map(({ then: _then, ...timer }) => timer) }),
  })
  actions(
    lines,
    inner,
    'onentry',
    entry,
    after?.map(({ id, delay }) => ({ event: `after.${path}.${id}`, delay: delay ?? '' })),
  )
  actions(lines, inner, 'onexit', exit)
  for (const [event, list] of Object.entries(on ?? {})) for (const one of list) transition(lines, inner, { event }, one)
  for (const one of always ?? []) transition(lines, inner, {}, one)
  for (const one of onDone ?? []) transition(lines, inner, { event: `done.state.${path}` }, one)
  for (const { id, then = [] } of after ?? [])
    for (const one of then) transition(lines, inner, { event: `after.${path}.${id}` }, one)
  for (const { id, activity, process, onDone: done, onError, ...call } of invoke ?? []) {
    const kind = process === undefined ? 'activity' : 'process'
    const type = `${ownNamespace}:${kind}`
    const tag = `${inner}<invoke${attributes({ id, type, src: activity ?? process ?? '' })}`
    const more: string[] = []
    own(more, `${inner}  `, call)
    lines.push(...(more.length === 0 ? [`${tag}/>`] : [`${tag}>`, ...more, `${inner}</invoke>`]))
    for (const one of done ?? []) transition(lines, inner, { event: `done.invoke.${id}` }, one)
    for (const one of onError ?? []) transition(lines, inner, { event: `error.invoke.${id}` }, one)
  }
  for (const key of ordered) {
    const child = states?.[key]
    if (child !== undefined) element(lines, inner, `${path}.${key}`, child)
  }
  lines.push(`${indent}</${name}>`)
}

function transition(
  lines: string[],
  indent: string,
  on: { event?: string },
  { target, guard, reenter, actions: doings, ...extra }: ErrorTransition,
): void {
  const named = guard !== undefined && 'condition' in guard ? guard.condition : undefined
  const own_ = { ...extra, ...(guard !== undefined && named === undefined ? { guard } : {}) }
  const tag = `${indent}<transition${attributes({
    ...on,
    ...(named === undefined ? (guard === undefined ? {} : { cond: 'samfony' }) : { cond: named }),
    ...(target === undefined ? {} : { target: target.slice(1) }),
    type: reenter === true ? 'external' : 'internal',
  })}`
  const more: string[] = []
  own(more, `${indent}  `, own_)
  for (const doing of doings ?? []) more.push(action(`${indent}  `, doing))
  lines.push(...(more.length === 0 ? [`${tag}/>`] : [`${tag}>`, ...more, `${indent}</transition>`]))
}

function actions(
  lines: string[],
  indent: string,
  name: 'onentry' | 'onexit',
  list: readonly Action[] = [],
  timers: readonly { event: string; delay: string }[] = [],
): void {
  if (list.length === 0 && timers.length === 0) return
  lines.push(`${indent}<${name}>`)
  for (const one of list) lines.push(action(`${indent}  `, one))
  for (const { event, delay } of timers)
    lines.push(`${indent}  <send${attributes({ event, ...(delay === '' ? {} : { delay: clockDelay(delay) }) })}/>`)
  lines.push(`${indent}</${name}>`)
}

const action = (indent: string, one: Action) =>
  one.type === 'raise' && one.payload === undefined
    ? `${indent}<raise${attributes({ event: one.event })}/>`
    : `${indent}<samfony:action>${escaped(JSON.stringify(one))}</samfony:action>`

function own(lines: string[], indent: string, extra: object): void {
  if (Object.keys(extra).length === 0) return
  lines.push(`${indent}<samfony:extra>${escaped(JSON.stringify(extra))}</samfony:extra>`)
}

/** A duration of fixed length in seconds, as SCXML counts; another (months, working time) is only in our own words. */
function clockDelay(duration: string): string {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration)
  if (found === null) return '0s'
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0))
  return `${((days * 24 + hours) * 60 + minutes) * 60 + seconds}s`
}

const attributes = (found: Record<string, string>) =>
  Object.entries(found)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('')

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
