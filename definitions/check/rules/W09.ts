import { reservePort } from '../examples/reserve-port.ts'
import { warning } from '../finding.ts'
import type { Rule } from '../rule.ts'
import { invokesOf } from '../walk.ts'

const reserve = (more: object) => ({
  states: {
    reserving: {
      invoke: [
        {
          ...reservePort,
          compensate: 'none',
          onDone: [{ target: '#done' }],
          ...more,
        },
      ],
    },
    waiting: {
      on: {
        PAY: [
          { target: '#reserving', guard: { condition: 'welcome' }, tags: ['paid'] },
          { target: '#held', otherwise: true },
        ],
      },
    },
  },
})

export const W09: Rule = {
  id: 'W09',
  title: { fa: 'فراخوانی بی پاسخ به خطا', en: 'a call without an answer to its failure' },
  about: {
    en: 'When this call fails for good the only answer is an incident: somebody of operations must repair it by hand. That may be right (what a bank or our own books refuse nobody can guess); then say so when it is acknowledged.',
    fa: 'اگر این فراخوانی برای همیشه ناموفق شود تنها پاسخ رخداد است و باید دستی رسیدگی شود. شاید درست باشد؛ هنگام تایید دلیل آن را بنویسید.',
  },
  fails: { change: reserve({}) },
  passes: { change: reserve({ onError: [{ target: '#held' }] }) },
  document: ({ definition }) =>
    invokesOf(definition)
      .filter(({ value }) => value.activity !== undefined && (value.onError ?? []).length === 0)
      .map(({ path, value }) =>
        warning('W09', path, {
          en: `if ${value.activity} fails for good, an incident is the only answer`,
          fa: `اگر ${value.activity} ناموفق بماند تنها پاسخ رخداد است`,
        }),
      ),
}
