import { durationMs } from '../../compile.ts'
import { factsOf } from '../../condition.ts'
import { type Finding, warning } from '../finding.ts'
import { at } from '../place.ts'
import type { Rule } from '../rule.ts'
import { transitionsOf } from '../walk.ts'

const capacity = (more: object) => ({
  facts: {
    centre: {
      source: 'oss',
      query: 'centreCapacity',
      params: { id: { $ctx: '$.centreId' } },
      type: { type: 'object', required: ['freePorts'], properties: { freePorts: { type: 'integer' } } },
      ...more,
    },
  },
  states: {
    held: {
      after: [
        {
          id: 'again',
          delay: 'P1D',
          then: [
            {
              target: '#reserving',
              guard: {
                all: [
                  { fact: 'visits', path: '$.held', operator: 'lessThan', value: 3 },
                  { fact: 'centre', path: '$.freePorts', operator: 'greaterThan', value: 0 },
                ],
              },
            },
            { target: '#noPort', otherwise: true },
          ],
        },
      ],
    },
  },
})

export const W08: Rule = {
  id: 'W08',
  title: { fa: 'تصمیم با داده کهنه', en: 'a decision on an old answer' },
  about: {
    en: 'A fact with `maxAge` decides about money or capacity: it comes from the books (`billing`) or is the capacity of an exchange, or its guard stands at a transition tagged `money-…`. What was true five minutes ago may have been sold since. Leave `maxAge` out: it is asked anew.',
    fa: 'داده‌ای با maxAge درباره پول یا ظرفیت تصمیم می‌گیرد. آنچه پنج دقیقه پیش درست بود شاید فروخته شده باشد. maxAge را بردارید تا دوباره پرسیده شود.',
  },
  fails: { change: capacity({ maxAge: 'PT5M' }) },
  passes: { change: capacity({}) },
  document: ({ definition }) => {
    const { facts = {}, guards = {} } = definition
    const old = Object.entries(facts).filter(([, { maxAge }]) => maxAge !== undefined && durationMs(maxAge) > 0)
    const uses = transitionsOf(definition).flatMap(({ transition: { guard, tags = [] } }) =>
      guard === undefined
        ? []
        : factsOf(guard, guards).map((fact) => ({ fact, money: tags.some((tag) => tag.startsWith('money-')) })),
    )
    return old.flatMap(([name, { source, query }]): Finding[] => {
      const used = uses.filter(({ fact }) => fact === name)
      const delicate = source === 'billing' || query === 'centreCapacity'
      return used.length > 0 && (delicate || used.some(({ money }) => money))
        ? [
            warning('W08', at('$.facts', name, 'maxAge'), {
              en: `${name} decides about money or capacity, and may be old`,
              fa: `${name} درباره پول یا ظرفیت تصمیم می‌گیرد و شاید کهنه باشد`,
            }),
          ]
        : []
    })
  },
}
