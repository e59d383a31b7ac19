import { compile } from '../../compile.ts'
import { behaviourOf } from '../../diff/behaviour.ts'
import { smallOrder } from '../examples/small-order.ts'
import { explore } from '../explore.ts'
import { info } from '../finding.ts'
import type { Rule } from '../rule.ts'

const earlier = [{ version: 1, definition: smallOrder(), occupied: {} }]

export const I03: Rule = {
  id: 'I03',
  title: { fa: 'رفتار تازه و از دست رفته', en: 'behaviour gained and lost' },
  about: {
    en: 'Roads that are possible now and were not in the newest version before, and the other way round, each as short as can be. Both graphs are walked together up to 60 steps; at most 20 roads of each kind are told.',
    fa: 'راه‌هایی که اکنون ممکن است و در نسخه پیشین نبود، و برعکس، هرکدام کوتاه‌ترین. دو گراف تا ۶۰ گام با هم پیموده می‌شود؛ از هر نوع حداکثر ۲۰ راه.',
  },
  fails: {
    change: { version: 2, states: { held: { after: [{ id: 'again', delay: 'P1D', then: [{ target: '#noPort' }] }] } } },
    catalogues: { earlier },
  },
  passes: { change: { version: 2 }, catalogues: { earlier } },
  graph: ({ definition, catalogues }, explored) => {
    const newest = (catalogues.earlier ?? [])
      .filter(({ version }) => version !== definition.version)
      .reduce<(typeof earlier)[number] | undefined>(
        (best, one) => (best === undefined || one.version > best.version ? one : best),
        undefined,
      )
    if (newest === undefined) return []
    const { gained, lost } = behaviourOf(explore(compile(newest.definition, catalogues, '')), explored)
    return [
      ...gained.map((road) =>
        info(
          'I03',
          '$.states',
          { en: `new since version ${newest.version}`, fa: `تازه نسبت به نسخه ${newest.version}` },
          { counterExample: road },
        ),
      ),
      ...lost.map((road) =>
        info(
          'I03',
          '$.states',
          {
            en: `possible in version ${newest.version} and not any more`,
            fa: `در نسخه ${newest.version} ممکن بود و دیگر نیست`,
          },
          { counterExample: road },
        ),
      ),
    ]
  },
}
