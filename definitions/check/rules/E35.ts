import { error } from '../finding.ts'
import type { Rule } from '../rule.ts'

const tests = (list: object[]) => ({ tests: JSON.parse(JSON.stringify(list)), outcomes: { done: { kind: 'success' } } })
const cancelled = {
  name: 'cancelled by sales',
  steps: [{ send: 'CANCEL', by: { role: 'sales' }, payload: { reason: 'a whim' }, expect: { outcome: 'done' } }],
}

export const E35: Rule = {
  id: 'E35',
  title: { fa: 'آزمون‌های تعریف', en: 'the definition’s own tests' },
  about: {
    en: 'Every test of the definition holds on the interpreter that runs orders, and every outcome is reached by one. They run at upload and again before publication; the coverage of states and candidates is told with them (W12).',
    fa: 'هر آزمون تعریف روی همان مفسر سفارش‌ها درست است و هر نتیجه دست‌کم یک آزمون دارد. هنگام بارگذاری و پیش از انتشار اجرا می‌شوند و پوشش وضعیت‌ها و نامزدها گفته می‌شود (W12).',
  },
  fails: { change: tests([cancelled]) },
  passes: { change: {} },
  tests: ({ definition }, { results, coverage }) => [
    ...results.flatMap(({ name, failures }) =>
      failures.map(({ path, message }) =>
        error('E35', path, { en: `${name}: ${message.en}`, fa: `آزمون «${name}» درست نیست: ${message.fa}` }),
      ),
    ),
    ...coverage.outcomes.missed.map((path) => {
      const outcome = path.slice('$.outcomes.'.length)
      const label = definition.outcomes[outcome]?.label ?? { fa: outcome, en: outcome }
      return error('E35', path, {
        en: `no test ends in "${label.en}"`,
        fa: `هیچ آزمونی به نتیجه «${label.fa}» نمی‌رسد`,
      })
    }),
  ],
}
