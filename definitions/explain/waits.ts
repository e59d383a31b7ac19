import type { Text } from '../../domain/errors.ts'
import type { Definition } from '../format.ts'
import { activeStates, ancestors, type Chart, isDescendant, nodeAt } from '../interpreter/chart.ts'
import type { Instance } from '../interpreter/instance.ts'
import { listed, type Names, namesOf } from './names.ts'

/** One thing that an order waits for. */
export interface Wait {
  kind: 'people' | 'external' | 'call' | 'child' | 'undo' | 'incident' | 'time'
  /** Dotted id of the state. */
  state: string
  /** For whom or what: roles, systems, calls. */
  for: Text
  /** The instant at which the wait is late or ends by itself; null = nothing bounds it. */
  until: string | null
  message: Text
}

/** What an order waits for: incidents and undoing first, then each active state with its calls, people, outside events or mere time. An ended order waits for nothing. */
export function waitsOf({ chart, definition }: { chart: Chart; definition: Definition }, instance: Instance): Wait[] {
  const names = namesOf(definition)
  const incidents = instance.incidents.map(({ place, error }): Wait => {
    const who = { fa: 'راهبر فرایند', en: 'operations' }
    return {
      kind: 'incident',
      state: place.split('/')[0] ?? '',
      for: who,
      until: null,
      message: {
        fa: `رخداد ${error.type} در ${place} منتظر تصمیم راهبر است`,
        en: `the incident ${error.type} at ${place} waits for operations`,
      },
    }
  })
  const undo = instance.queue
    .filter(({ status }) => status === 'waiting')
    .map(({ activity, undo }): Wait => {
      const call = names.call(activity)
      return {
        kind: 'undo',
        state: '',
        for: call,
        until: null,
        message:
          undo === undefined
            ? { fa: `«${call.fa}» در نوبت است`, en: `"${call.en}" is in line` }
            : { fa: `«${call.fa}» کار پیشین را برمی‌گرداند`, en: `"${call.en}" is undoing an earlier step` },
      }
    })
  if (instance.outcome !== null) return [...incidents, ...undo]
  const active = activeStates(chart, instance.leaves)
  const leaves = active.filter((index) => !active.some((other) => isDescendant(chart, other, index)))
  return [...incidents, ...undo, ...leaves.flatMap((leaf) => leafWaits(chart, instance, names, leaf))]
}

function leafWaits(chart: Chart, instance: Instance, names: Names, leaf: number): Wait[] {
  const node = nodeAt(chart, leaf)
  if (node.kind === 'final') return []
  const around = [leaf, ...ancestors(chart, leaf)].map((index) => nodeAt(chart, index))
  const ids = new Set(around.map(({ id }) => id))
  const until = untilOf(instance, ids)
  const here = { state: node.id, until }
  const state = names.state(node.id)

  const calls = instance.invocations
    .filter((call) => ids.has(call.state) && (call.status === 'running' || call.status === 'settled'))
    .map(({ activity, process, attempt }): Wait => {
      const call = process === undefined ? names.call(activity ?? '') : { fa: process, en: process }
      const again = attempt > 1 ? { fa: ` (بار ${attempt})`, en: ` (attempt ${attempt})` } : { fa: '', en: '' }
      return process === undefined
        ? {
            kind: 'call',
            ...here,
            for: call,
            message: {
              fa: `در «${state.fa}» منتظر پاسخ «${call.fa}»${again.fa}`,
              en: `in "${state.en}", "${call.en}" has not come back${again.en}`,
            },
          }
        : {
            kind: 'child',
            ...here,
            for: call,
            message: {
              fa: `در «${state.fa}» منتظر پایان فرایند ${call.fa}`,
              en: `in "${state.en}", the process ${call.en} has not ended`,
            },
          }
    })
  // What the root answers may come at any time: nobody waits for it.
  const listened = around.filter(({ id }) => id !== '').flatMap(({ on = {} }) => Object.entries(on))
  const kindOf = (event: string) => chart.graph.events[event]?.kind
  const external = listened.filter(([event]) => kindOf(event) === 'external').map(([event]) => names.event(event))
  const own = Object.entries(node.on ?? {}).filter(([event]) => kindOf(event) === 'user')
  const allowed = own.flatMap(([, candidates]) =>
    candidates.flatMap(({ allow }) => (allow ?? []).map(({ role }) => role)),
  )
  const owners = around.flatMap(({ id, owner }) => instance.assigned[id] ?? owner ?? [])
  const people: Wait[] =
    own.length === 0
      ? []
      : (() => {
          const who = listed((owners.length > 0 ? owners : allowed).map(names.role))
          const what = listed(own.map(([event]) => names.event(event)))
          return [
            {
              kind: 'people' as const,
              ...here,
              for: who,
              message: {
                fa: `در «${state.fa}» منتظر ${who.fa}: ${what.fa}`,
                en: `in "${state.en}", waits for ${who.en}: ${what.en}`,
              },
            },
          ]
        })()
  const outside: Wait[] =
    external.length === 0 || (node.on === undefined && calls.length > 0)
      ? []
      : [
          {
            kind: 'external',
            ...here,
            for: listed(external),
            message: {
              fa: `در «${state.fa}» منتظر خبر بیرون: ${listed(external).fa}`,
              en: `in "${state.en}", waits to hear from outside: ${listed(external).en}`,
            },
          },
        ]
  const found = [...calls, ...people, ...outside]
  if (found.length > 0 || until === null) return found
  return [
    {
      kind: 'time',
      ...here,
      for: { fa: 'زمان', en: 'time' },
      message: { fa: `در «${state.fa}» منتظر زمان`, en: `in "${state.en}", waits for time to pass` },
    },
  ]
}

/** The earliest instant at which something bounds the wait: a deadline of a clock, or a timer that leads on. */
function untilOf(instance: Instance, ids: ReadonlySet<string>): string | null {
  const instants = [
    ...instance.clocks.filter(({ state }) => ids.has(state)).flatMap(({ deadlineMs }) => deadlineMs ?? []),
    ...instance.timers.filter(({ state, kind }) => ids.has(state) && kind === 'after').map(({ dueMs }) => dueMs),
  ]
  return instants.length === 0 ? null : new Date(Math.min(...instants)).toISOString()
}
