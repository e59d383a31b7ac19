import type { z } from 'zod'
import type { Text } from '../domain/errors.ts'
import type { Fault } from './problem.ts'

/** The faults of a parse, each with its place (`$.body.items[0].name`) and a sentence in both languages; at most twenty. */
export function zodFaults(error: z.ZodError, where: string): Fault[] {
  return error.issues
    .slice(0, 20)
    .flatMap((issue): Fault[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ place: placeOf(where, [...issue.path, key]), ...unknownKey }))
        : [{ place: placeOf(where, issue.path), ...textOf(issue) }],
    )
}

const unknownKey: Text = { fa: 'مقداری ناشناخته داده شده است', en: 'This key is not known here' }

export function placeOf(where: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (at, part) => (typeof part === 'number' ? `${at}[${part}]` : `${at}.${String(part)}`),
    where,
  )
}

function textOf(issue: z.core.$ZodIssue): Text {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? { fa: 'این مقدار الزامی است', en: 'This value is required' }
        : { fa: `نوع مقدار درست نیست؛ باید ${typeNames[issue.expected] ?? issue.expected} باشد`, en: issue.message }
    case 'too_small':
      return { fa: `مقدار کوچک‌تر یا کوتاه‌تر از ${String(issue.minimum)} است`, en: issue.message }
    case 'too_big':
      return { fa: `مقدار بزرگ‌تر یا بلندتر از ${String(issue.maximum)} است`, en: issue.message }
    case 'invalid_format':
      return { fa: 'قالب مقدار درست نیست', en: issue.message }
    case 'invalid_value':
      return { fa: 'مقدار از گزینه‌های مجاز نیست', en: issue.message }
    case 'not_multiple_of':
      return { fa: `مقدار باید مضربی از ${issue.divisor} باشد`, en: issue.message }
    default:
      return { fa: 'مقدار پذیرفته نیست', en: issue.message }
  }
}

const typeNames: Record<string, string> = {
  string: 'متن',
  number: 'عدد',
  int: 'عدد صحیح',
  boolean: 'بله یا خیر',
  array: 'فهرست',
  object: 'شیء',
  record: 'شیء',
}
