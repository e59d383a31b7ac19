import type { Text } from '../../domain/errors.ts'
import { roles } from '../catalogue/roles.ts'
import { statesOf, transitionsOf } from '../check/walk.ts'
import type { Definition } from '../format.ts'
import { conditionWords } from '../words/condition.ts'
import { durationWords } from '../words/duration.ts'
import { triggerWords } from '../words/trigger.ts'

/** The columns of a transition table, with their heads. */
export const tableColumns = {
  from: { fa: 'از', en: 'From' },
  fromLabel: { fa: 'وضعیت', en: 'State' },
  trigger: { fa: 'رخداد', en: 'Trigger' },
  triggerLabel: { fa: 'شرح رخداد', en: 'What happens' },
  guard: { fa: 'شرط', en: 'Guard' },
  who: { fa: 'چه کسی', en: 'Who' },
  to: { fa: 'به', en: 'To' },
  toLabel: { fa: 'وضعیت بعد', en: 'Next state' },
  form: { fa: 'فرم', en: 'Form' },
  deadline: { fa: 'مهلت', en: 'After' },
  actions: { fa: 'کارها', en: 'Actions' },
  tags: { fa: 'نشان‌ها', en: 'Tags' },
} satisfies Record<string, Text>

export type TableRow = Record<keyof typeof tableColumns, string>

/** Every transition of a definition as a row of words in one language, in the order of the document. */
export function transitionRows(definition: Definition, locale: 'fa' | 'en'): TableRow[] {
  const states = new Map(statesOf(definition).map(({ id, state }) => [id, state]))
  const labelOf = (id: string) => (id === '' ? definition.label[locale] : (states.get(id)?.label[locale] ?? id))
  const comma = locale === 'fa' ? '، ' : ', '
  return transitionsOf(definition).map(({ source, trigger, transition }): TableRow => {
    const [kind = '', name = ''] = trigger.split(/:(.*)/s)
    const timer = kind === 'after' ? states.get(source)?.after?.find(({ id }) => id === name) : undefined
    const event = kind === 'on' ? definition.events[name] : undefined
    const target = transition.target?.slice(1)
    return {
      from: source === '' ? '*' : source,
      fromLabel: labelOf(source),
      trigger,
      triggerLabel: triggerWords(trigger, definition)[locale],
      guard: [
        transition.guard === undefined ? '' : conditionWords(transition.guard, definition)[locale],
        (transition.errors ?? []).join(comma),
      ]
        .filter(Boolean)
        .join(comma),
      who: (transition.allow ?? [])
        .map(({ role, scope = 'subtree' }) => `${roles[role]?.[locale] ?? role} (${scope})`)
        .join(comma),
      to: target ?? '',
      toLabel: target === undefined ? '' : labelOf(target),
      form: event?.form ?? '',
      deadline: timer?.delay === undefined ? '' : durationWords(timer.delay)[locale],
      actions: (transition.actions ?? []).map(({ type }) => type).join(comma),
      tags: (transition.tags ?? []).join(comma),
    }
  })
}
