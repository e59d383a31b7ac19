import type { Text } from '../../domain/errors.ts'
import type { Json } from '../../domain/json.ts'
import { roles } from '../catalogue/roles.ts'
import { statesOf } from '../check/walk.ts'
import type { Allow, Condition, Definition } from '../format.ts'
import { conditionWords } from '../words/condition.ts'
import { durationWords } from '../words/duration.ts'
import type { Item, ItemKind } from './item.ts'

const longest = 160

/** One difference as a sentence in both languages. `from` and `to` give states, facts and roles their names. */
export function sentenceOf(
  { from, to }: { from: Definition; to: Definition },
  kind: 'added' | 'removed' | 'changed',
  item: Item,
  change?: { part: string; before: Json | undefined; after: Json | undefined },
): Text {
  const what = kinds[item.kind]
  const name = { fa: `${what.fa} ${quoted(item, 'fa')}`, en: `${what.en} ${quoted(item, 'en')}` }
  if (change === undefined)
    return kind === 'added'
      ? { fa: `${name.fa} افزوده شد`, en: `${name.en} was added` }
      : { fa: `${name.fa} برداشته شد`, en: `${name.en} was removed` }
  const part = Object.hasOwn(parts, change.part) ? (parts[change.part] as Text) : { fa: change.part, en: change.part }
  const before = change.before === undefined ? undefined : valueWords(change.part, change.before, from)
  const after = change.after === undefined ? undefined : valueWords(change.part, change.after, to)
  if (before === undefined)
    return {
      fa: `${name.fa}: ${part.fa} افزوده شد: ${after?.fa}`,
      en: `${name.en}: ${part.en} was added: ${after?.en}`,
    }
  if (after === undefined)
    return {
      fa: `${name.fa}: ${part.fa} برداشته شد: ${before.fa}`,
      en: `${name.en}: ${part.en} was removed: ${before.en}`,
    }
  return {
    fa: `${name.fa}: ${part.fa} از ${before.fa} به ${after.fa} تغییر کرد`,
    en: `${name.en}: ${part.en} changed from ${before.en} to ${after.en}`,
  }
}

const quoted = ({ kind, name }: Item, locale: 'fa' | 'en') =>
  kind === 'transition' ? name[locale] : locale === 'fa' ? `«${name.fa}»` : `"${name.en}"`

function valueWords(part: string, value: Json, definition: Definition): Text {
  if (typeof value === 'string') return wordWords(part, value, definition)
  switch (part) {
    case 'guard':
    case 'condition':
    case 'when':
      return conditionWords(value as Condition, definition)
    case 'allow':
      return allowWords(value as unknown as Allow[])
    default:
      return isText(value) ? { fa: `«${value.fa}»`, en: `"${value.en}"` } : both(cut(JSON.stringify(value)))
  }
}

function wordWords(part: string, value: string, definition: Definition): Text {
  switch (part) {
    case 'delay':
    case 'within':
    case 'offset':
    case 'maxAge':
      return durationWords(value)
    case 'target':
      return stateWords(value, definition)
    case 'owner':
      return roles[value] ?? both(value)
    default:
      return both(cut(JSON.stringify(value)))
  }
}

function stateWords(ref: string, definition: Definition): Text {
  const found = statesOf(definition).find(({ id }) => `#${id}` === ref)
  return found === undefined ? both(ref) : { fa: `«${found.state.label.fa}»`, en: `"${found.state.label.en}"` }
}

function allowWords(allow: Allow[]): Text {
  const words = allow.map(({ role, scope = 'subtree', notActorOf }): Text => {
    const name = roles[role] ?? both(role)
    const not =
      notActorOf === undefined
        ? { fa: '', en: '' }
        : { fa: ` جز انجام‌دهنده ${notActorOf}`, en: ` who did not do ${notActorOf}` }
    return { fa: `${name.fa} (${scopes[scope].fa})${not.fa}`, en: `${name.en} (${scopes[scope].en})${not.en}` }
  })
  return { fa: words.map(({ fa }) => fa).join('، '), en: words.map(({ en }) => en).join(', ') }
}

const isText = (value: Json): value is { fa: string; en: string } =>
  value !== null && typeof value === 'object' && 'fa' in value && 'en' in value

const both = (name: string): Text => ({ fa: name, en: name })
const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest)}…` : text)

const scopes = {
  own: { fa: 'خودی', en: 'own' },
  subtree: { fa: 'زیرمجموعه', en: 'those below' },
  centre: { fa: 'مرکز', en: 'centre' },
  city: { fa: 'شهر', en: 'city' },
  any: { fa: 'همه', en: 'any' },
} satisfies Record<NonNullable<Allow['scope']>, Text>

const kinds: Record<ItemKind, Text> = {
  definition: { fa: 'فرایند', en: 'process' },
  state: { fa: 'وضعیت', en: 'state' },
  transition: { fa: 'گذار', en: 'transition' },
  guard: { fa: 'شرط', en: 'guard' },
  permission: { fa: 'مجوز', en: 'permission' },
  event: { fa: 'رویداد', en: 'event' },
  form: { fa: 'فرم', en: 'form' },
  deadline: { fa: 'مهلت', en: 'deadline' },
  call: { fa: 'فراخوانی', en: 'call' },
  message: { fa: 'پیام', en: 'message' },
  fact: { fa: 'داده بیرونی', en: 'fact' },
  data: { fa: 'متغیر', en: 'variable' },
  outcome: { fa: 'نتیجه', en: 'outcome' },
  promise: { fa: 'الزام', en: 'promise' },
  migration: { fa: 'نگاشت از نسخه', en: 'migration from' },
  test: { fa: 'آزمون', en: 'test' },
}

const parts: Record<string, Text> = {
  label: { fa: 'عنوان', en: 'label' },
  description: { fa: 'شرح', en: 'description' },
  target: { fa: 'مقصد', en: 'target' },
  guard: { fa: 'شرط', en: 'guard' },
  condition: { fa: 'متن', en: 'text' },
  allow: { fa: 'مجوز', en: 'permission' },
  actions: { fa: 'کارها', en: 'actions' },
  entry: { fa: 'کارهای ورود', en: 'entry actions' },
  exit: { fa: 'کارهای خروج', en: 'exit actions' },
  owner: { fa: 'مسئول', en: 'owner' },
  stage: { fa: 'مرحله', en: 'stage' },
  tags: { fa: 'نشان‌ها', en: 'tags' },
  permissions: { fa: 'دسترسی‌ها', en: 'permissions' },
  tmfState: { fa: 'وضعیت TMF', en: 'TMF state' },
  delay: { fa: 'مدت', en: 'delay' },
  within: { fa: 'مهلت', en: 'time limit' },
  at: { fa: 'زمان', en: 'time' },
  offset: { fa: 'فاصله', en: 'offset' },
  calendar: { fa: 'تقویم', en: 'calendar' },
  steps: { fa: 'گام‌ها', en: 'steps' },
  schema: { fa: 'فیلدها', en: 'fields' },
  input: { fa: 'ورودی', en: 'input' },
  retry: { fa: 'تلاش دوباره', en: 'retry' },
  timeout: { fa: 'مهلت پاسخ', en: 'timeout' },
  compensate: { fa: 'جبران', en: 'compensation' },
  onExit: { fa: 'رفتار هنگام خروج', en: 'behaviour on exit' },
  activity: { fa: 'فعالیت', en: 'activity' },
  state: { fa: 'وضعیت', en: 'state' },
  form: { fa: 'فرم', en: 'form' },
  initial: { fa: 'آغاز', en: 'start' },
  maxAge: { fa: 'بیشترین کهنگی', en: 'oldest answer' },
}
