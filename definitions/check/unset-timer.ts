import type { Exploration } from './explore.ts'
import { error, type Finding, type Subject } from './finding.ts'
import { unsetUses } from './unset.ts'
import { timersOf } from './walk.ts'

/** E17: a timer whose instant is a variable that may still be unset when it is armed. */
export function unsetTimerFindings(subject: Subject, explored: Exploration): Finding[] {
  if (timersOf(subject.definition).every(({ value }) => value.at === undefined)) return []
  return unsetUses(subject, explored)
    .filter(({ timer }) => timer)
    .map(({ variable, path, road }) =>
      error(
        'E17',
        path,
        {
          en: `${variable} may be unset when this timer is armed`,
          fa: `${variable} هنگام روشن شدن این زمان‌سنج شاید مقدار نداشته باشد`,
        },
        { counterExample: road },
      ),
    )
}
