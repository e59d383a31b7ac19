import type { TransitionRecord } from '../../domain/transition.ts'
import { durationBucket, durationOf } from './durations.ts'

/** One stay, as the log tells it when it is read from its beginning: what the tests hold the counted ones against. */
export interface SlowStay {
  order: string
  state: string
  seq: number
  event: string | null
  operator: string | null
  next: string | null
  nth: number
  late: boolean
  ended: number
  enteredAt: string
  leftAt: string | null
}

export type SlowLine = Pick<
  TransitionRecord,
  'orderId' | 'seq' | 'at' | 'event' | 'actor' | 'from' | 'to' | 'entered' | 'left'
>

const kinds = { success: 1, failure: 2, cancelled: 3 }

/** All stays of one order, written as simply as can be: a list of open ones, changed line by line. */
export function slowStays(lines: readonly SlowLine[], outcomeKind: keyof typeof kinds | null): SlowStay[] {
  const same = (a: string[], b: string[]) => JSON.stringify(a) === JSON.stringify(b)
  const moving = lines.filter(
    ({ from, to, event }) => !same(from, to) || (event.type === 'command' && event.name === 'cancel'),
  )
  const last = outcomeKind === null ? undefined : moving.at(-1)?.seq
  const stays: SlowStay[] = []
  let open: SlowStay[] = []
  for (const line of lines) {
    const { seq, at, event, actor, from, to, entered, left } = line
    if (event.type === 'sla' && Number(event.name.split('@')[1]) >= 100) {
      const [place = ''] = event.name.split('/')
      for (const stay of open) if (stay.state === place || stay.state.startsWith(`${place}.`)) stay.late = true
    }
    const leaves = (state: string) => (seq === last ? true : !to.includes(state) || left.includes(state))
    for (const stay of open.filter(({ state }) => from.includes(state) && leaves(state))) {
      stay.leftAt = at
      stay.event = event.name
      stay.operator = actor?.id ?? null
      stay.next = to.find((state) => !from.includes(state)) ?? to[0] ?? null
      stay.ended = seq === last && outcomeKind !== null ? kinds[outcomeKind] : 0
      open = open.filter((other) => other !== stay)
    }
    if (seq === last) continue
    for (const state of to.filter((state) => !from.includes(state) || entered.includes(state))) {
      const nth = stays.filter((stay) => stay.state === state).length + 1
      const stay: SlowStay = {
        order: line.orderId,
        state,
        seq,
        event: null,
        operator: null,
        next: null,
        nth,
        late: false,
        ended: 0,
        enteredAt: at,
        leftAt: null,
      }
      stays.push(stay)
      open.push(stay)
    }
  }
  return stays
}

/** A percentile as the classes tell it, from every single duration. */
export function slowPercentile(durations: readonly number[], percent: number): number | null {
  const sorted = [...durations].sort((a, b) => a - b)
  const found = sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)]
  return found === undefined ? null : durationOf(durationBucket(found))
}
