import { callFindings } from '../calls.ts'
import type { Rule } from '../rule.ts'

const reserve = (input: object) => ({
  states: {
    reserving: {
      invoke: [
        {
          id: 'reservePort',
          activity: 'oss.reservePort',
          input: JSON.parse(JSON.stringify(input)),
          compensate: 'none',
          onDone: [{ target: '#done' }],
          onError: [{ target: '#held' }],
        },
      ],
    },
  },
})
const right = { centreId: { $ctx: '$.centreId' }, phone: { $ctx: '$.phone' }, technology: null }

export const E18: Rule = {
  id: 'E18',
  title: { fa: 'ناسازگار با فعالیت', en: 'does not fit the activity' },
  about: {
    en: 'The input lacks what the activity asks for, has what it does not take, or is of another type; an output or an error is named that it does not have. Each value is typed from the schema it comes from.',
    fa: 'ورودی چیزی کم دارد، چیزی زیادی دارد یا از نوع دیگری است؛ خروجی یا خطایی نام برده شده که فعالیت ندارد. نوع هر مقدار از طرح‌واره سرچشمه آن خوانده می‌شود.',
  },
  fails: { change: reserve({ ...right, phone: 2188000000 }) },
  passes: { change: reserve(right) },
  document: callFindings,
}
