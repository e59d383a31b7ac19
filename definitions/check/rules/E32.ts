import type { Rule } from '../rule.ts'

const guard = (path: string) => ({ guards: { welcome: { fact: 'customer', path, operator: 'equal', value: false } } })

export const E32: Rule = {
  id: 'E32',
  title: { fa: 'نام یا مسیر خطرناک', en: 'dangerous key or path' },
  about: {
    en: 'A path is dotted names and nothing else: no filter, no script, no wildcard. The keys `__proto__`, `constructor` and `prototype` are refused wherever they stand.',
    fa: 'مسیر تنها نام‌های نقطه‌دار است: بی فیلتر، اسکریپت و نویسه عام. کلیدهای __proto__، constructor و prototype در هیچ جا پذیرفته نیستند.',
  },
  fails: { change: guard('$.list[?(@.x)]') },
  passes: { change: guard('$.blocked') },
}
