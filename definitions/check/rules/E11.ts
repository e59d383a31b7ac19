import { candidateListsOf } from '../candidates.ts'
import { satisfy } from '../cells.ts'
import { error, type Finding } from '../finding.ts'
import { at } from '../place.ts'
import type { Rule } from '../rule.ts'
import { typeOfFacts } from '../types.ts'

const pay = (second: object) => ({
  states: {
    waiting: {
      on: {
        PAY: [
          { target: '#reserving', guard: { condition: 'welcome' }, tags: ['paid'] },
          { target: '#held', ...second },
        ],
      },
    },
  },
})

export const E11: Rule = {
  id: 'E11',
  title: { fa: 'هم‌پوشانی نامزدها', en: 'candidates overlap' },
  about: {
    en: 'Two candidates of one event can be true for the same data, so that their order alone decides, and neither is marked `otherwise`. Values that show it are told. Decided exactly for comparisons with constants; conditions that compare fact with fact, or ask for present states, are left out. An answer to every error (`onError` without `errors`) is a default without a mark.',
    fa: 'دو نامزد یک رویداد با داده‌ای یکسان درست‌اند و تنها ترتیب تعیین می‌کند، و هیچ‌کدام otherwise ندارد. مقداری که نشان می‌دهد گفته می‌شود. برای مقایسه با ثابت‌ها دقیق است.',
  },
  fails: { change: pay({}) },
  passes: { change: pay({ otherwise: true }) },
  document: (subject) => {
    const guards = subject.definition.guards ?? {}
    const told = new Set<string>()
    return candidateListsOf(subject.definition).flatMap(({ trigger, candidates }) => {
      const typeOf = typeOfFacts(subject, trigger)
      return candidates.flatMap((later, j): Finding[] => {
        const { transition } = later
        const isDefault =
          transition.otherwise === true || (trigger.startsWith('error:') && transition.errors === undefined)
        if (isDefault || told.has(later.path)) return []
        for (const earlier of candidates.slice(0, j)) {
          if (earlier.transition.otherwise === true) continue
          const wishes = [earlier.transition.guard, transition.guard].flatMap((condition) =>
            condition === undefined ? [] : [{ condition, truth: ['true'] as const }],
          )
          const found = wishes.length === 0 ? { answer: 'no' as const } : satisfy(wishes, guards, typeOf)
          if (found.answer !== 'yes') continue
          told.add(later.path)
          return [
            error(
              'E11',
              at(later.path),
              {
                en: `this candidate and ${earlier.path} can both be true: mark the one that is meant as the default with otherwise`,
                fa: `این نامزد و ${earlier.path} می‌توانند هم‌زمان درست باشند: پیش‌فرض را با otherwise نشان کنید`,
              },
              { witness: found.witness },
            ),
          ]
        }
        return []
      })
    })
  },
}
