import type { Rule } from '../rule.ts'
import { crossingFindings } from '../structure.ts'

const pay = (more: object) => ({
  states: { waiting: { on: { PAY: [{ target: '#waiting', ...more }, { target: '#reserving' }] } } },
})

export const E26: Rule = {
  id: 'E26',
  title: { fa: 'گذار به خود', en: 'transition to itself' },
  about: {
    en: 'A target equal to its source leaves it open whether the state is left and entered again. Say `reenter`, or leave the target out to stay.',
    fa: 'مقصدی برابر مبدا روشن نمی‌کند وضعیت دوباره آغاز می‌شود یا نه. reenter بنویسید، یا برای ماندن مقصد را بردارید.',
  },
  fails: { change: pay({}) },
  passes: { change: pay({ reenter: true }) },
  document: (subject) => crossingFindings(subject).filter(({ rule }) => rule === 'E26'),
}
