import type { Rule } from '../rule.ts'
import { endFindings } from '../structure.ts'

export const E27: Rule = {
  id: 'E27',
  title: { fa: 'پایان بی‌نتیجه', en: 'end without an outcome' },
  about: {
    en: 'An end of the process names its outcome, an end inside a group has none, and the kind of an outcome fits what the end says elsewhere: its `tmfState` (completed = success, failed and rejected = failure, cancelled = cancelled), its tags.',
    fa: 'پایان فرایند نتیجه دارد و پایان درون گروه ندارد؛ نوع نتیجه با tmfState و نشان‌های همان پایان می‌خواند (completed موفق، failed و rejected ناموفق، cancelled لغو).',
  },
  fails: { change: { states: { done: { outcome: null } } } },
  passes: { change: { states: { done: { outcome: 'done' } } } },
  document: endFindings,
}
