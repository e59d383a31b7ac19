import { error } from '../finding.ts'
import type { Rule } from '../rule.ts'
import { unsetUses } from '../unset.ts'

const refund = (from: string) => ({
  context: { schema: { properties: { paidRial: { type: ['integer', 'null'] } } }, initial: { paidRial: 0 } },
  states: {
    held: {
      entry: [{ type: 'run', activity: 'aaa.disable', input: { username: { $ctx: from }, reason: 'no port' } }],
    },
  },
})

export const E19: Rule = {
  id: 'E19',
  title: { fa: 'خواندن پیش از مقداردهی', en: 'used before it is surely assigned' },
  about: {
    en: 'On the road that is shown nothing has set the variable yet, and null would spoil what reads it: an input whose type does not know null, a key, the data of a message, a comparison that would be an incident. Set at the start are the required ones and those with an initial value; then what `assign` sets; and what a guard on the road asks to be there.',
    fa: 'در راهی که نشان داده می‌شود هنوز چیزی به متغیر مقدار نداده و تهی بودنش خواننده را خراب می‌کند: ورودی‌ای که تهی نمی‌پذیرد، کلید، داده پیام، یا مقایسه‌ای که رخداد می‌شود.',
  },
  fails: { change: refund('$.portId') },
  passes: { change: refund('$.phone') },
  graph: (subject, explored) =>
    unsetUses(subject, explored)
      .filter(({ timer }) => !timer)
      .map(({ variable, path, road }) =>
        error(
          'E19',
          path,
          {
            en: `${variable} may still be unset here`,
            fa: `${variable} شاید اینجا هنوز مقدار نداشته باشد`,
          },
          { counterExample: road },
        ),
      ),
}
