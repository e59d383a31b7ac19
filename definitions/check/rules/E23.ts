import { knownCalls } from '../calls.ts'
import { reservePort } from '../examples/reserve-port.ts'
import { error } from '../finding.ts'
import type { Rule } from '../rule.ts'

const reserve = (more: object) => ({
  states: {
    reserving: {
      invoke: [
        {
          ...reservePort,
          onDone: [{ target: '#done' }],
          onError: [{ target: '#held' }],
          ...more,
        },
      ],
    },
  },
})

export const E23: Rule = {
  id: 'E23',
  title: { fa: 'فعالیت بی‌جبران', en: 'effect without a word on compensation' },
  about: {
    en: 'A call that changes something outside must say how it is undone (`compensate`), or `"none"` where nothing undoes it: forgetting is not an answer.',
    fa: 'فراخوانی‌ای که بیرون را تغییر می‌دهد باید راه جبران (compensate) یا "none" را بگوید: از یاد رفتن پاسخ نیست.',
  },
  fails: { change: reserve({}) },
  passes: { change: reserve({ compensate: 'none' }) },
  document: (subject) =>
    knownCalls(subject)
      .filter(({ call, entry }) => entry.sideEffect && call.compensate === undefined)
      .map(({ path, call }) =>
        error('E23', path, {
          en: `${call.activity} changes something outside: say how it is undone, or compensate: "none"`,
          fa: `${call.activity} بیرون اثر دارد: راه جبران یا compensate: "none" را بنویسید`,
        }),
      ),
}
