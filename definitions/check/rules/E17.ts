import { shortCycleFindings } from '../cycles.ts'
import { durationFindings } from '../limits.ts'
import type { Rule } from '../rule.ts'
import { unsetTimerFindings } from '../unset-timer.ts'

const again = (timer: object) => ({
  states: { held: { after: [{ id: 'again', then: [{ target: '#noPort' }], ...timer }] } },
})
const visitAt = { context: { schema: { properties: { visitAt: { type: ['string', 'null'], format: 'date-time' } } } } }

export const E17: Rule = {
  id: 'E17',
  title: { fa: 'زمان‌سنج نادرست', en: 'timer out of bounds' },
  about: {
    en: 'A timer of no or negative time, beyond `limits.horizon`, or in a cycle that waits less than a minute; a duration that cannot be read; `at` a variable that may still be unset on some road (the road is shown): the step that arms it would become an incident.',
    fa: 'زمان‌سنجی با مدت صفر یا منفی، فراتر از افق limits.horizon، یا در چرخه‌ای کوتاه‌تر از یک دقیقه؛ مدتی که خوانده نمی‌شود؛ یا at از متغیری که در راهی هنوز مقدار ندارد (راه نشان داده می‌شود).',
  },
  fails: { change: { ...again({ at: { $ctx: '$.visitAt' } }), ...visitAt } },
  passes: { change: again({ delay: 'P1D' }) },
  document: durationFindings,
  graph: (subject, explored) => [...shortCycleFindings(subject, explored), ...unsetTimerFindings(subject, explored)],
}
