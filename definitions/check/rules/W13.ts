import type { Condition, Definition, Leaf } from '../../format.ts'
import { leavesIn } from '../cells.ts'
import { explore } from '../explore.ts'
import { type Finding, warning } from '../finding.ts'
import { at } from '../place.ts'
import { brokenRoad, selectorFindings } from '../properties.ts'
import type { Rule } from '../rule.ts'
import { transitionsOf } from '../walk.ts'

const maxLeaves = 24

const cancelIf = (guard: Condition | undefined) => ({
  context: { schema: { properties: { paid: { type: 'boolean' } } }, initial: { paid: false } },
  states: {
    held: {
      on: {
        CANCEL: [
          {
            target: '#cancelled',
            allow: [{ role: 'sales' }],
            ...(guard === undefined ? {} : { guard: { ...guard } as never }),
          },
        ],
      },
    },
  },
})

export const W13: Rule = {
  id: 'W13',
  title: { fa: 'شرط داده به جای ساختار', en: 'a condition on data where structure would prove it' },
  about: {
    en: 'A property of `requires` fails (E08), and would hold if one condition on the order’s own data always came out one way: the promise hangs on data, and the check cannot prove it. Split the state instead (a group before the payment with a CANCEL of its own, one behind it): then the graph itself keeps the promise. Heuristic: each condition is fixed both ways and the search is made again.',
    fa: 'الزامی نقض می‌شود (E08) و اگر یک شرط روی داده سفارش همیشه یک پاسخ داشت درست می‌بود: قول به داده آویخته است و اثبات‌پذیر نیست. وضعیت را دو پاره کنید تا خود گراف قول را نگه دارد.',
  },
  fails: { change: cancelIf({ fact: 'ctx', path: '$.paid', operator: 'equal', value: false }) },
  passes: { change: cancelIf(undefined) },
  graph: ({ definition }, explored, graph) => {
    const broken = (definition.requires ?? []).filter(
      (property) =>
        selectorFindings(definition, property, '').length === 0 && brokenRoad(property, explored) !== undefined,
    )
    if (broken.length === 0) return []
    return dataLeaves(definition).flatMap(({ leaf, path }) => {
      const key = JSON.stringify(leaf)
      return (['true', 'false'] as const).flatMap((truth): Finding[] => {
        const fixed = explore(graph, { fixed: (one) => (JSON.stringify(one) === key ? truth : undefined) })
        return broken
          .filter((property) => brokenRoad(property, fixed) === undefined)
          .map((property) =>
            warning('W13', path, {
              en: `${property.id} hangs on this condition being always ${truth}: let the structure say it`,
              fa: `الزام ${property.id} به این آویخته است که این شرط همیشه ${truth === 'true' ? 'درست' : 'نادرست'} باشد: بگذارید ساختار آن را بگوید`,
            }),
          )
      })
    })
  },
}

function dataLeaves(definition: Definition): { leaf: Leaf; path: string }[] {
  const found = new Map<string, { leaf: Leaf; path: string }>()
  for (const { path, transition } of transitionsOf(definition))
    for (const leaf of transition.guard === undefined ? [] : leavesIn(transition.guard, definition.guards ?? {}))
      if (leaf.fact === 'ctx' && !found.has(JSON.stringify(leaf)))
        found.set(JSON.stringify(leaf), { leaf, path: at(path, 'guard') })
  return [...found.values()].slice(0, maxLeaves)
}
