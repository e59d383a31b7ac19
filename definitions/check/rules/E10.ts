import { reserveThenGiveUp } from '../examples/reserve-port.ts'
import { error } from '../finding.ts'
import type { Rule } from '../rule.ts'
import { undoBooks } from '../undo-ledger.ts'

const compensate = { type: 'compensate', of: ['reservePort'] }

export const E10: Rule = {
  id: 'E10',
  title: { fa: 'جبران بی‌مورد یا دوباره', en: 'compensated for nothing, or twice' },
  about: {
    en: 'A `compensate` names a call that on no road can have succeeded before it; or a road undoes the same call twice, once by hand (`run` or `invoke` of the compensating activity) and once from the undo list. The second is only told where no other call is undone by the same activity.',
    fa: 'compensate فراخوانی‌ای را نام می‌برد که در هیچ راهی پیش از آن موفق نشده، یا راهی یک کار را دو بار برمی‌گرداند: یک بار دستی و یک بار از فهرست جبران.',
  },
  fails: {
    change: reserveThenGiveUp([
      { type: 'run', activity: 'oss.releasePort', input: { portId: { $ctx: '$.portId' } } },
      compensate,
    ]),
  },
  passes: { change: reserveThenGiveUp([compensate]) },
  graph: (subject, explored) =>
    undoBooks(subject, explored).flatMap(({ call, twice, useless }) => [
      ...(twice === undefined
        ? []
        : [
            error(
              'E10',
              call.path,
              {
                en: `${call.value.id} is undone twice on this road`,
                fa: `${call.value.id} در این راه دو بار برگردانده می‌شود`,
              },
              { counterExample: twice },
            ),
          ]),
      ...useless.map((path) =>
        error('E10', path, {
          en: `${call.value.id} has never succeeded when this is done`,
          fa: `${call.value.id} هنگام این کار هرگز موفق نشده است`,
        }),
      ),
    ]),
}
