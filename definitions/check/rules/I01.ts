import { durationMs } from '../../compile.ts'
import { durationWords } from '../../words/duration.ts'
import type { Exploration } from '../explore.ts'
import { type Finding, info } from '../finding.ts'
import { at } from '../place.ts'
import { roundsOf } from '../rounds.ts'
import type { Rule } from '../rule.ts'
import { timersOf } from '../walk.ts'

export const I01: Rule = {
  id: 'I01',
  title: { fa: 'بیشترین زمان تا هر نتیجه', en: 'longest possible time to an outcome' },
  about: {
    en: 'For each outcome the longest time until it, when every wait lasts until its earliest timer, the longest waits on that road, and the places without a timer, in which nothing bounds it. Calendars are left out, and what goes round is counted once.',
    fa: 'برای هر نتیجه بیشترین زمان تا رسیدن به آن، اگر هر انتظار تا نخستین زمان‌سنج طول بکشد، بلندترین انتظارها و جاهای بی زمان‌سنج. تقویم نادیده و هر چرخه یک بار شمرده می‌شود.',
  },
  fails: { change: {} },
  passes: { change: { states: { held: { after: null } } } },
  graph: ({ definition }, explored) => {
    const waits = waitsOf(
      explored,
      new Map(timersOf(definition).map(({ state, value }) => [`${state}/${value.id}`, value.delay])),
    )
    const longest = longestRoads(explored, waits)
    return Object.entries(definition.outcomes).flatMap(([name, { label }]): Finding[] => {
      const ends = explored.configurations.flatMap(({ outcome }, place) => (outcome === name ? [place] : []))
      const road = ends
        .map((place) => longest(place))
        .reduce<Road | undefined>((best, one) => (best === undefined || one.ms > best.ms ? one : best), undefined)
      if (road === undefined) return []
      const dominating = [...road.places]
        .filter(({ ms }) => ms > 0)
        .sort((a, b) => b.ms - a.ms)
        .slice(0, 3)
      const open = [...new Set(road.places.flatMap(({ open, name }) => (open ? [name] : [])))]
      const total = words(road.ms)
      const list = (locale: 'fa' | 'en') =>
        dominating.map(({ name, ms }) => `${name} ${words(ms)[locale]}`).join(locale === 'fa' ? '، ' : ', ')
      return [
        info('I01', at('$.outcomes', name), {
          en: `"${label.en}": at most ${total.en}${open.length > 0 ? ` beside what nothing bounds in ${open.slice(0, 5).join(' ')}` : ''}${dominating.length > 0 ? `; longest waits: ${list('en')}` : ''}`,
          fa: `«${label.fa}»: حداکثر ${total.fa}${open.length > 0 ? ` جز آنچه در ${open.slice(0, 5).join(' ')} حدی ندارد` : ''}${dominating.length > 0 ? `؛ بلندترین انتظارها: ${list('fa')}` : ''}`,
        }),
      ]
    })
  },
}

interface Wait {
  name: string
  ms: number
  open: boolean
}

interface Road {
  ms: number
  places: Wait[]
}

/** How long each place may last: its earliest timer; `open` where it has none and waits for somebody. */
function waitsOf({ configurations }: Exploration, delays: Map<string, string | undefined>): Wait[] {
  return configurations.map(({ edges, leaves, outcome }): Wait => {
    const timers = edges.flatMap(({ kind, stimulus }) => {
      const delay = kind === 'timer' ? delays.get(stimulus.slice('timer '.length)) : undefined
      return delay === undefined ? [] : [durationMs(delay)]
    })
    const name = leaves.map((leaf) => `#${leaf}`).join(' ')
    if (timers.length > 0) return { name, ms: Math.min(...timers), open: false }
    return { name, ms: 0, open: outcome === null && edges.some(({ kind }) => kind === 'event') }
  })
}

/** The longest road from the start to each place, over the graph in which every circle is one place. */
function longestRoads(explored: Exploration, waits: Wait[]): (place: number) => Road {
  const part = new Map<number, number>()
  for (const [i, round] of roundsOf(explored, () => true).entries()) for (const place of round) part.set(place, i)
  const idOf = (place: number) => (part.has(place) ? `round ${part.get(place)}` : `place ${place}`)
  const members = new Map<string, number[]>()
  const into = new Map<string, Set<string>>()
  for (const [place, { edges }] of explored.configurations.entries()) {
    members.set(idOf(place), [...(members.get(idOf(place)) ?? []), place])
    for (const { to } of edges) {
      if (idOf(to) === idOf(place)) continue
      into.set(idOf(to), (into.get(idOf(to)) ?? new Set()).add(idOf(place)))
    }
  }
  const known = new Map<string, Road>()
  const roadTo = (id: string): Road => {
    const before = known.get(id)
    if (before !== undefined) return before
    known.set(id, { ms: 0, places: [] })
    const best = [...(into.get(id) ?? [])]
      .map(roadTo)
      .reduce<Road>((a, b) => (b.ms > a.ms || a.places.length === 0 ? b : a), { ms: 0, places: [] })
    const own = (members.get(id) ?? []).map((place) => waits[place] as Wait)
    const road = { ms: best.ms + own.reduce((sum, { ms }) => sum + ms, 0), places: [...best.places, ...own] }
    known.set(id, road)
    return road
  }
  return (place) => roadTo(idOf(place))
}

const words = (ms: number) => {
  const minutes = Math.round(ms / 60_000)
  return durationWords(`P${Math.floor(minutes / 1440)}DT${Math.floor((minutes % 1440) / 60)}H${minutes % 60}M`)
}
