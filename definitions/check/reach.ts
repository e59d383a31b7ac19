import type { Exploration } from './explore.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { leavesOf, roadTo } from './road.ts'
import { idOf, statesOf, transitionsOf } from './walk.ts'

const maxShown = 5

/** E03 unreachable, E04 dead end, E05 no way to an end, E06 a macrostep without end, E24 a call that never starts. All on the graph; data may close more roads, never open one. */
export function reachFindings({ definition }: Subject, explored: Exploration): Finding[] {
  const { configurations, entered, rested, loop } = explored
  if (loop !== undefined)
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
  const targets = new Set(
    transitionsOf(definition).flatMap(({ transition: { target } }) => (target === undefined ? [] : [idOf(target)])),
  )
  const states = statesOf(definition).flatMap(({ id, path, state, parent }) => {
    const named = targets.has(id) || parent?.state.initial === id.split('.').at(-1)
    if (state.type === 'history' ? named : entered.has(id))
      return (state.invoke ?? []).length > 0 && !rested.has(id)
        ? [
            error('E24', path, {
              en: 'the process never rests here, so its calls never start',
              fa: 'فرایند هرگز در این وضعیت نمی‌ماند و فراخوانی آن آغاز نمی‌شود',
            }),
          ]
        : []
    return [error('E03', path, { en: `no road leads to #${id}`, fa: `هیچ راهی به #${id} نمی‌رسد` })]
  })
  const canEnd = backwards(explored, (index) => configurations[index]?.outcome !== null)
  const dead = indices(explored).filter(
    (index) => configurations[index]?.outcome === null && configurations[index]?.edges.length === 0,
  )
  const isDead = new Set(dead)
  const toDead = backwards(explored, (index) => isDead.has(index))
  const stuck = indices(explored).filter((index) => !canEnd.has(index) && !toDead.has(index))
  return [
    ...states,
    ...dead
      .slice(0, maxShown)
      .map((index) => placed('E04', explored, index, 'nothing leads out of here', 'از اینجا هیچ راهی نیست')),
    ...stuck
      .slice(0, 1)
      .map((index) =>
        placed('E05', explored, index, 'from here no end can be reached', 'از اینجا هیچ پایانی دست‌یافتنی نیست'),
      ),
  ]
}

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
