import { warning } from '../finding.ts'
import type { Rule } from '../rule.ts'

export const W12: Rule = {
  id: 'W12',
  title: { fa: 'آزموده‌نشده', en: 'not covered by the tests' },
  about: {
    en: 'No test of the definition enters the state, or takes the candidate. Coverage is counted while the tests run on the interpreter.',
    fa: 'هیچ آزمون تعریف به این وضعیت نمی‌رسد یا این نامزد را نمی‌گیرد. پوشش هنگام اجرای آزمون‌ها روی مفسر شمرده می‌شود.',
  },
  fails: {
    change: {
      states: {
        waiting: {
          on: {
            CANCEL: [
              {
                target: '#cancelled',
                allow: [{ role: 'sales' }],
                guard: { fact: 'ctx', path: '$.phone', operator: 'equal', value: '0' },
              },
            ],
          },
        },
      },
    },
  },
  passes: { change: {} },
  tests: (_subject, { coverage }, { entered }) => [
    ...coverage.states.missed
      .filter((path) => entered.has(path.slice('$.states.'.length).split('.states.').join('.')))
      .map((path) => warning('W12', path, { en: 'no test comes to this state', fa: 'هیچ آزمونی به این وضعیت نمی‌رسد' })),
    ...coverage.candidates.missed.map((path) =>
      warning('W12', path, { en: 'no test takes this candidate', fa: 'هیچ آزمونی این نامزد را نمی‌گیرد' }),
    ),
  ],
}
