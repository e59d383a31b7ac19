import { propertyFindings } from '../properties.ts'
import type { Rule } from '../rule.ts'

const cancel = (target: string) => ({ CANCEL: [{ target, allow: [{ role: 'sales' }] }] })

export const E08: Rule = {
  id: 'E08',
  title: { fa: 'نقض الزام مسیر', en: 'a required property does not hold' },
  about: {
    en: 'A property of `requires` is broken on some road; the shortest one is shown. `passesThrough`: nobody gets to `to` without `via`. `never`: after `via` no `to`. `followedBy`: after `to` no end without `via`, unless `unless`. `finallyReaches`: from everywhere `to` can still be reached. What holds here holds on every road; a road that is shown exists in the graph, though data may close it (then W13 says which).',
    fa: 'یکی از الزام‌های requires در راهی نقض می‌شود و کوتاه‌ترین راه نشان داده می‌شود. آنچه اینجا درست است در همه راه‌ها درست است؛ راهی که نشان داده می‌شود در گراف هست، هرچند داده شاید آن را ببندد (W13 می‌گوید کدام).',
  },
  fails: { change: { states: { waiting: { on: cancel('#done') } } } },
  passes: { change: { states: { waiting: { on: cancel('#cancelled') } } } },
  graph: propertyFindings,
}
