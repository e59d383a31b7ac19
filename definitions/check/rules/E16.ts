import { around } from '../candidates.ts'
import { error, type Finding } from '../finding.ts'
import type { Rule } from '../rule.ts'
import { waitsForCustomer } from '../waiting.ts'

const waiting = (more: object) => ({ states: { waiting: { after: null, ...more } } })

export const E16: Rule = {
  id: 'E16',
  title: { fa: 'انتظار بی مسئول یا بی مهلت', en: 'a wait without an owner or a deadline' },
  about: {
    en: 'Every place where the process rests and waits for people or for another system has a deadline that does something: an `after` that leads somewhere, or an `sla` step that tells somebody, hands over or raises an event; on the state or around it. Where only people lead on, an `owner` (on it or around it) has it in his work list. A state tagged customer-waiting stands in the customer’s own list and needs no owner. Calls have their retries and incidents instead.',
    fa: 'هر جایی که فرایند می‌ماند و منتظر مردم یا سامانه دیگری است مهلتی دارد که کاری می‌کند: after با مقصد، یا گام sla که خبر می‌دهد، واگذار می‌کند یا رویداد می‌سازد. جایی که مردم کار می‌کنند مسئولی (owner) دارد که در فهرست کارش دیده شود؛ وضعیت با نشان customer-waiting در فهرست خود مشترک است.',
  },
  fails: { change: waiting({}) },
  passes: {
    change: waiting({ sla: [{ id: 'pay', within: 'P3D', steps: [{ at: 100, assignTo: 'sales-lead' }] }] }),
  },
  graph: ({ definition }, { rested }) =>
    [...rested].flatMap((id): Finding[] => {
      const [own, ...outer] = around(definition, id)
      if (own === undefined || own.state.states !== undefined || own.state.type === 'final') return []
      const all = [own, ...outer]
      if (all.some(({ state }) => (state.invoke ?? []).length > 0)) return []
      const kinds = new Set(
        all.flatMap(({ state }) => Object.keys(state.on ?? {})).map((event) => definition.events[event]?.kind),
      )
      const leads = Object.keys(own.state.on ?? {}).map((event) => definition.events[event]?.kind)
      const byPeople =
        leads.includes('user') &&
        !leads.includes('external') &&
        !(own.state.after ?? []).some(({ then = [] }) => then.length > 0)
      if (!kinds.has('user') && !kinds.has('external')) return []
      const acts = all.some(
        ({ state: { after = [], sla = [] } }) =>
          after.some(({ then = [] }) => then.length > 0) ||
          sla.some(({ steps }) =>
            steps.some(
              ({ notify, assignTo, raise }) =>
                (notify ?? []).length > 0 || assignTo !== undefined || raise !== undefined,
            ),
          ),
      )
      const owned = all.some(({ state }) => state.owner !== undefined) || waitsForCustomer(all)
      return [
        ...(acts
          ? []
          : [
              error('E16', own.path, {
                en: `#${id} may wait for ever: it has no deadline that does something (after, or sla with a step that tells somebody)`,
                fa: `#${id} شاید تا ابد منتظر بماند: مهلتی که کاری کند ندارد (after، یا sla با گامی که به کسی خبر دهد)`,
              }),
            ]),
        ...(byPeople && !owned
          ? [
              error('E16', own.path, {
                en: `#${id} waits for people, and nobody has it in his work list: it has no owner`,
                fa: `#${id} منتظر مردم است و در فهرست کار کسی نیست: مسئول ندارد`,
              }),
            ]
          : []),
      ]
    }),
}
