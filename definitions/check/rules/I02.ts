import { triggerWords } from '../../words/trigger.ts'
import { type Finding, info } from '../finding.ts'
import type { Rule } from '../rule.ts'
import { statesOf, transitionsOf } from '../walk.ts'

export const I02: Rule = {
  id: 'I02',
  title: { fa: 'چه کسی چه می‌تواند', en: 'who may do what' },
  about: {
    en: 'For each role of the definition the transitions it may take, by state, and whether it may see orders: the rows of the matrix that a reviewer of permissions reads. The transition table (export) has it whole.',
    fa: 'برای هر نقش تعریف، گذارهایی که در هر وضعیت مجاز است و اینکه آیا سفارش را می‌بیند: سطرهای ماتریس مجوزها. جدول گذارها (خروجی) همه را دارد.',
  },
  fails: { change: {} },
  passes: { change: { states: { waiting: { on: { CANCEL: null } } } } },
  document: ({ definition, catalogues }) => {
    const labels = new Map(statesOf(definition).map(({ id, state }) => [id, state.label]))
    const rows = new Map<string, { fa: string[]; en: string[] }>()
    for (const { source, trigger, transition } of transitionsOf(definition))
      for (const { role } of transition.allow ?? []) {
        const row = rows.get(role) ?? { fa: [], en: [] }
        rows.set(role, row)
        const [state, event] = [labels.get(source) ?? definition.label, triggerWords(trigger, definition)]
        row.fa.push(`${state.fa}: ${event.fa}`)
        row.en.push(`${state.en}: ${event.en}`)
      }
    const view = definition.permissions?.view
    return [...rows].map(([role, row]): Finding => {
      const name = catalogues.roles[role] ?? { fa: role, en: role }
      const sees = view === undefined || view.includes(role)
      return info('I02', '$.states', {
        en: `${name.en} (${sees ? 'sees orders' : 'does not see orders'}): ${[...new Set(row.en)].join('; ')}`,
        fa: `${name.fa} (${sees ? 'سفارش را می‌بیند' : 'سفارش را نمی‌بیند'}): ${[...new Set(row.fa)].join('؛ ')}`,
      })
    })
  },
}
