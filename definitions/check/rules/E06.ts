import { loopFindings } from '../reach.ts'
import type { Rule } from '../rule.ts'

const other = (more: object) => ({ label: { fa: 'دیگر', en: 'Other' }, ...more })

export const E06: Rule = {
  id: 'E06',
  title: { fa: 'چرخه بی‌درنگ', en: 'cycle without a wait' },
  about: {
    en: '`always` or `raise` can lead back to where they began within one step. The step would never end; at run time it is stopped after `limits.maxMicrosteps` and becomes an incident.',
    fa: 'always یا raise در همان گام به جای نخست بازمی‌گردد. چنین گامی پایان ندارد و در اجرا پس از limits.maxMicrosteps متوقف و رخداد می‌شود.',
  },
  fails: {
    change: {
      states: { held: { always: [{ target: '#other' }] }, other: other({ always: [{ target: '#held' }] }) },
    },
  },
  passes: {
    change: {
      states: {
        held: { always: [{ target: '#other' }] },
        other: other({ after: [{ id: 'b', delay: 'P1D', then: [{ target: '#noPort' }] }] }),
      },
    },
  },
  graph: loopFindings,
}
