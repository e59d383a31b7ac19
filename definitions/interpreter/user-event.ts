import type { Json } from '../../domain/json.ts'
import type { Draft } from './draft.ts'
import type { Instance, Reason, StepResult, Stimulus } from './instance.ts'
import { macrostep } from './microstep.ts'
import { type InputFault, payloadFaults } from './payload.ts'
import { allowTexts, roleFor } from './permission.ts'
import { moved, refuse } from './result.ts'
import { candidatesOf, selectForEvent } from './select.ts'

/**
 * A person's event, checked in the order in which a person wants to know: does it exist here, may I, is my input right,
 * do the conditions hold. The candidate is chosen by its guard first and the permission is asked of that one, so that
 * nobody slips through a laxer candidate behind it.
 */
export function userEvent(draft: Draft, before: Instance, stimulus: Extract<Stimulus, { type: 'user' }>): StepResult {
  const { instance, chart } = draft
  const { name, actor } = stimulus
  const declaration = Object.hasOwn(chart.graph.events, name) ? chart.graph.events[name] : undefined
  if (declaration?.kind !== 'user')
    return refuse('NoSuchTransition', { en: `There is no event ${name}`, fa: 'چنین گذاری تعریف نشده است' })
  if (stimulus.expectedSeq !== undefined && stimulus.expectedSeq !== instance.seq)
    return refuse('StaleSeq', {
      en: 'The order has moved on since you looked',
      fa: 'وضعیت سفارش پس از مشاهده شما تغییر کرده است',
    })

  draft.event = { name, payload: stimulus.payload, output: null }
  const candidates = [...draft.active].flatMap((index) => candidatesOf(draft, index))
  if (candidates.length === 0)
    return refuse('NoSuchTransition', {
      en: 'This is not possible in the present state',
      fa: 'این گذار در وضعیت کنونی ممکن نیست',
    })
  if (!candidates.some((candidate) => roleFor(instance, candidate, actor) !== undefined))
    return forbidden(candidates.flatMap(allowTexts))
  if (instance.status === 'compensating')
    return refuse('Busy', { en: 'Earlier steps are being undone', fa: 'گام‌های پیشین در حال برگشت است' })

  const faults =
    declaration.schema === undefined
      ? unexpected(stimulus.payload)
      : payloadFaults(draft, declaration, stimulus.payload)
  if (faults[0] !== undefined) return refuse('BadInput', faults[0].message, faults.map(faultReason))

  const chosen = selectForEvent(draft)
  if (chosen.length === 0)
    return refuse('GuardFailed', { en: 'A condition does not hold', fa: 'شرط این گذار برقرار نیست' }, draft.trace)
  const roles = chosen.map(({ transition }) => roleFor(instance, transition, actor))
  if (roles.includes(undefined)) return forbidden(chosen.flatMap(({ transition }) => allowTexts(transition)))

  instance.actors[name] = actor.id
  macrostep(draft, chosen)
  return moved(draft, before, { type: 'user', name }, roles[0] ?? null, stimulus.payload)
}

function forbidden(allow: string[]): StepResult {
  return refuse('Forbidden', { en: 'Your role may not do this', fa: 'نقش شما اجازه این گذار را ندارد' }, [
    { candidate: '', truth: 'notAllowed', leaves: [], allow },
  ])
}

/** An event without a form takes no input. */
function unexpected(payload: Json): InputFault[] {
  if (payload === null || (typeof payload === 'object' && Object.keys(payload).length === 0)) return []
  return [{ place: '$', message: { en: 'This event takes no input', fa: 'این گذار ورودی نمی‌پذیرد' } }]
}

const faultReason = ({ place, message }: InputFault): Reason => ({
  candidate: place,
  truth: 'badInput',
  leaves: [],
  message,
})
