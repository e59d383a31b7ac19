import { durationMs } from '../../compile.ts'
import type { Invoke, State } from '../../format.ts'
import { durationWords } from '../../words/duration.ts'
import { type Finding, warning } from '../finding.ts'
import { at } from '../place.ts'
import type { Rule } from '../rule.ts'
import { statesOf } from '../walk.ts'

const withRetry = (maxAttempts: number) => ({
  states: {
    reserving: {
      after: [{ id: 'slow', delay: 'PT1H', then: [{ target: '#held' }] }],
      invoke: [
        {
          id: 'reservePort',
          activity: 'oss.reservePort',
          input: { centreId: { $ctx: '$.centreId' }, phone: { $ctx: '$.phone' }, technology: null },
          retry: { maxAttempts, initialInterval: 'PT1M', backoffCoefficient: 2, maxInterval: 'PT1H' },
          compensate: { activity: 'oss.releasePort', input: { portId: { $output: '$.portId' } } },
          onDone: [{ target: '#done', actions: [{ type: 'assign', set: { portId: { $output: '$.portId' } } }] }],
          onError: [{ target: '#held' }],
        },
      ],
    },
  },
})

export const W06: Rule = {
  id: 'W06',
  title: { fa: 'تلاش دوباره و مهلت ناسازگار', en: 'retries and deadlines that do not fit' },
  about: {
    en: 'The retries of a call go on longer than an `after` of its state, which leaves before they are over; or they are exhausted and become an incident (no `onError` takes any error) before the first `sla` step would have told somebody that it is slow. Attempts, intervals and `timeout.total` are added up; the attempts themselves and calendars are left out.',
    fa: 'تلاش‌های یک فراخوانی از after وضعیت آن طولانی‌تر است و پیش از پایان ترک می‌شود؛ یا پیش از آنکه نخستین گام sla به کسی خبر دهد تمام و رخداد می‌شود. بازه‌ها و timeout.total جمع می‌شود؛ تقویم نادیده گرفته می‌شود.',
  },
  fails: { change: withRetry(10) },
  passes: { change: withRetry(3) },
  document: ({ definition }) =>
    statesOf(definition).flatMap(({ path, state }) =>
      (state.invoke ?? []).flatMap((call, i): Finding[] => {
        if (call.process !== undefined) return []
        const total = retryTotalMs(call)
        const place = at(path, 'invoke', i, 'retry')
        const leaves = (state.after ?? []).flatMap(({ delay, then = [] }) =>
          delay === undefined || then.length === 0 ? [] : [durationMs(delay)],
        )
        const shortest = Math.min(...leaves)
        const told = firstTold(state)
        const answered = (call.onError ?? []).some(({ errors }) => errors === undefined)
        if (total > shortest)
          return [
            warning('W06', place, {
              en: `retries go on for ${words(total).en}, but the state is left after ${words(shortest).en}`,
              fa: `تلاش‌ها ${words(total).fa} طول می‌کشد ولی وضعیت پس از ${words(shortest).fa} ترک می‌شود`,
            }),
          ]
        return told !== undefined && total < told && !answered
          ? [
              warning('W06', place, {
                en: `retries are over after ${words(total).en}, before the sla tells anybody at ${words(told).en}`,
                fa: `تلاش‌ها پس از ${words(total).fa} تمام می‌شود، پیش از خبر sla در ${words(told).fa}`,
              }),
            ]
          : []
      }),
    ),
}

function retryTotalMs({ retry = {}, timeout }: Invoke): number {
  const { maxAttempts = 10, initialInterval = 'PT5S', backoffCoefficient = 2, maxInterval = 'PT10M' } = retry
  const [first, most] = [durationMs(initialInterval), durationMs(maxInterval)]
  let sum = 0
  let interval = first
  for (let attempt = 1; attempt < maxAttempts && attempt < 10_000; attempt++) {
    sum += Math.min(interval, most)
    interval = Math.min(interval * backoffCoefficient, most)
  }
  return timeout?.total === undefined ? sum : Math.min(sum, durationMs(timeout.total))
}

function firstTold({ sla = [] }: State): number | undefined {
  const all = sla.flatMap(({ within, steps }) =>
    steps
      .filter(
        ({ notify, assignTo, raise }) => (notify ?? []).length > 0 || assignTo !== undefined || raise !== undefined,
      )
      .map(({ at: percent }) => (durationMs(within) * percent) / 100),
  )
  return all.length === 0 ? undefined : Math.min(...all)
}

const words = (ms: number) => {
  const minutes = Math.round(ms / 60_000)
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)]
  return durationWords(`P${days}DT${hours}H${minutes % 60}M`)
}
