import { type Finding, warning } from '../finding.ts'
import { at } from '../place.ts'
import type { Rule } from '../rule.ts'
import { customerTag } from '../waiting.ts'
import { slasOf, statesOf } from '../walk.ts'

const sla = (more: object) => ({
  states: {
    waiting: { tags: ['customer-waiting'] },
    held: { sla: [{ id: 'all', within: 'P10D', from: 'process', steps: [{ at: 100, assignTo: 'sales' }], ...more }] },
  },
})

export const W07: Rule = {
  id: 'W07',
  title: { fa: 'مهلتی که انتظار مشترک را می‌شمارد', en: 'a clock that counts the customer’s time' },
  about: {
    en: 'An sla that runs `from: process` goes on while the customer is waited for (states tagged customer-waiting), and blames our people for it. Name those states in `pauseIn`.',
    fa: 'sla از آغاز فرایند (from: process) هنگام انتظار برای مشترک هم می‌دود و آن را به حساب کارکنان می‌گذارد. وضعیت‌های customer-waiting را در pauseIn بیاورید.',
  },
  fails: { change: sla({}) },
  passes: { change: sla({ pauseIn: ['#waiting'] }) },
  document: ({ definition }) => {
    const waits = statesOf(definition).some(({ state }) => (state.tags ?? []).includes(customerTag))
    return slasOf(definition).flatMap(({ path, value }): Finding[] =>
      waits && value.from === 'process' && (value.pauseIn ?? []).length === 0
        ? [
            warning('W07', at(path, 'from'), {
              en: 'this clock also counts the time in which the customer is waited for',
              fa: 'این مهلت زمان انتظار برای مشترک را هم می‌شمارد',
            }),
          ]
        : [],
    )
  },
}
