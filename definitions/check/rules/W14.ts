import { warning } from '../finding.ts'
import { at } from '../place.ts'
import type { Rule } from '../rule.ts'
import { actionsOf, invokesOf } from '../walk.ts'

const start = (process: string) => ({
  states: { noPort: { entry: [{ type: 'start', process, key: { $ctx: '$.phone' } }] } },
})
const incomplete = { processes: { known: ['child'], complete: false } }

export const W14: Rule = {
  id: 'W14',
  title: { fa: 'فرایند ناشناخته در اینجا', en: 'process not known here' },
  about: {
    en: 'A child process is none of the shipped ones. In the API, which knows all of the company, this is an error (E02); on a designer’s machine it is only a warning.',
    fa: 'فرایند فرزند از فرایندهای همراه نیست. در API که همه را می‌شناسد خطاست (E02)؛ روی رایانه طراح تنها هشدار است.',
  },
  fails: { change: start('our-own'), catalogues: incomplete },
  passes: { change: start('child'), catalogues: incomplete },
  document: ({ definition, catalogues: { processes } }) => {
    const named = [
      ...invokesOf(definition).flatMap(({ path, value }) =>
        value.process === undefined ? [] : [{ path: at(path, 'process'), name: value.process }],
      ),
      ...actionsOf(definition).flatMap(({ path, value }) =>
        value.type === 'start' ? [{ path: at(path, 'process'), name: value.process }] : [],
      ),
    ]
    if (processes.complete) return []
    return named
      .filter(({ name }) => !processes.known.includes(name) && name !== definition.id)
      .map(({ path, name }) =>
        warning('W14', path, { en: `process ${name} is not known here`, fa: `فرایند ${name} در اینجا شناخته نیست` }),
      )
  },
}
