import { error, type Finding } from '../finding.ts'
import { at } from '../place.ts'
import type { Rule } from '../rule.ts'
import { statesOf } from '../walk.ts'

const reserving = (more: object) => ({ states: { reserving: more as Record<string, never> } })

export const E24: Rule = {
  id: 'E24',
  title: { fa: 'فراخوانی در وضعیت گذرا', en: 'call in a state that is only passed through' },
  about: {
    en: 'The process never rests in this state, because an `always` leaves it in the same step. An `invoke` there never starts. A `run` on its entry or exit is made, but nobody ever sees the order in that state while it is: put it on the transition that needs it.',
    fa: 'فرایند هرگز در این وضعیت نمی‌ماند، چون always در همان گام بیرون می‌برد. invoke آن هرگز آغاز نمی‌شود و run ورود یا خروجش در وضعیتی انجام می‌شود که کسی نمی‌بیند: آن را روی گذار بگذارید.',
  },
  fails: { change: reserving({ always: [{ target: '#held' }] }) },
  passes: { change: reserving({ description: { fa: 'رزرو', en: 'A port is reserved' } }) },
  graph: ({ definition }, { entered, rested }) =>
    statesOf(definition).flatMap(({ id, path, state }): Finding[] => {
      if (!entered.has(id) || rested.has(id) || state.type === 'history') return []
      const runs = (['entry', 'exit'] as const).flatMap((when) =>
        (state[when] ?? []).flatMap((action, i) => (action.type === 'run' ? [at(path, when, i)] : [])),
      )
      return [
        ...((state.invoke ?? []).length === 0
          ? []
          : [
              error('E24', path, {
                en: 'the process never rests here, so its calls never start',
                fa: 'فرایند هرگز در این وضعیت نمی‌ماند و فراخوانی آن آغاز نمی‌شود',
              }),
            ]),
        ...runs.map((place) =>
          error('E24', place, {
            en: 'the process never rests here: run this on the transition instead',
            fa: 'فرایند هرگز در این وضعیت نمی‌ماند: این فراخوانی را روی گذار بگذارید',
          }),
        ),
      ]
    }),
}
