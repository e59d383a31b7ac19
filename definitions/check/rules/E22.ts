import { formFindings } from '../forms.ts'
import type { Rule } from '../rule.ts'

const step = (more: object) => ({
  forms: { reason: { steps: [{ id: 'why', label: { fa: 'چرا', en: 'Why' }, fields: ['reason'], ...more }] } },
})

export const E22: Rule = {
  id: 'E22',
  title: { fa: 'فرم ناسازگار', en: 'a form that does not fit' },
  about: {
    en: 'A field of a step is not in the schema; a required field is in no step, or only in steps whose condition may hide it (values that show it are told); an `$event` path, or a condition on `event`, reads what the form of that event does not have.',
    fa: 'فیلدی از گام در طرح‌واره نیست؛ فیلد الزامی در هیچ گامی نیست یا تنها در گامی است که شرطش شاید آن را پنهان کند؛ یا $event چیزی را می‌خواند که فرم آن رویداد ندارد.',
  },
  fails: { change: step({ when: { fact: 'ctx', path: '$.phone', operator: 'notEqual', value: '0' } }) },
  passes: { change: step({}) },
  document: formFindings,
}
