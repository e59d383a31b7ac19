import { markedTransitions } from '../along.ts'
import { around } from '../candidates.ts'
import { type Finding, warning } from '../finding.ts'
import { userEventOf } from '../permissions.ts'
import type { Rule } from '../rule.ts'

const view = (role: string) => ({ permissions: { view: [role] } })

export const W02: Rule = {
  id: 'W02',
  title: { fa: 'کار برای کسی که نمی‌بیند', en: 'a task for people who may not see it' },
  about: {
    en: 'In this state only user events lead on, and none of the roles that may do them is among the roles that may see the order there (`permissions.view` of the definition and of the states around it). Without `view` everybody with a role sees it.',
    fa: 'در این وضعیت تنها رویداد کاربر پیش می‌برد و هیچ نقش مجازی حق دیدن سفارش را در آنجا ندارد (permissions.view). بی view هر نقشی می‌بیند.',
  },
  fails: { change: view('auditor') },
  passes: { change: view('sales') },
  graph: ({ definition }, { rested }) => {
    const transitions = [...markedTransitions(definition).values()].filter((placed) => userEventOf(definition, placed))
    return [...rested].flatMap((id): Finding[] => {
      const all = around(definition, id)
      const [own] = all
      const lists = [definition.permissions?.view, ...all.map(({ state }) => state.permissions?.view)]
      const seeing = lists.flatMap((list) => list ?? [])
      if (own === undefined || own.state.states !== undefined || seeing.length === 0) return []
      const states = new Set(['', ...all.map((placed) => placed.id)])
      const acting = transitions
        .filter(({ source }) => states.has(source))
        .flatMap(({ transition }) => transition.allow ?? [])
      if (acting.length === 0 || acting.some(({ role }) => seeing.includes(role))) return []
      return [
        warning('W02', own.path, {
          en: `nobody who may act in #${id} may see it: ${[...new Set(acting.map(({ role }) => role))].join(', ')}`,
          fa: `هیچ‌کس از کسانی که در #${id} مجازند آن را نمی‌بیند: ${[...new Set(acting.map(({ role }) => role))].join('، ')}`,
        }),
      ]
    })
  },
}
