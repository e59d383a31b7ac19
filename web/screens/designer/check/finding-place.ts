import type { Finding, RoadStep } from '../../../../definitions/check/finding.ts'
import type { Definition } from '../../../../definitions/format.ts'
import { roadsOf, transitionsOf } from '../model/roads.ts'
import { isInside, stateOf } from '../model/states.ts'
import { valueAt } from '../model/tree.ts'

/** Worst findings per state and per arrow, for their marks on the canvas. */
export interface Marks {
  states: Map<string, Mark>
  roads: Map<string, Mark>
}
export interface Mark {
  severity: Finding['severity']
  count: number
}

export function marksOf(definition: Definition, findings: readonly Finding[]): Marks {
  const marks: Marks = { states: new Map(), roads: new Map() }
  const transitions = transitionsOf(definition)
  for (const { path, severity } of findings) {
    if (severity !== 'error' && severity !== 'warning') continue
    const state = stateOf(path)
    if (state !== '') put(marks.states, state, severity)
    const on = transitions.find((each) => path === each.path || path.startsWith(`${each.path}.`))
    if (on?.transition.target !== undefined) put(marks.roads, `${on.from}>${on.transition.target.slice(1)}`, severity)
  }
  return marks
}

function put(marks: Map<string, Mark>, key: string, severity: Finding['severity']): void {
  const before = marks.get(key)
  marks.set(key, {
    severity: before?.severity === 'error' ? 'error' : severity,
    count: (before?.count ?? 0) + 1,
  })
}

/** The nearest place around a finding that has a panel of its own. */
export function panelPlace(definition: Definition, path: string): string {
  let at = path
  while (at !== '$' && (!isPanel(at) || valueAt(definition, at) === undefined))
    at = at.replace(/(\.[\w-]+|\[[^\]]*\])$/, '')
  return at
}

const panels = [
  /\.states\.[\w-]+$/,
  /\.on\.[\w-]+\[\d+\]$/,
  /\.(always|onDone|onError|then)\[\d+\]$/,
  /\.(after|sla|notify|invoke)\[\d+\]$/,
  /^\$\.(events|forms|guards|facts|outcomes)\.[\w-]+$/,
  /^\$\.tests\[\d+\]$/,
]
/** Whether a place has a panel of its own. The word `on` alone may be a name, but never so deep. */
export const isPanel = (path: string) => path === '$' || panels.some((pattern) => pattern.test(path))

/** A counter-example as what the canvas draws: states in the order in which they are reached, and the arrows between. */
export interface Walk {
  states: Map<string, number>
  roads: Set<string>
}

export function walkOf(definition: Definition, steps: readonly RoadStep[]): Walk {
  const roads = roadsOf(definition)
  const walk: Walk = { states: new Map(), roads: new Set() }
  let before: readonly string[] = []
  steps.forEach(({ to: reached }, i) => {
    const to = reached.map((id) => id.replace(/^#/, ''))
    for (const id of to) if (!before.includes(id)) walk.states.set(id, i + 1)
    for (const from of before)
      for (const id of to.filter((one) => !before.includes(one)))
        for (const road of roads) if (isInside(from, road.from) && isInside(id, road.to)) walk.roads.add(road.id)
    before = to
  })
  return walk
}
