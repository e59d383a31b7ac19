import { activeStates, chartOf, nodeAt } from '../../interpreter/chart.ts'
import { type Finding, warning } from '../finding.ts'
import { at } from '../place.ts'
import type { Rule } from '../rule.ts'

export const W04: Rule = {
  id: 'W04',
  title: { fa: 'رویداد بیرونی که دیر برسد', en: 'an external event that may come too late' },
  about: {
    en: 'An external event is taken in some states only. It may still arrive behind them (a late payment, a late ranging), and is then dropped without a trace. The states are listed. A handler at the root (`on`) answers it everywhere; `{"otherwise": true}` there says that it may be dropped.',
    fa: 'رویداد بیرونی تنها در برخی وضعیت‌ها پذیرفته است و اگر دیر برسد (پرداخت یا رانژه دیرهنگام) بی‌نشان دور ریخته می‌شود. وضعیت‌ها فهرست می‌شود. نامزدی در ریشه (on) همه جا پاسخ می‌دهد.',
  },
  fails: { change: { on: null, tests: null } },
  passes: { change: {} },
  graph: ({ definition }, explored, graph) => {
    const chart = chartOf(graph)
    const external = Object.entries(definition.events).filter(
      ([name, { kind }]) => kind === 'external' && !Object.hasOwn(definition.on ?? {}, name),
    )
    const takes = explored.configurations.map(
      ({ leaves }) =>
        new Set(activeStates(chart, leaves).flatMap((index) => Object.keys(nodeAt(chart, index).on ?? {}))),
    )
    return external.flatMap(([name]): Finding[] => {
      const after = new Set(takes.flatMap((events, place) => (events.has(name) ? [place] : [])))
      if (after.size === 0) return []
      const queue = [...after]
      for (let head = 0; head < queue.length; head++)
        for (const { to } of explored.configurations[queue[head] as number]?.edges ?? [])
          if (!after.has(to)) {
            after.add(to)
            queue.push(to)
          }
      const deaf = new Set(
        [...after].flatMap((place) => {
          const { leaves, outcome } = explored.configurations[place] ?? { leaves: [], outcome: '' }
          return outcome !== null || takes[place]?.has(name) === true ? [] : leaves
        }),
      )
      if (deaf.size === 0) return []
      const list = [...deaf].map((leaf) => `#${leaf}`)
      return [
        warning(
          'W04',
          at('$.events', name),
          {
            en: `${name} is dropped when it comes late: in ${list.slice(0, 8).join(' ')}${list.length > 8 ? ` and ${list.length - 8} more` : ''}`,
            fa: `${name} اگر دیر برسد دور ریخته می‌شود: در ${list.slice(0, 8).join(' ')}${list.length > 8 ? ` و ${list.length - 8} وضعیت دیگر` : ''}`,
          },
          { witness: list.join(' ') },
        ),
      ]
    })
  },
}
