import { candidateListsOf } from '../candidates.ts'
import { satisfy, type Wish } from '../cells.ts'
import { error, type Finding } from '../finding.ts'
import type { Rule } from '../rule.ts'
import { typeOfFacts } from '../types.ts'

const pay = (first: object) => ({
  states: {
    waiting: {
      on: {
        PAY: [
          { target: '#reserving', tags: ['paid'], ...first },
          { target: '#held', otherwise: true },
        ],
      },
    },
  },
})

export const E12: Rule = {
  id: 'E12',
  title: { fa: 'نامزدی که هرگز نوبتش نمی‌رسد', en: 'candidate that can never be taken' },
  about: {
    en: 'No data make this candidate true while all before it are false: it is shadowed, or contradicts itself. Exact for comparisons with constants; what compares fact with fact counts as possible.',
    fa: 'هیچ داده‌ای این نامزد را درست و همه پیشین‌ها را نادرست نمی‌کند: پوشیده یا با خود در تناقض است. برای مقایسه با ثابت‌ها دقیق است.',
  },
  fails: { change: pay({}) },
  passes: { change: pay({ guard: { condition: 'welcome' } }) },
  document: (subject) => {
    const guards = subject.definition.guards ?? {}
    const shadowed = new Map<string, { path: string; everywhere: boolean }>()
    for (const { trigger, candidates } of candidateListsOf(subject.definition)) {
      const typeOf = typeOfFacts(subject, trigger)
      for (const [j, { path, transition }] of candidates.entries()) {
        const before = candidates.slice(0, j)
        const never =
          before.some((earlier) => earlier.transition.guard === undefined) ||
          satisfy(
            [
              ...before.flatMap((earlier): Wish[] =>
                earlier.transition.guard === undefined
                  ? []
                  : [{ condition: earlier.transition.guard, truth: ['false'] }],
              ),
              ...(transition.guard === undefined ? [] : [{ condition: transition.guard, truth: ['true'] } as Wish]),
            ],
            guards,
            typeOf,
          ).answer === 'no'
        shadowed.set(path, { path, everywhere: never && (shadowed.get(path)?.everywhere ?? true) })
      }
    }
    return [...shadowed.values()].flatMap(({ path, everywhere }): Finding[] =>
      everywhere
        ? [
            error('E12', path, {
              en: 'this candidate can never be taken: those before it take everything, or its own condition contradicts itself',
              fa: 'نوبت این نامزد هرگز نمی‌رسد: پیشین‌ها همه را می‌گیرند یا شرط خودش ناسازگار است',
            }),
          ]
        : [],
    )
  },
}
