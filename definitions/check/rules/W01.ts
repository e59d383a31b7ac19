import type { Rule } from '../rule.ts'
import { unusedFindings } from '../unused.ts'

export const W01: Rule = {
  id: 'W01',
  title: { fa: 'بی‌کاربرد', en: 'declared and never used' },
  about: {
    en: 'An event, guard, form, fact, calendar or outcome that nothing uses: left over, or a use was forgotten.',
    fa: 'رویداد، شرط، فرم، داده، تقویم یا نتیجه‌ای که هیچ‌جا به کار نرفته: بازمانده است یا کاربردش از یاد رفته.',
  },
  fails: { change: { events: { LATER: { kind: 'external', label: { fa: 'بعد', en: 'Later' } } } } },
  passes: { change: {} },
  document: unusedFindings,
}
