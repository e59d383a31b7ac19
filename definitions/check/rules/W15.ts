import type { JsonObject } from '../../../domain/json.ts'
import { type Finding, warning } from '../finding.ts'
import type { Rule } from '../rule.ts'
import { statesOf } from '../walk.ts'

const limits = { graphBytes: 64 * 1024, states: 200, levels: 4 }
const label = { fa: 'گروه', en: 'Group' }
const nested = (depth: number): JsonObject =>
  depth === 0 ? { label } : { label, initial: 'in', states: { in: nested(depth - 1) } }
const group = (depth: number) => ({
  states: {
    group: { ...nested(depth), on: { PAY: [{ target: '#noPort' }] } },
    held: { after: [{ id: 'again', delay: 'P1D', then: [{ target: '#group' }] }] },
  },
})

export const W15: Rule = {
  id: 'W15',
  title: { fa: 'بزرگ', en: 'large' },
  about: {
    en: 'More than 64 KB of compiled graph (it travels with every order and again at each continue-as-new), 200 states or 4 levels of states: it works, up to the limits of E33, but people will not read it. Move what has a life of its own into a child process.',
    fa: 'بیش از ۶۴ کیلوبایت گراف، ۲۰۰ وضعیت یا ۴ لایه: تا حدهای E33 کار می‌کند ولی خوانده نمی‌شود. آنچه زندگی خود را دارد فرایند فرزند کنید.',
  },
  fails: { change: group(5) },
  passes: { change: group(1) },
  graph: ({ definition }, _explored, graph): Finding[] => {
    const states = statesOf(definition)
    const bytes = new TextEncoder().encode(JSON.stringify(graph)).length
    const deep = states.find(({ id }) => id.split('.').length > limits.levels)
    const found = [
      ...(bytes > limits.graphBytes
        ? [{ path: '$', en: `the graph has ${bytes} bytes`, fa: `گراف ${bytes} بایت است` }]
        : []),
      ...(states.length > limits.states
        ? [{ path: '$.states', en: `${states.length} states`, fa: `${states.length} وضعیت` }]
        : []),
      ...(deep === undefined
        ? []
        : [{ path: deep.path, en: 'more than 4 levels of states', fa: 'بیش از ۴ لایه وضعیت' }]),
    ]
    return found.map(({ path, en, fa }) => warning('W15', path, { en, fa }))
  },
}
