import type { BusinessCalendar } from '../../domain/business-calendar.ts'
import type { Text } from '../../domain/errors.ts'
import type { ActivityEntry } from '../catalogue/activities.ts'
import type { SourceQuery } from '../catalogue/sources.ts'
import type { Definition } from '../format.ts'

/** What a check found. `path` is a place in the document (`$.states.paid.on.CANCEL[0]`); errors block publication. */
export interface Finding {
  rule: RuleId
  severity: 'error' | 'warning'
  path: string
  message: Text
  /** Shortest road through the graph that shows the fault, from the start. */
  counterExample?: RoadStep[]
  /** A value that shows the fault. */
  witness?: string
  line?: number
  column?: number
}

/** One step of a road: what happened, and the active leaf states after it. */
export interface RoadStep {
  stimulus: string
  to: string[]
}

/** What a definition may lean on. All of it is data of the caller, so that the same check runs in API, CLI and browser. */
export interface CheckCatalogues {
  activities: Record<string, ActivityEntry>
  roles: Record<string, Text>
  calendars: Record<string, BusinessCalendar>
  sources: Record<string, Record<string, SourceQuery>>
  /** Template name -> channels that have a Persian and an English text. */
  templates: Record<string, string[]>
  /** Ids of definitions that may be started. Where the list is not complete, an unknown one is only a warning. */
  processes: { known: string[]; complete: boolean }
}

/** What the rules look at once the document has the form of a definition. */
export interface Subject {
  definition: Definition
  catalogues: CheckCatalogues
}

/** The rules of this release; docs/definitions.md says what each means and how it is decided. */
export const ruleTitles = {
  E00: { fa: 'متن JSON درست نیست', en: 'not a JSON text that can be taken' },
  E01: { fa: 'با قالب تعریف نمی‌خواند', en: 'does not match the format' },
  E02: { fa: 'نام ناشناخته', en: 'unknown name' },
  E03: { fa: 'وضعیت دست‌نیافتنی', en: 'unreachable state' },
  E04: { fa: 'بن‌بست', en: 'dead end' },
  E05: { fa: 'بی راه پایان', en: 'no way to an end' },
  E06: { fa: 'چرخه بی‌درنگ', en: 'cycle without a wait' },
  E07: { fa: 'چرخه خودکار', en: 'cycle of automatic steps' },
  E08: { fa: 'نقض الزام مسیر', en: 'a required property does not hold' },
  E14: { fa: 'مجوز گذار', en: 'permission of a transition' },
  E15: { fa: 'تایید کار خود', en: 'self-approval' },
  E17: { fa: 'زمان‌سنج نادرست', en: 'timer out of bounds' },
  E18: { fa: 'ناسازگار با فعالیت', en: 'does not fit the activity' },
  E20: { fa: 'داده ناشناخته', en: 'unknown data' },
  E23: { fa: 'فعالیت بی‌جبران', en: 'effect without a word on compensation' },
  E24: { fa: 'فراخوانی در وضعیت گذرا', en: 'call in a state that is only passed through' },
  E25: { fa: 'گذار میان ناحیه‌ها', en: 'transition across regions' },
  E26: { fa: 'گذار به خود', en: 'transition to itself' },
  E27: { fa: 'پایان بی‌نتیجه', en: 'end without an outcome' },
  E30: { fa: 'پول در جریان', en: 'money may be interrupted' },
  E32: { fa: 'نام یا مسیر خطرناک', en: 'dangerous key or path' },
  E33: { fa: 'بیش از اندازه', en: 'too large' },
  E35: { fa: 'آزمون‌های تعریف', en: 'the definition’s own tests' },
  E36: { fa: 'طرح‌واره یا الگوی ناامن', en: 'unsafe schema or pattern' },
  W01: { fa: 'بی‌کاربرد', en: 'declared and never used' },
  W02: { fa: 'فرایند ناشناخته', en: 'process not known here' },
  W12: { fa: 'نتیجه آزموده‌نشده', en: 'outcome without a test' },
} satisfies Record<string, Text>

export type RuleId = keyof typeof ruleTitles

type More = Pick<Finding, 'counterExample' | 'witness'>

/** A finding that blocks publication. */
export function error(rule: RuleId, path: string, message: Text, more: More = {}): Finding {
  return { rule, severity: 'error', path, message, ...more }
}

/** A finding that must be acknowledged, and blocks nothing. */
export function warning(rule: RuleId, path: string, message: Text): Finding {
  return { rule, severity: 'warning', path, message }
}
