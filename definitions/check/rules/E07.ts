import { callCycleFindings } from '../cycles.ts'
import type { Rule } from '../rule.ts'

const call = (onError: object[]) => ({
  id: 'reservePort',
  activity: 'oss.reservePort',
  input: { centreId: { $ctx: '$.centreId' }, phone: { $ctx: '$.phone' }, technology: 'adsl2plus' },
  compensate: { activity: 'oss.releasePort', input: { portId: { $output: '$.portId' } } },
  onDone: [{ target: '#done' }],
  onError: JSON.parse(JSON.stringify(onError)),
})
const bound = { fact: 'visits', path: '$.reserving', operator: 'lessThan', value: 3 }

export const E07: Rule = {
  id: 'E07',
  title: { fa: 'چرخه خودکار', en: 'cycle of automatic steps' },
  about: {
    en: 'Calls answer each other in a circle in which nobody waits: it would run at full speed for ever. Bound it by a condition on `visits`, or wait in a timer.',
    fa: 'فراخوانی‌ها در چرخه‌ای بی‌درنگ به هم پاسخ می‌دهند و تا ابد با شتاب تکرار می‌شوند. با شرطی روی visits یا با زمان‌سنج آن را محدود کنید.',
  },
  fails: { change: { states: { reserving: { invoke: [call([{ target: '#reserving', reenter: true }])] } } } },
  passes: {
    change: {
      states: {
        reserving: { invoke: [call([{ target: '#reserving', reenter: true, guard: bound }, { target: '#held' }])] },
      },
    },
  },
  graph: callCycleFindings,
}
