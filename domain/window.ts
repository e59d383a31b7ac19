import type { Weekday } from './business-calendar.ts'
import { DomainError } from './errors.ts'
import { dayMs, formatJalali, jalaliOfEpochDay, parseJalali, tehranOffsetMinutes } from './jalali.ts'

/**
 * Times at which a rule holds, in Tehran (M12, BR6): days from `from` to `to` with both of them, each `YYYY-MM-DD`, or `MM-DD` for
 * every year, where a range may pass the year's end; weekdays; hours `HH:MM-HH:MM`, the end excluded, which may pass midnight.
 * What is not said does not bound.
 */
export interface TimeWindow {
  calendar: 'jalali' | 'gregorian'
  from?: string
  to?: string
  weekdays?: Weekday[]
  hours?: string
}

/** Whether an instant (epoch milliseconds) lies in a window. Ends in DomainError `BadWindow` for a malformed one. */
export function inWindow(atMs: number, window: TimeWindow): boolean {
  const local = atMs + tehranOffsetMinutes * 60_000
  const epochDay = Math.floor(local / dayMs)
  const { from, to, weekdays, hours } = checked(window)
  const date = dateOf(epochDay, window.calendar)
  if (weekdays !== undefined && !weekdays.includes(weekdayOf(epochDay))) return false
  if (hours !== undefined && !within(minutesOf(local), hours[0], hours[1], false)) return false
  if (from === undefined && to === undefined) return true
  const yearly = (from ?? to ?? '').length === 5
  const day = yearly ? date.slice(5) : date
  if (yearly && from !== undefined && to !== undefined) return within(day, from, to, true)
  return (from === undefined || day >= from) && (to === undefined || day <= to)
}

/** Instants that show every difference between windows: the edges of their days and hours, and a week beside each edge. */
export function edgesOf(windows: readonly TimeWindow[], year: number): number[] {
  const days = new Set<number>()
  const minutes = new Set([0, 720])
  for (const window of windows) {
    const { from, to, hours } = checked(window)
    for (const edge of [from, to])
      for (const day of edge === undefined ? [] : epochDaysOf(edge, window.calendar, year))
        for (let d = day - 7; d <= day + 7; d++) days.add(d)
    for (const minute of hours ?? []) for (const m of [minute - 1, minute]) minutes.add((m + 1440) % 1440)
  }
  if (days.size === 0) for (let d = 0; d < 7; d++) days.add(epochDaysOf('01-01', 'gregorian', year)[0] ?? d + d)
  const base = Math.min(...days)
  for (let d = 0; d < 7; d++) days.add(base + d)
  return [...days].flatMap((day) => [...minutes].map((m) => day * dayMs + (m - tehranOffsetMinutes) * 60_000))
}

function checked(window: TimeWindow) {
  const { calendar, from, to, weekdays, hours } = window
  const [, h1, m1, h2, m2] = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/.exec(hours ?? '') ?? []
  const sound =
    (hours === undefined || (h1 !== undefined && !(h2 === '24' && m2 !== '00'))) &&
    [from, to].every((date) => date === undefined || isDate(date, calendar)) &&
    (from === undefined || to === undefined || from.length === to.length) &&
    (from?.length !== 10 || to === undefined || from <= to)
  if (!sound || (calendar !== 'jalali' && calendar !== 'gregorian'))
    throw new DomainError('BadWindow', {
      fa: `بازهٔ زمانی ${JSON.stringify(window)} درست نیست`,
      en: `${JSON.stringify(window)} is no window of time`,
    })
  const minute = (h: string | undefined, m: string | undefined) => Number(h) * 60 + Number(m)
  return {
    from,
    to,
    weekdays,
    hours: hours === undefined ? undefined : ([minute(h1, m1), minute(h2, m2)] as const),
  }
}

function isDate(text: string, calendar: TimeWindow['calendar']): boolean {
  if (!/^(\d{4}-)?\d\d-\d\d$/.test(text)) return false
  // A yearly day exists where it exists in a leap year.
  const whole = text.length === 5 ? `${calendar === 'jalali' ? 1403 : 2024}-${text}` : text
  try {
    if (calendar === 'jalali') parseJalali(whole)
    return calendar === 'jalali' || new Date(`${whole}T00:00:00Z`).toISOString().startsWith(whole)
  } catch {
    return false
  }
}

function dateOf(epochDay: number, calendar: TimeWindow['calendar']): string {
  return calendar === 'jalali'
    ? formatJalali(jalaliOfEpochDay(epochDay))
    : new Date(epochDay * dayMs).toISOString().slice(0, 10)
}

function epochDaysOf(date: string, calendar: TimeWindow['calendar'], year: number): number[] {
  const start = Math.floor(Date.UTC(year, 0, 1) / dayMs)
  const span = date.length === 5 ? [start, start + 732] : [start - 366 * 30, start + 366 * 30]
  const found: number[] = []
  for (let day = span[0] ?? 0; day < (span[1] ?? 0); day++) if (dateOf(day, calendar).endsWith(date)) found.push(day)
  return found.slice(0, 2)
}

const weekdayOf = (epochDay: number): Weekday =>
  (['sat', 'sun', 'mon', 'tue', 'wed', 'thu', 'fri'] as const)[(((epochDay + 5) % 7) + 7) % 7] ?? 'sat'

const minutesOf = (localMs: number) => Math.floor((localMs - Math.floor(localMs / dayMs) * dayMs) / 60_000)

function within<T extends string | number>(value: T, from: T, to: T, inclusive: boolean): boolean {
  const before = inclusive ? value <= to : value < to
  return from <= to ? value >= from && before : value >= from || before
}
