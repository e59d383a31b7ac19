import type { Compensation, Invoke } from '../format.ts'
import { alongOf } from './along.ts'
import type { Exploration } from './explore.ts'
import type { RoadStep, Subject } from './finding.ts'
import { roadsToFaults } from './product.ts'
import { actionsOf, invokesOf, type Placed } from './walk.ts'

/** What a road owes to the outside for one call: nothing, an undoing, an undoing that was done by hand while it is still on the list, or nothing any more. */
type Owed = 'nothing' | 'owed' | 'released' | 'undone'

/** What the books of one call say: the road to an end that leaves it undone, to one that undoes it twice, and places that undo it when it is never owed. */
export interface UndoBook {
  call: Placed<Invoke>
  leak: RoadStep[] | undefined
  twice: RoadStep[] | undefined
  useless: string[]
}

/** One book for each call that has a compensation, over all roads. A call of the same activity as the compensation (`run` or `invoke`) counts as undoing by hand. */
export function undoBooks({ definition }: Subject, explored: Exploration): UndoBook[] {
  const along = alongOf(definition)
  const calls = invokesOf(definition)
  const byId = new Map(calls.map(({ value }) => [value.id, value]))
  const compensated = calls.filter(({ value: { compensate } }) => typeof compensate === 'object')
  const places = actionsOf(definition).filter(({ value }) => value.type === 'compensate')

  return compensated.map((call): UndoBook => {
    const { id } = call.value
    const { activity } = call.value.compensate as Compensation
    const alone =
      compensated.filter(({ value }) => (value.compensate as Compensation).activity === activity).length === 1
    const useful = new Set<string>()
    const faults = roadsToFaults<Owed>(explored, 'nothing', (before, edge, to) => {
      let memory = before
      let twice = false
      const byHand = () => {
        if (memory === 'owed') memory = 'released'
        else if (memory === 'undone' && alone) twice = true
      }
      const done = edge.kind === 'call' && edge.stimulus.startsWith('done ') ? edge.stimulus.slice(5) : undefined
      if (done === id) memory = 'owed'
      else if (done !== undefined && byId.get(done)?.activity === activity) byHand()
      for (const one of along.happenings(edge)) {
        if (one.type !== 'action') continue
        if (one.action.type === 'run' && one.action.activity === activity) byHand()
        if (one.action.type !== 'compensate' || (one.action.of !== 'all' && !one.action.of.includes(id))) continue
        if (memory !== 'nothing') useful.add(one.path)
        if (memory === 'released' && alone) twice = true
        if (memory !== 'nothing') memory = 'undone'
      }
      const kind = to.outcome === null ? undefined : definition.outcomes[to.outcome]?.kind
      const leak = memory === 'owed' && kind !== undefined && kind !== 'success'
      return { memory, faults: [...(leak ? ['leak'] : []), ...(twice ? ['twice'] : [])] }
    })
    return {
      call,
      leak: faults.get('leak'),
      twice: faults.get('twice'),
      useless: places.flatMap(({ path, value }) =>
        value.type === 'compensate' && value.of !== 'all' && value.of.includes(id) && !useful.has(path) ? [path] : [],
      ),
    }
  })
}
