import type { Rule } from '../rule.ts'

export const E01: Rule = {
  id: 'E01',
  title: { fa: 'با قالب تعریف نمی‌خواند', en: 'does not match the format' },
  about: {
    en: 'process-v1.schema.json is the form of a definition. An unknown key is an error, too: it is most often a typo, and what it says would never happen.',
    fa: 'شکل تعریف را process-v1.schema.json می‌گوید. کلید ناشناخته هم خطاست: بیشتر غلط املایی است و آنچه می‌گوید هرگز رخ نمی‌دهد.',
  },
  fails: { change: { states: { waiting: { onn: {} } } } },
  passes: { change: { states: { waiting: { on: {} } } } },
}
