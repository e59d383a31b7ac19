import type { OutcomeKind } from '../../domain/transition.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { at } from './place.ts'
import { idOf, type PlacedState, statesOf, transitionsOf } from './walk.ts'

/** E25: no transition leads out of its region but out of the whole parallel. E26: a target equal to the source says `reenter`. */
export function crossingFindings({ definition }: Subject): Finding[] {
  const states = statesOf(definition)
  const byId = new Map(states.map((placed) => [placed.id, placed]))
  return transitionsOf(definition).flatMap(({ path, source, transition: { target, reenter } }) => {
    if (target === undefined) return []
    const [from, to] = [byId.get(source), byId.get(idOf(target))]
    if (source === '' && reenter === true)
      return [crossing(path, 'the root cannot be entered again', 'ریشه دوباره وارد نمی‌شود')]
    if (to === undefined || from === undefined) return []
    if (from === to) {
      if (from.parent?.state.type === 'parallel')
        return [crossing(path, 'a region cannot enter itself again', 'ناحیه نمی‌تواند دوباره به خود وارد شود')]
      if (reenter !== true)
        return [
          error('E26', at(path, 'target'), {
            en: 'target is the source: leave it out, or say reenter',
            fa: 'مقصد همان مبدا است: آن را بردارید یا reenter بنویسید',
          }),
        ]
      return []
    }
    if (from.state.type === 'parallel' && to.id.startsWith(`${from.id}.`))
      return [
        crossing(
          path,
          'a parallel state cannot lead into its own regions',
          'وضعیت موازی نمی‌تواند به ناحیه‌های خود برود',
        ),
      ]
    const [a, b] = [regionsOf(from), regionsOf(to)]
    const crosses = [...a].some(([parallel, region]) => b.has(parallel) && b.get(parallel) !== region)
    return crosses
      ? [
          crossing(
            path,
            'the target is in another region of the same parallel',
            'مقصد در ناحیه‌ای دیگر از همان وضعیت موازی است',
          ),
        ]
      : []
  })
}

/** E27: every end of the process has its outcome, and only such an end. */
export function endFindings({ definition }: Subject): Finding[] {
  return statesOf(definition).flatMap(({ path, state, parent }) => {
    if (state.type !== 'final') return []
    if (parent === undefined && state.outcome === undefined)
      return [
        error('E27', path, { en: 'an end of the process names its outcome', fa: 'پایان فرایند باید نتیجه داشته باشد' }),
      ]
    if (parent !== undefined && state.outcome !== undefined)
      return [
        error('E27', at(path, 'outcome'), {
          en: 'only an end of the whole process has an outcome',
          fa: 'تنها پایان کل فرایند نتیجه دارد',
        }),
      ]
    const kind = state.outcome === undefined ? undefined : definition.outcomes[state.outcome]?.kind
    const shown = state.tmfState === undefined ? undefined : kindShown[state.tmfState]
    if (kind !== undefined && shown !== undefined && kind !== shown)
      return [
        error('E27', at(path, 'outcome'), {
          en: `the outcome is ${kind}, but tmfState ${state.tmfState} says ${shown}`,
          fa: `نوع نتیجه ${kind} است ولی tmfState برابر ${state.tmfState} یعنی ${shown}`,
        }),
      ]
    return []
  })
}

/** What the end of a TM Forum order or ticket says about its outcome. */
const kindShown: Record<string, OutcomeKind> = {
  completed: 'success',
  closed: 'success',
  failed: 'failure',
  rejected: 'failure',
  cancelled: 'cancelled',
}

/** For each parallel above a state (or itself): the region it is in. */
function regionsOf(placed: PlacedState): Map<string, string> {
  const regions = new Map<string, string>()
  for (let inner = placed; inner.parent !== undefined; inner = inner.parent)
    if (inner.parent.state.type === 'parallel') regions.set(inner.parent.id, inner.id)
  return regions
}

const crossing = (path: string, en: string, fa: string) => error('E25', at(path, 'target'), { en, fa })
