import { factsOf } from '../../condition.ts'
import { error, type Finding } from '../finding.ts'
import { at } from '../place.ts'
import type { Rule } from '../rule.ts'
import { transitionsOf } from '../walk.ts'

const held = (fact: string) => ({
  states: {
    held: { always: [{ target: '#noPort', guard: { fact, path: '$.portId', operator: 'equal', value: 'none' } }] },
  },
})

export const E34: Rule = {
  id: 'E34',
  title: { fa: 'شرط خودکار وابسته به رویداد', en: 'an automatic guard that depends on an event' },
  about: {
    en: 'An `always` is asked after every step, whatever caused it: a guard that reads `event`, `output` or `actor` would depend on an unrelated one. Keep the value with `assign` and ask for that.',
    fa: 'always پس از هر گامی پرسیده می‌شود؛ شرطی که event، output یا actor را می‌خواند به رویدادی بی‌ربط وابسته می‌شود. مقدار را با assign نگه دارید و همان را بپرسید.',
  },
  fails: { change: held('event') },
  passes: { change: held('ctx') },
  document: ({ definition }) =>
    transitionsOf(definition).flatMap(({ path, trigger, transition: { guard } }): Finding[] => {
      if (trigger !== 'always' || guard === undefined) return []
      const fact = factsOf(guard, definition.guards ?? {}).find((name) => ['event', 'output', 'actor'].includes(name))
      return fact === undefined
        ? []
        : [
            error('E34', at(path, 'guard'), {
              en: `an always reads ${fact}, which belongs to whatever happened last`,
              fa: `always مقدار ${fact} را می‌خواند که از آن آخرین رخداد است`,
            }),
          ]
    }),
}
