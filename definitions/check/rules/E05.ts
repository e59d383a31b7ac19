import { noWayOutFindings } from '../reach.ts'
import type { Rule } from '../rule.ts'

const other = (target: string) => ({
  label: { fa: 'دیگر', en: 'Other' },
  after: [{ id: 'b', delay: 'P1D', then: [{ target }] }],
})

export const E05: Rule = {
  id: 'E05',
  title: { fa: 'بی راه پایان', en: 'no way to an end' },
  about: {
    en: 'From this place no end can be reached, whatever people and systems do. Found backwards from all ends.',
    fa: 'از این جا هرچه مردم و سامانه‌ها بکنند به هیچ پایانی نمی‌رسد. از همه پایان‌ها به عقب جست‌وجو می‌شود.',
  },
  fails: {
    change: {
      states: { held: { after: [{ id: 'a', delay: 'P1D', then: [{ target: '#other' }] }] }, other: other('#held') },
    },
  },
  passes: {
    change: {
      states: { held: { after: [{ id: 'a', delay: 'P1D', then: [{ target: '#other' }] }] }, other: other('#noPort') },
    },
  },
  graph: noWayOutFindings,
}
