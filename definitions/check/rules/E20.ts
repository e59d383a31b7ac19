import { dataFindings } from '../data.ts'
import type { Rule } from '../rule.ts'
import { typeFindings } from '../type-faults.ts'

const guard = (leaf: object) => ({ guards: { welcome: { fact: 'customer', ...leaf } } })

export const E20: Rule = {
  id: 'E20',
  title: { fa: 'داده ناشناخته یا نوع نادرست', en: 'unknown data, or a type error' },
  about: {
    en: 'A condition or value reads a path that the schema of the data, fact or visits does not have (a typo would be null for ever), compares with an operator that the type does not know (`lessThan` on a text is an incident at run time), or with a constant outside the enum.',
    fa: 'شرط یا مقداری مسیری را می‌خواند که در طرح‌واره داده نیست (غلط املایی تا ابد تهی است)، با عملگری که نوع داده نمی‌شناسد مقایسه می‌کند، یا با ثابتی بیرون از enum.',
  },
  fails: { change: guard({ path: '$.bloked', operator: 'equal', value: false }) },
  passes: { change: guard({ path: '$.blocked', operator: 'equal', value: false }) },
  document: (subject) => [...dataFindings(subject), ...typeFindings(subject)],
}
