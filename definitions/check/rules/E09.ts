import { reserveThenGiveUp } from '../examples/reserve-port.ts'
import { error } from '../finding.ts'
import type { Rule } from '../rule.ts'
import { undoBooks } from '../undo-ledger.ts'

export const E09: Rule = {
  id: 'E09',
  title: { fa: 'رها ماندن منبع', en: 'resource leak' },
  about: {
    en: 'On the road that is shown a call with `compensate` has succeeded and the process ends without success, and what was done outside was neither compensated nor taken back by a call of the same activity. A port stays reserved, an invoice open. One bit for each such call is carried over all roads: no finding is a proof.',
    fa: 'در راهی که نشان داده می‌شود فراخوانی جبران‌پذیری موفق شده و فرایند بی‌موفقیت پایان می‌یابد، ولی کار بیرون نه جبران و نه با همان فعالیت پس گرفته شده است. پورت رزرو و فاکتور باز می‌ماند. نبود یافته، اثبات است.',
  },
  fails: { change: reserveThenGiveUp([]) },
  passes: { change: reserveThenGiveUp([{ type: 'compensate', of: ['reservePort'] }]) },
  graph: (subject, explored) =>
    undoBooks(subject, explored).flatMap(({ call, leak }) =>
      leak === undefined
        ? []
        : [
            error(
              'E09',
              call.path,
              {
                en: `${call.value.id} may have succeeded and is not undone at this end`,
                fa: `${call.value.id} شاید موفق شده باشد و در این پایان برگردانده نمی‌شود`,
              },
              { counterExample: leak },
            ),
          ],
    ),
}
