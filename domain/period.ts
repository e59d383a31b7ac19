import {
  addJalaliMonths,
  dayMs,
  epochDayOfJalali,
  jalaliOfEpochDay,
  parseJalali,
  tehranOffsetMinutes,
} from './jalali.ts'

/** Whole days in Tehran as counts since 1970-01-01, half-open. */
export interface DayRange {
  fromDay: number
  toDay: number
}

/** How people name a stretch of time, in days of the Jalali calendar: `1405-08-15`, a month as `1405-08`. `to` is its last day. */
export interface NamedPeriod {
  from?: string | undefined
  to?: string | undefined
  day?: string | undefined
  /** The week that holds this day; it begins on Saturday. */
  week?: string | undefined
  month?: string | undefined
}

export const maxPeriodDays = 3_700

/** The days meant, at most ten years; the last 30 days up to today where nothing is said. Ends in DomainError `BadJalaliDate`. */
export function dayRange(period: NamedPeriod, nowMs: number): DayRange {
  const dayOf = (text: string) => epochDayOfJalali(parseJalali(text))
  if (period.day !== undefined) return { fromDay: dayOf(period.day), toDay: dayOf(period.day) + 1 }
  if (period.week !== undefined) {
    const fromDay = weekStart(dayOf(period.week))
    return { fromDay, toDay: fromDay + 7 }
  }
  if (period.month !== undefined) {
    const first = parseJalali(`${period.month}-01`)
    return { fromDay: epochDayOfJalali(first), toDay: epochDayOfJalali(addJalaliMonths(first, 1)) }
  }
  const today = Math.floor((nowMs + tehranOffsetMinutes * 60_000) / dayMs)
  const toDay = period.to === undefined ? today + 1 : dayOf(period.to) + 1
  const fromDay = period.from === undefined ? toDay - 30 : dayOf(period.from)
  return { fromDay: Math.max(fromDay, toDay - maxPeriodDays), toDay }
}

/** The whole Jalali months inside a range, by their first days, and the days that are left over: what sums are read from. */
export function monthsAndDays({ fromDay, toDay }: DayRange): { months: number[]; days: number[] } {
  const months: number[] = []
  const days: number[] = []
  for (let day = fromDay; day < toDay; ) {
    const end = monthEnd(day)
    if (monthStart(day) === day && end <= toDay) {
      months.push(day)
      day = end
    } else days.push(day++)
  }
  return { months, days }
}

/** First day of the Jalali month that holds a day. */
export function monthStart(day: number): number {
  return day - jalaliOfEpochDay(day).day + 1
}

/** The Saturday on or before a day. */
export function weekStart(day: number): number {
  const saturday = 2 // 1970-01-03
  return day - ((((day - saturday) % 7) + 7) % 7)
}

/** The instant at which a day begins in Tehran, in milliseconds. */
export function startOfDayMs(day: number): number {
  return day * dayMs - tehranOffsetMinutes * 60_000
}

/** `2026-11-24`: the day as a database writes it. */
export function isoDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

function monthEnd(day: number): number {
  const { year, month } = jalaliOfEpochDay(day)
  return epochDayOfJalali(addJalaliMonths({ year, month, day: 1 }, 1))
}
