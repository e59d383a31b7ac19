import type { Draft } from './draft.ts'
import type { Instance, StepResult, Stimulus } from './instance.ts'
import { moved } from './result.ts'

/** Puts a stimulus aside until the order can take it (see `canResume`). */
export function defer(draft: Draft, before: Instance, stimulus: Stimulus): StepResult {
  consume(draft.instance, stimulus)
  draft.instance.deferred.push(stimulus)
  return moved(draft, before, { type: 'deferred', name: stimulus.type })
}

/** What is kept for later must not come a second time: its timer is off the list, its call is not made again. */
export function consume(instance: Instance, stimulus: Stimulus): void {
  if (stimulus.type === 'timer') {
    const timer = instance.timers.find(({ key }) => key === stimulus.key)
    instance.timers = instance.timers.filter((other) => other !== timer)
    const clock =
      timer?.kind === 'sla' ? instance.clocks.find((c) => c.state === timer.state && c.id === timer.id) : undefined
    if (clock !== undefined) clock.firedAt = [...clock.firedAt, timer?.at ?? 0]
  }
  if (stimulus.type === 'done' || stimulus.type === 'error') {
    const invocation = instance.invocations.find(({ key }) => key === stimulus.key)
    if (invocation !== undefined) invocation.status = 'settled'
  }
}
