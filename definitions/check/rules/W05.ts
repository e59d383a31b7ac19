import { alongOf, messagesOf } from '../along.ts'
import { type Finding, warning } from '../finding.ts'
import { at } from '../place.ts'
import { leavesOf, roadTo } from '../road.ts'
import { roundsOf } from '../rounds.ts'
import type { Rule } from '../rule.ts'
import { notificationsOf } from '../walk.ts'

const welcome = (more: object) => ({
  states: {
    done: {
      entry: [{ type: 'notify', notify: { channels: ['sms'], template: 'adsl.welcome', to: 'customer', ...more } }],
    },
  },
})

export const W05: Rule = {
  id: 'W05',
  title: { fa: 'پیام آزاردهنده', en: 'a message that annoys' },
  about: {
    en: 'A text message or call to a customer without a `calendar` of sending hours may come at night; a message in a circle that no person and no bound on visits ends repeats for ever; two messages to the same person by the same channel in one step.',
    fa: 'پیامک یا تماس با مشترک بی calendar ساعت مجاز شاید شب برسد؛ پیام در چرخه‌ای که نه کسی و نه شمار بازدید آن را پایان می‌دهد تا ابد تکرار می‌شود؛ دو پیام به یک نفر با یک کانال در یک گام.',
  },
  fails: { change: welcome({}) },
  passes: { change: welcome({ calendar: 'sms' }) },
  document: ({ definition }) =>
    notificationsOf(definition)
      .filter(
        ({ value: { channels, to, calendar } }) =>
          (to === 'customer' || to === 'reseller') &&
          calendar === undefined &&
          channels.some((one) => one === 'sms' || one === 'call'),
      )
      .map(({ path, value }) =>
        warning('W05', path, {
          en: `${value.template} may be sent to the ${value.to} at night: it has no calendar of sending hours`,
          fa: `${value.template} شاید شب برای ${value.to === 'customer' ? 'مشترک' : 'نماینده'} فرستاده شود: تقویم ساعت ارسال ندارد`,
        }),
      ),
  graph: ({ definition }, explored) => {
    const along = alongOf(definition)
    const rounds = roundsOf(
      explored,
      ({ counted, kind, stimulus }) => !counted && !(kind === 'event' && definition.events[stimulus]?.kind === 'user'),
    )
    const told = new Set<string>()
    const once = (key: string, finding: () => Finding): Finding[] => {
      if (told.has(key)) return []
      told.add(key)
      return [finding()]
    }
    const repeated = rounds.flatMap((round) => {
      const inside = new Set(round)
      return round.flatMap((from) =>
        (explored.configurations[from]?.edges ?? [])
          .filter(({ to, counted }) => inside.has(to) && !counted)
          .flatMap((edge) =>
            messagesOf(along.happenings(edge)).flatMap(({ path, value }) =>
              once(`round ${path}`, () =>
                warning(
                  'W05',
                  path,
                  {
                    en: `${value.template} is sent again and again: nothing bounds the circle`,
                    fa: `${value.template} پیاپی فرستاده می‌شود: چرخه حدی ندارد`,
                  },
                  { counterExample: roadTo(explored, from, edge.stimulus) },
                ),
              ),
            ),
          ),
      )
    })
    const doubled = explored.configurations.flatMap(({ edges }, from) =>
      edges.flatMap((edge) => {
        const messages = messagesOf(along.happenings(edge)).filter(
          ({ value }) => value.delay === undefined && value.when === undefined,
        )
        return messages.flatMap(({ path, value }, i) => {
          const other = messages
            .slice(0, i)
            .find(
              (one) =>
                one.value.to === value.to &&
                one.path !== path &&
                one.value.channels.some((c) => value.channels.includes(c)),
            )
          if (other === undefined) return []
          return once(`double ${path} ${other.path}`, () =>
            warning(
              'W05',
              at(path),
              {
                en: `${other.value.template} and ${value.template} go to ${value.to} at the same time`,
                fa: `${other.value.template} و ${value.template} هم‌زمان برای ${value.to} فرستاده می‌شود`,
              },
              {
                counterExample: [
                  ...roadTo(explored, from),
                  { stimulus: edge.stimulus, to: leavesOf(explored.configurations[edge.to]?.leaves) },
                ],
              },
            ),
          )
        })
      }),
    )
    return [...repeated, ...doubled]
  },
}
