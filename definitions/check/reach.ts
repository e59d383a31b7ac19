import type { Exploration } from './explore.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { leavesOf, roadTo } from './road.ts'
import { idOf, statesOf, transitionsOf } from './walk.ts'

const maxShown = 5

/** E06: a macrostep that need not end. */
export function loopFindings(_subject: Subject, explored: Exploration): Finding[] {
  const { loop } = explored
  if (loop === undefined) return []
  return [
    error(
      'E06',
      '$.states',
      {
        en: 'eventless steps or raised events can go round without a wait',
        fa: 'گام‌های بی‌رویداد می‌توانند بی‌پایان تکرار شوند',
      },
      { counterExample: roadTo(explored, loop.from, loop.stimulus) },
    ),
  ]
}

/** E03: a state that no road enters. */
export function unreachableFindings({ definition }: Subject, { entered }: Exploration): Finding[] {
  const targets = new Set(
    transitionsOf(definition).flatMap(({ transition: { target } }) => (target === undefined ? [] : [idOf(target)])),
  )
  return statesOf(definition).flatMap(({ id, path, state, parent }) => {
    const named = targets.has(id) || parent?.state.initial === id.split('.').at(-1)
    return (state.type === 'history' ? named : entered.has(id))
      ? []
      : [error('E03', path, { en: `no road leads to #${id}`, fa: `هیچ راهی به #${id} نمی‌رسد` })]
  })
}

/** E04: a place that nothing leaves. */
export function deadEndFindings(_subject: Subject, explored: Exploration): Finding[] {
  return deadEnds(explored)
    .slice(0, maxShown)
    .map((index) => placed('E04', explored, index, 'nothing leads out of here', 'از اینجا هیچ راهی نیست'))
}

/** E05: a place from which no end can be reached, and that is not only on the way to a dead end. */
export function noWayOutFindings(_subject: Subject, explored: Exploration): Finding[] {
  const canEnd = backwards(explored, (index) => explored.configurations[index]?.outcome !== null)
  const isDead = new Set(deadEnds(explored))
  const toDead = backwards(explored, (index) => isDead.has(index))
  return indices(explored)
    .filter((index) => !canEnd.has(index) && !toDead.has(index))
    .slice(0, 1)
    .map((index) =>
      placed('E05', explored, index, 'from here no end can be reached', 'از اینجا هیچ پایانی دست‌یافتنی نیست'),
    )
}

const deadEnds = (explored: Exploration) =>
  indices(explored).filter((index) => {
    const { outcome, edges } = explored.configurations[index] ?? { outcome: '', edges: [] }
    return outcome === null && edges.every(({ to }) => to === index)
  })

function placed(rule: 'E04' | 'E05', explored: Exploration, index: number, en: string, fa: string): Finding {
  const where = leavesOf(explored.configurations[index]?.leaves).join(' ')
  const path = `$.states.${where.split(' ')[0]?.slice(1).split('.').join('.states.') ?? ''}`
  return error(
    rule,
    path,
    { en: `${where}: ${en}`, fa: `${where}: ${fa}` },
    { counterExample: roadTo(explored, index) },
  )
}

const indices = ({ configurations }: Exploration) => configurations.map((_, index) => index).slice(1)

/** Configurations from which one of the goals can be reached. */
function backwards({ configurations }: Exploration, isGoal: (index: number) => boolean): Set<number> {
  const into = configurations.map((): number[] => [])
  for (const [from, { edges }] of configurations.entries()) for (const { to } of edges) into[to]?.push(from)
  const reached = new Set(configurations.map((_, index) => index).filter((index) => index > 0 && isGoal(index)))
  const queue = [...reached]
  for (let head = 0; head < queue.length; head++)
    for (const from of into[queue[head] as number] ?? [])
      if (!reached.has(from)) {
        reached.add(from)
        queue.push(from)
      }
  return reached
}
