import { alongOf } from '../along.ts'
import { type Finding, warning } from '../finding.ts'
import { userEventOf } from '../permissions.ts'
import { roadsToFaults } from '../product.ts'
import type { Rule } from '../rule.ts'
import { statesOf, transitionsOf } from '../walk.ts'

const owner = (owner: string) => ({ states: { waiting: { owner } } })

export const W03: Rule = {
  id: 'W03',
  title: { fa: 'نقش بی‌کار، یا نقش همه‌کاره', en: 'a role that may do nothing, or everything' },
  about: {
    en: 'A role owns a state and has no transition at all; or one role alone, with what systems do by themselves, can bring an order from its start to money going out (a transition tagged `money-out`, the start of `billing.refund`): nobody else would have to agree. A transition with `notActorOf` needs a second person and closes such a road.',
    fa: 'نقشی مسئول وضعیتی است ولی هیچ گذاری ندارد؛ یا یک نقش به‌تنهایی می‌تواند سفارش را از آغاز تا خروج پول ببرد و کس دیگری لازم نیست. گذار با notActorOf نفر دوم می‌خواهد و این راه را می‌بندد.',
  },
  fails: { change: owner('noc') },
  passes: { change: owner('sales') },
  graph: ({ definition }, explored) => {
    const transitions = transitionsOf(definition)
    const acting = new Set(transitions.flatMap(({ transition }) => (transition.allow ?? []).map(({ role }) => role)))
    const idle = statesOf(definition)
      .filter(({ state }) => state.owner !== undefined && acting.size > 0 && !acting.has(state.owner))
      .map(({ path, state }) =>
        warning('W03', `${path}.owner`, {
          en: `${state.owner} owns this and has no transition in the whole process`,
          fa: `نقش ${state.owner} مسئول است ولی در کل فرایند هیچ گذاری ندارد`,
        }),
      )
    const along = alongOf(definition)
    const paysOut = new Set(
      statesOf(definition).flatMap(({ state }) =>
        (state.invoke ?? []).filter(({ activity }) => activity === 'billing.refund').map(({ id }) => id),
      ),
    )
    const alone = [...acting].flatMap((role): Finding[] => {
      const roads = roadsToFaults<'on'>(explored, 'on', (_memory, edge, to) => {
        for (const one of along.happenings(edge)) {
          if (one.type !== 'transition') continue
          if (userEventOf(definition, one.placed) === undefined) continue
          const { allow = [] } = one.placed.transition
          if (!allow.some((entry) => entry.role === role && entry.notActorOf === undefined))
            return { memory: undefined, faults: [] }
        }
        const out = edge.tokens.includes('tag:money-out') || along.begun(edge, to).some((id) => paysOut.has(id))
        return { memory: 'on', faults: out ? ['out'] : [] }
      })
      const road = roads.get('out')
      const byHand = road?.some(({ stimulus }) => definition.events[stimulus]?.kind === 'user')
      return road === undefined || byHand !== true
        ? []
        : [
            warning(
              'W03',
              '$.events',
              {
                en: `${role} alone can bring an order to money going out`,
                fa: `نقش ${role} به‌تنهایی می‌تواند سفارش را تا خروج پول ببرد`,
              },
              { counterExample: road, witness: role },
            ),
          ]
    })
    return [...idle, ...alone]
  },
}
