import { type Finding, warning } from '../finding.ts'
import { leavesOf, roadTo } from '../road.ts'
import { roundsOf } from '../rounds.ts'
import type { Rule } from '../rule.ts'

const again = (then: object[]) => ({
  states: { held: { after: [{ id: 'again', delay: 'P1D', then: JSON.parse(JSON.stringify(then)) }] } },
})
const bound = { fact: 'visits', path: '$.held', operator: 'lessThan', value: 3 }

export const W10: Rule = {
  id: 'W10',
  title: { fa: 'رفت و برگشت بی‌حد', en: 'to and fro without a bound' },
  about: {
    en: 'A circle through waits that no condition on `visits` (or on the data) ends: a case, and its customer, may be sent round for ever. Bound it, or acknowledge that people decide when it is enough.',
    fa: 'چرخه‌ای از انتظارها که هیچ شرطی روی visits یا داده پایانش نمی‌دهد: پرونده و مشترک شاید تا ابد بچرخند. آن را محدود کنید یا تایید کنید که مردم پایانش را تعیین می‌کنند.',
  },
  fails: { change: again([{ target: '#reserving' }]) },
  passes: {
    change: again([
      { target: '#reserving', guard: bound },
      { target: '#noPort', otherwise: true },
    ]),
  },
  graph: (_subject, explored) => {
    const rounds = roundsOf(
      explored,
      ({ counted, marks, to }, from) => !counted && (to !== from || marks.some((mark) => mark.startsWith('+'))),
    )
    const told = new Set<string>()
    return rounds.flatMap((round): Finding[] => {
      const places = [...new Set(round.flatMap((place) => leavesOf(explored.configurations[place]?.leaves)))].sort()
      if (told.has(places.join())) return []
      told.add(places.join())
      const path = `$.states.${(places[0] ?? '#').slice(1).split('.').join('.states.')}`
      const shown = `${places.slice(0, 6).join(' ')}${places.length > 6 ? ' …' : ''}`
      return [
        warning(
          'W10',
          path,
          { en: `nothing bounds going round through ${shown}`, fa: `چیزی چرخیدن در ${shown} را محدود نمی‌کند` },
          { counterExample: roadTo(explored, Math.min(...round)), witness: places.join(' ') },
        ),
      ]
    })
  },
}
