import type { Definition } from '../../format.ts'
import { around, type CandidateList, candidateListsOf } from '../candidates.ts'
import { satisfy } from '../cells.ts'
import { reservePort } from '../examples/reserve-port.ts'
import { error, type Finding } from '../finding.ts'
import type { Rule } from '../rule.ts'
import { typeOfFacts } from '../types.ts'

const done = (list: object[]) => ({
  states: {
    reserving: {
      invoke: [
        {
          ...reservePort,
          compensate: 'none',
          onDone: JSON.parse(JSON.stringify(list)),
          onError: [{ target: '#held' }],
        },
      ],
    },
  },
})
const first = { target: '#done', guard: { fact: 'output', path: '$.bukht', operator: 'equal', value: 'A' } }

export const E13: Rule = {
  id: 'E13',
  title: { fa: 'شرط‌هایی که شاید همه نادرست باشند', en: 'no candidate may hold' },
  about: {
    en: 'The answer of a call, a named error, the end of a group or an external event has candidates, and for some data (told) none of them is true: what happened would be lost, or become an incident. For an external event those of the states around it and of the root count, too; an `always` is only at fault where nothing else leads out of its state. End the list with a candidate without a guard; `{"otherwise": true}` stays on purpose.',
    fa: 'پاسخ فراخوانی، خطای نام‌برده، پایان گروه یا رویداد بیرونی نامزد دارد ولی برای داده‌ای (گفته می‌شود) هیچ‌کدام درست نیست و رخداد گم می‌شود. فهرست را با نامزدی بی‌شرط پایان دهید؛ {"otherwise": true} یعنی به‌عمد همان‌جا بمان.',
  },
  fails: { change: done([first]) },
  passes: { change: done([first, { target: '#noPort', otherwise: true }]) },
  document: (subject) => {
    const { definition } = subject
    const lists = candidateListsOf(definition)
    return lists.flatMap((list): Finding[] => {
      if (!mustAnswer(definition, list)) return []
      const all = list.trigger.startsWith('on:') ? withOuter(definition, lists, list) : list.candidates
      const conditions = all.map(({ transition }) => transition.guard)
      if (conditions.includes(undefined)) return []
      const found = satisfy(
        conditions.flatMap((condition) => (condition === undefined ? [] : [{ condition, truth: ['false'] as const }])),
        definition.guards ?? {},
        typeOfFacts(subject, list.trigger),
      )
      if (found.answer !== 'yes') return []
      const path = (list.candidates[0]?.path ?? '$').replace(/\[\d+\]$/, '')
      const what = list.error === undefined ? '' : ` (${list.error})`
      return [
        error(
          'E13',
          path,
          {
            en: `all these conditions may be false${what}: say what happens then`,
            fa: `شاید همه این شرط‌ها نادرست باشند${what}: بگویید آنگاه چه شود`,
          },
          { witness: found.witness },
        ),
      ]
    })
  },
}

function mustAnswer(definition: Definition, { source, trigger }: CandidateList): boolean {
  if (trigger.startsWith('on:')) return definition.events[trigger.slice(3)]?.kind === 'external'
  if (trigger === 'always')
    return around(definition, source).every(
      ({ state }) =>
        state.on === undefined && state.after === undefined && state.invoke === undefined && state.onDone === undefined,
    )
  return trigger === 'onDone' || trigger.startsWith('done:') || trigger.startsWith('error:')
}

/** Candidates of the same event further out, down to the root: they are asked when none inside holds. */
function withOuter(definition: Definition, lists: CandidateList[], { source, trigger, candidates }: CandidateList) {
  const outer = [
    ...around(definition, source)
      .slice(1)
      .map(({ id }) => id),
    '',
  ]
  return [
    ...candidates,
    ...outer.flatMap((id) =>
      source === '' ? [] : (lists.find((list) => list.source === id && list.trigger === trigger)?.candidates ?? []),
    ),
  ]
}
