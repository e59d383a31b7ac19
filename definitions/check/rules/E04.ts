import { deadEndFindings } from '../reach.ts'
import type { Rule } from '../rule.ts'

export const E04: Rule = {
  id: 'E04',
  title: { fa: 'بن‌بست', en: 'dead end' },
  about: {
    en: 'The process can stand in a place that is no end and that nothing leads out of: no event, no timer, no call. A case would stay there for ever.',
    fa: 'فرایند می‌تواند در جایی بایستد که پایان نیست و هیچ رویداد، زمان‌سنج یا فراخوانی از آن بیرون نمی‌برد. پرونده برای همیشه آنجا می‌ماند.',
  },
  fails: { change: { states: { held: { after: null } } } },
  passes: { change: { states: { held: { after: [{ id: 'again', delay: 'P1D', then: [{ target: '#noPort' }] }] } } } },
  graph: deadEndFindings,
}
