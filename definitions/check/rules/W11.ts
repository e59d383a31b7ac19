import type { Text } from '../../../domain/errors.ts'
import { tmfGraphOf } from '../../catalogue/tmf-states.ts'
import { around } from '../candidates.ts'
import { type Finding, warning } from '../finding.ts'
import { at } from '../place.ts'
import type { Rule } from '../rule.ts'
import { statesOf } from '../walk.ts'

/** Letters that fit a box of the map. */
const maxLabel = 40

const label = (label: Text) => ({ states: { held: { label: { ...label } } } })

export const W11: Rule = {
  id: 'W11',
  title: { fa: 'نام و نشانی وضعیت', en: 'how a state is shown' },
  about: {
    en: 'A state has no `tmfState` (partners see nothing) or no `stage` (reports miss it), on it or around it; two states have the same label, so that nobody can tell them apart in a list; a label is longer than the map shows (40 letters).',
    fa: 'وضعیتی tmfState ندارد (شریکان چیزی نمی‌بینند) یا stage ندارد (در گزارش نیست)؛ دو وضعیت عنوان یکسان دارند؛ یا عنوان از جای نقشه (۴۰ نویسه) بلندتر است.',
  },
  fails: { change: label({ fa: 'در انتظار پرداخت', en: 'Waiting' }) },
  passes: { change: label({ fa: 'پورت نیست', en: 'No free port' }) },
  document: ({ definition }) => {
    const states = statesOf(definition).filter(({ state }) => state.type !== 'history')
    const leaves = states.filter(
      ({ state }) => state.states === undefined && (state.type !== 'final' || state.outcome !== undefined),
    )
    const seen = new Map<string, string>()
    const doubles = leaves.flatMap(({ id, path, state }): Finding[] => {
      const other = seen.get(state.label.fa)
      seen.set(state.label.fa, id)
      return other === undefined
        ? []
        : [
            warning('W11', at(path, 'label'), {
              en: `#${id} is called like #${other}: "${state.label.en}"`,
              fa: `#${id} هم‌نام #${other} است: «${state.label.fa}»`,
            }),
          ]
    })
    const long = states
      .filter(({ state }) => state.label.fa.length > maxLabel || state.label.en.length > maxLabel)
      .map(({ path }) =>
        warning('W11', at(path, 'label'), {
          en: `longer than the ${maxLabel} letters that the map shows`,
          fa: `بلندتر از ${maxLabel} نویسه‌ای که نقشه نشان می‌دهد`,
        }),
      )
    const missing = leaves.flatMap(({ id, path }): Finding[] => {
      const all = around(definition, id)
      return [
        ...(tmfGraphOf(definition.subject) === undefined || all.some(({ state }) => state.tmfState !== undefined)
          ? []
          : [warning('W11', path, { en: `#${id} has no tmfState`, fa: `#${id} وضعیت TMF ندارد` })]),
        ...(all.some(({ state }) => state.stage !== undefined)
          ? []
          : [warning('W11', path, { en: `#${id} has no stage`, fa: `#${id} مرحله ندارد` })]),
      ]
    })
    return [...doubles, ...long, ...missing]
  },
}
