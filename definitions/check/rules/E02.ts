import { nameFindings } from '../names.ts'
import type { Rule } from '../rule.ts'

export const E02: Rule = {
  id: 'E02',
  title: { fa: 'نام ناشناخته', en: 'unknown name' },
  about: {
    en: 'A target, start, order, outcome, stage, event, form, guard, fact, query, calendar, template, activity, role, process or selector that does not exist, or an id that stands twice. Every name is resolved against the definition and the catalogues.',
    fa: 'مقصد، آغاز، ترتیب، نتیجه، مرحله، رویداد، فرم، شرط، داده، پرسش، تقویم، الگو، فعالیت، نقش، فرایند یا گزینشی که وجود ندارد، یا شناسه‌ای که تکراری است. هر نام در تعریف و فهرست‌ها جست‌وجو می‌شود.',
  },
  fails: { change: { initial: 'nowhere' } },
  passes: { change: { initial: 'waiting' } },
  document: nameFindings,
}
