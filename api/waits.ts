import { activities } from '../definitions/catalogue/activities.ts'
import type { Definition } from '../definitions/format.ts'
import { activeStates, type Chart, nodeAt } from '../definitions/interpreter/chart.ts'
import type { Instance } from '../definitions/interpreter/instance.ts'
import type { Text } from '../domain/errors.ts'

/** One thing that an order waits for. Each wait has an owner or a source (WF26). */
export interface Wait {
  kind: 'person' | 'call' | 'event' | 'timer' | 'incident'
  text: Text
  state: string
  dueAt: string | null
  /** Of a call: which try it is. */
  attempt: number | null
  /** Of a person: roles whose work list shows it. */
  owners: string[]
}

/** Why an order stands where it stands: its incidents, calls, people, outside events and timers. */
export function waitsOf(chart: Chart, definition: Definition, instance: Instance): Wait[] {
  if (instance.outcome !== null) return []
  const nothing = { dueAt: null, attempt: null, owners: [] }
  const incidents = instance.incidents.map(
    (incident): Wait => ({
      ...nothing,
      kind: 'incident',
      state: incident.place,
      text: { fa: `رخداد: ${incident.error.type}`, en: `incident: ${incident.error.type} ${incident.error.message}` },
    }),
  )
  const calls = instance.invocations
    .filter(({ status }) => status !== 'incident')
    .map((call): Wait => {
      const name = call.activity ?? call.process ?? call.id
      const label = activities[name]?.label ?? { fa: name, en: name }
      return {
        ...nothing,
        kind: 'call',
        state: call.state,
        attempt: call.attempt,
        text: {
          fa: `در انتظار ${label.fa} (بار ${call.attempt + 1})`,
          en: `waiting for ${label.en} (try ${call.attempt + 1})`,
        },
      }
    })
  const active = activeStates(chart, instance.leaves).map((index) => nodeAt(chart, index))
  const events = active.flatMap((node) => {
    const names = Object.keys(node.on ?? {})
    const of = (kind: 'user' | 'external') => names.filter((name) => chart.graph.events[name]?.kind === kind)
    const owners = [instance.assigned[node.id] ?? node.owner ?? []].flat()
    const people: Wait[] =
      of('user').length === 0
        ? []
        : [{ ...nothing, kind: 'person', state: node.id, owners, text: labels(definition, of('user')) }]
    const outside = of('external').map(
      (name): Wait => ({ ...nothing, kind: 'event', state: node.id, text: labels(definition, [name]) }),
    )
    return [...people, ...outside]
  })
  const timers = instance.timers
    .filter(({ kind }) => kind === 'after')
    .map((timer): Wait => {
      const dueAt = new Date(timer.dueMs).toISOString()
      return {
        ...nothing,
        kind: 'timer',
        state: timer.state,
        dueAt,
        text: { fa: `زمان‌سنج ${timer.id}`, en: `timer ${timer.id}` },
      }
    })
  return [...incidents, ...calls, ...events, ...timers]
}

function labels(definition: Definition, names: string[]): Text {
  const all = names.map((name) => definition.events[name]?.label ?? { fa: name, en: name })
  return { fa: all.map(({ fa }) => fa).join('، '), en: all.map(({ en }) => en).join(', ') }
}
