import type { Text } from '../../domain/errors.ts'
import type { Definition } from '../format.ts'
import { type Chart, nodeAt } from '../interpreter/chart.ts'
import type { Instance, Timer } from '../interpreter/instance.ts'
import { listed, namesOf } from './names.ts'

/** Something that will happen by itself, unless the state is left before. */
export interface Coming {
  /** ISO instant. */
  at: string
  kind: 'timer' | 'sla'
  state: string
  id: string
  /** States that it may lead to; empty = it stays. */
  targets: string[]
  message: Text
}

/** The timers and clocks that run, the earliest first. */
export function comingOf(
  { chart, definition }: { chart: Chart; definition: Definition },
  instance: Instance,
): Coming[] {
  const names = namesOf(definition)
  const told = (timer: Timer): { targets: string[]; message: Text } => {
    const index = chart.byId.get(timer.state)
    const node = index === undefined ? undefined : nodeAt(chart, index)
    const state = names.state(timer.state)
    if (timer.at !== undefined) {
      const step = node?.sla?.find(({ id }) => id === timer.id)?.steps.find(({ at }) => at === timer.at)
      const doings: Text[] = [
        ...(step?.notify ?? []).map(({ to }) => ({ fa: `به ${to} خبر داده می‌شود`, en: `${to} is told` })),
        ...(step?.assignTo === undefined
          ? []
          : [
              {
                fa: `به ${names.role(step.assignTo).fa} سپرده می‌شود`,
                en: `it is handed to ${names.role(step.assignTo).en}`,
              },
            ]),
        ...(step?.raise === undefined
          ? []
          : [{ fa: `رویداد ${names.event(step.raise).fa}`, en: `the event ${names.event(step.raise).en}` }]),
      ]
      const what = listed(doings)
      return {
        targets: [],
        message: {
          fa: `${timer.at}٪ مهلت «${state.fa}»: ${what.fa}`,
          en: `${timer.at}% of the time for "${state.en}": ${what.en}`,
        },
      }
    }
    const candidates = node?.after?.find(({ id }) => id === timer.id)?.then ?? []
    const targets = candidates.flatMap(({ target }) => (target === undefined ? [] : [nodeAt(chart, target).id]))
    const to = listed(targets.map(names.state))
    return {
      targets,
      message:
        targets.length === 0
          ? { fa: `زمان‌سنج ${timer.id} در «${state.fa}»`, en: `timer ${timer.id} in "${state.en}"` }
          : { fa: `از «${state.fa}» به ${to.fa}`, en: `from "${state.en}" to ${to.en}` },
    }
  }
  return [...instance.timers]
    .sort((a, b) => a.dueMs - b.dueMs)
    .map((timer) => ({
      at: new Date(timer.dueMs).toISOString(),
      kind: timer.kind === 'sla' ? 'sla' : 'timer',
      state: timer.state,
      id: timer.id,
      ...told(timer),
    }))
}
