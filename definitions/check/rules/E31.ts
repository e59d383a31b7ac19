import { tmfGraphOf } from '../../catalogue/tmf-states.ts'
import { error, type Finding } from '../finding.ts'
import { leavesOf, roadTo } from '../road.ts'
import type { Rule } from '../rule.ts'
import { statesOf } from '../walk.ts'

const held = (tmfState: string) => ({ states: { held: { tmfState } } })

export const E31: Rule = {
  id: 'E31',
  title: { fa: 'گذار ناسازگار با TMF', en: 'against the TM Forum states' },
  about: {
    en: 'Partners see `tmfState`. It must be a state of TMF622 and TMF641 (orders) or TMF621 (tickets), and no step may go where their state graph does not lead, even through states in between: a completed order does not go on, a rejected one does not come back, none becomes acknowledged again.',
    fa: 'شریکان tmfState را می‌بینند. باید از وضعیت‌های TMF622 و TMF641 (سفارش) یا TMF621 (تیکت) باشد و هیچ گامی به جایی نرود که گراف آن‌ها حتی با میانجی نمی‌رود.',
  },
  fails: { change: held('completed') },
  passes: { change: held('held') },
  graph: ({ definition }, explored) => {
    const graph = tmfGraphOf(definition.subject)
    if (graph === undefined) return []
    const unknown = statesOf(definition)
      .filter(({ state }) => state.tmfState !== undefined && !Object.hasOwn(graph, state.tmfState))
      .map(({ path, state }) =>
        error('E31', `${path}.tmfState`, {
          en: `there is no state ${state.tmfState} in the TM Forum API of this subject`,
          fa: `وضعیت ${state.tmfState} در API این موضوع نیست`,
        }),
      )
    const shown = explored.configurations.map(({ leaves }) => shownOf(explored, leaves))
    const told = new Set<string>()
    const steps = explored.configurations.flatMap(({ edges, leaves }, from) =>
      edges.flatMap(({ to, stimulus }): Finding[] => {
        const [before, after] = [shown[from], shown[to]]
        if (before === undefined || after === undefined || before === after) return []
        if (!Object.hasOwn(graph, before) || !Object.hasOwn(graph, after)) return []
        const key = `${before} ${after}`
        if (told.has(key) || reachable(graph, before).has(after)) return []
        told.add(key)
        const place = explored.configurations[to]?.leaves[0] ?? ''
        return [
          error(
            'E31',
            `$.states.${place.split('.').join('.states.')}`,
            {
              en: `${leavesOf(leaves).join(' ')} shows ${before}, and nothing leads from there to ${after}`,
              fa: `${leavesOf(leaves).join(' ')} وضعیت ${before} را نشان می‌دهد و از آن راهی به ${after} نیست`,
            },
            {
              counterExample: [
                ...roadTo(explored, from),
                { stimulus, to: leavesOf(explored.configurations[to]?.leaves) },
              ],
            },
          ),
        ]
      }),
    )
    return [...unknown, ...steps]
  },
}

/** What partners see: the first active leaf that has one, as the projection takes it. */
function shownOf(
  { chart }: { chart: { nodes: { id: string; tmfState?: string }[] } },
  leaves: string[],
): string | undefined {
  for (const leaf of leaves) {
    const node = chart.nodes.find(({ id }) => id === leaf)
    if (node?.tmfState !== undefined) return node.tmfState
  }
  return undefined
}

function reachable(graph: Record<string, readonly string[]>, from: string): Set<string> {
  const found = new Set<string>()
  const queue = [from]
  for (let head = 0; head < queue.length; head++)
    for (const next of graph[queue[head] as string] ?? [])
      if (!found.has(next)) {
        found.add(next)
        queue.push(next)
      }
  return found
}
