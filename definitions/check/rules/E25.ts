import type { Rule } from '../rule.ts'
import { crossingFindings } from '../structure.ts'

const label = { fa: 'x', en: 'x' }
const both = (target: string) => ({
  states: {
    held: { after: [{ id: 'again', delay: 'P1D', then: [{ target: '#both' }] }] },
    both: {
      label,
      type: 'parallel',
      order: ['a', 'b'],
      states: {
        a: { label, initial: 'one', states: { one: { label, on: { PAY: [{ target }] } } } },
        b: { label, initial: 'two', states: { two: { label } } },
      },
    },
  },
})

export const E25: Rule = {
  id: 'E25',
  title: { fa: 'گذار میان ناحیه‌ها', en: 'transition across regions' },
  about: {
    en: 'A transition may stay inside its region or leave the whole parallel. Into another region, a region into itself, a parallel into its own inside: XState and SCXML disagree on what that means, so it means nothing here.',
    fa: 'گذار یا در ناحیه خود می‌ماند یا کل وضعیت موازی را ترک می‌کند. رفتن به ناحیه دیگر، ناحیه به خود و وضعیت موازی به درون خود در XState و SCXML معنای یکسان ندارد و اینجا مجاز نیست.',
  },
  fails: { change: both('#both.b.two') },
  passes: { change: both('#noPort') },
  document: (subject) => crossingFindings(subject).filter(({ rule }) => rule === 'E25'),
}
