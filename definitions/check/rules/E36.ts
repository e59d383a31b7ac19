import type { Rule } from '../rule.ts'
import { schemaFindings } from '../schemas.ts'

const pattern = (pattern: string) => ({
  forms: { reason: { schema: { properties: { reason: { type: 'string', maxLength: 200, pattern } } } } },
})

export const E36: Rule = {
  id: 'E36',
  title: { fa: 'طرح‌واره یا الگوی ناامن', en: 'unsafe schema or pattern' },
  about: {
    en: 'JSON Schemas keep to a closed subset without references, and a pattern may not be one that could hang: repeated groups with repetition or alternatives inside, look-around, references back, more than two unbounded repetitions, no anchor, no `maxLength`.',
    fa: 'طرح‌واره‌ها زیرمجموعه‌ای بسته و بی ارجاع‌اند و الگو نباید بتواند گیر کند: گروه تکراری با تکرار یا گزینه درون آن، نگاه به پیش و پس، ارجاع، بیش از دو تکرار بی‌حد، بی لنگر، بی maxLength.',
  },
  fails: { change: pattern('^(a+)+$') },
  passes: { change: pattern('^[a-z ]+$') },
  document: schemaFindings,
}
