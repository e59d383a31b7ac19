import { takeBack } from './actions.ts'
import type { Draft } from './draft.ts'
import type { Instance, StepResult, Stimulus } from './instance.ts'
import { macrostep } from './microstep.ts'
import { moved } from './result.ts'
import { selectForEvent } from './select.ts'
import { settleInvocation } from './settle.ts'

/** What an operator does about an incident: try again, or give the result by hand. `again` hands a kept stimulus in once more. */
export function repair(
  draft: Draft,
  before: Instance,
  command: Extract<Stimulus, { type: 'retry' | 'resolve' }>,
  again: (stimulus: Stimulus) => StepResult,
): StepResult {
  const { instance } = draft
  const incident = instance.incidents.find(({ id }) => id === command.incident)
  if (incident === undefined) return { kind: 'ignored', reason: 'unknown' }
  instance.incidents = instance.incidents.filter((other) => other !== incident)
  const done = () =>
    moved(
      draft,
      before,
      { type: 'command', name: `${command.type} ${incident.place}` },
      'operator',
      'output' in command ? command.output : null,
    )
  if (incident.stimulus !== undefined) return command.type === 'retry' ? again(incident.stimulus) : done()

  const invocation = instance.invocations.find(({ key }) => key === incident.key)
  if (invocation !== undefined) {
    invocation.status = 'running'
    if (command.type === 'resolve')
      return settleInvocation(draft, before, { type: 'done', key: invocation.key, output: command.output })
    invocation.attempt += 1
    return done()
  }
  instance.queue = instance.queue.flatMap((call) => {
    if (call.key !== incident.key) return [call]
    return command.type === 'resolve' ? [] : [{ ...call, status: 'waiting' as const }]
  })
  return done()
}

/** An operator puts the order into a state by hand: everything is left, the target is entered as by a transition of the root. */
export function move(draft: Draft, before: Instance, target: string): StepResult {
  const index = draft.chart.byId.get(target.replace(/^#/, ''))
  if (index === undefined || index === 0) return { kind: 'ignored', reason: 'unknown' }
  draft.instance.incidents = []
  draft.instance.queue = draft.instance.queue.filter(({ status }) => status !== 'incident')
  macrostep(draft, [{ source: 0, transition: { target: index } }])
  return moved(draft, before, { type: 'command', name: `move ${target}` }, 'operator')
}

/** Cancellation from above: the definition's own SYSTEM_CANCEL if a state takes it, else everything is undone and the order ends as cancelled (3.4.18). */
export function cancel(draft: Draft, before: Instance): StepResult {
  const { instance, chart } = draft
  draft.event = { name: 'SYSTEM_CANCEL', payload: null, output: null }
  const chosen = selectForEvent(draft)
  if (chosen.length === 0) {
    draft.effects.push('compensate:all')
    takeBack(draft, 'all')
    instance.outcome = Object.entries(chart.graph.outcomes).find(([, kind]) => kind === 'cancelled')?.[0] ?? 'cancelled'
    draft.outcomeKind = 'cancelled'
    instance.incidents = []
    instance.queue = instance.queue.filter(({ status }) => status !== 'incident')
  }
  macrostep(draft, chosen)
  return moved(draft, before, { type: 'command', name: 'cancel' }, 'operator')
}
