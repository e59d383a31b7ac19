import type { Definition, State, Transition } from '../../../../definitions/format.ts'
import { conditionWords } from '../../../../definitions/words/condition.ts'
import { durationWords } from '../../../../definitions/words/duration.ts'
import type { Text } from '../../../../domain/errors.ts'
import type { FoundTransition } from './roads.ts'
import { stateAt } from './states.ts'

/** What makes a transition go, in words for its arrow and for lists: its own label, else what triggers it. */
export function transitionWords(definition: Definition, { transition, trigger, from }: FoundTransition): Text {
  return transition.label ?? triggerSaid(definition, from, trigger, transition)
}

function triggerSaid(
  definition: Definition,
  from: string,
  trigger: FoundTransition['trigger'],
  { guard, otherwise }: Transition,
): Text {
  const state = from === '' ? undefined : stateAt(definition, from)
  switch (trigger.kind) {
    case 'on':
      return definition.events[trigger.name]?.label ?? both(trigger.name)
    case 'after': {
      const timer = state?.after?.find(({ id }) => id === trigger.name)
      if (timer?.label !== undefined) return timer.label
      const time = durationWords(timer?.delay ?? timer?.offset ?? '')
      return timer?.delay === undefined
        ? { fa: 'سر موعد', en: 'when due' }
        : { fa: `پس از ${time.fa}`, en: `after ${time.en}` }
    }
    case 'done':
      return { fa: 'پاسخ آمد', en: 'answered' }
    case 'error':
      return { fa: 'خطا', en: 'failed' }
    case 'onDone':
      return { fa: 'پایان زیرفرایند', en: 'all inside is done' }
    default:
      if (guard !== undefined && !('all' in guard) && !('any' in guard))
        return shortened(conditionWords(guard, definition))
      return otherwise === true ? { fa: 'در غیر این صورت', en: 'otherwise' } : { fa: 'خودکار', en: 'at once' }
  }
}

const both = (text: string): Text => ({ fa: text, en: text })
const shortened = ({ fa, en }: Text): Text => ({ fa: short(fa), en: short(en) })

/** Words that fit on an arrow. */
export const short = (text: string) => (text.length > 26 ? `${text.slice(0, 25)}…` : text)

/** Who or what a state waits for; of a final state, how it ends. */
export type Tone = 'staff' | 'customer' | 'system' | 'success' | 'failure' | 'end'

export function toneOf(definition: Definition, state: State): Tone {
  if (state.type === 'final') {
    const outcome = state.outcome === undefined ? undefined : definition.outcomes[state.outcome]
    if (outcome === undefined) return 'end'
    return outcome.kind === 'success' ? 'success' : 'failure'
  }
  if (state.owner !== undefined) return state.owner === 'customer' ? 'customer' : 'staff'
  if ((state.invoke ?? []).length > 0 || state.always !== undefined) return 'system'
  const presses = Object.keys(state.on ?? {}).some((event) => definition.events[event]?.kind === 'user')
  return presses ? 'customer' : 'system'
}

/** How an arrow goes: pressed by a person, by itself, after a time, or because something failed. */
export type RoadTone = 'user' | 'automatic' | 'timer' | 'error'

export function roadTone(definition: Definition, { trigger }: FoundTransition): RoadTone {
  if (trigger.kind === 'on') return definition.events[trigger.name]?.kind === 'user' ? 'user' : 'automatic'
  if (trigger.kind === 'after') return 'timer'
  return trigger.kind === 'error' ? 'error' : 'automatic'
}
