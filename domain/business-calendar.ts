import { parseDuration } from './duration.ts'
import { DomainError, type Text } from './errors.ts'
import {
  addJalaliMonths,
  dayMs,
  epochDayOfJalali,
  formatJalali,
  jalaliDate,
  jalaliOfEpochDay,
  jalaliToEpochMs,
  tehranOffsetMinutes,
} from './jalali.ts'

export type Weekday = 'sat' | 'sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri'

/** Working hours of a company. Solar holidays repeat each year; lunar ones and sudden closures are dated rows. */
export interface BusinessCalendar {
  id: string
  label: Text
  utcOffsetMinutes: number
  /** Hours of each weekday, in order and apart: `['08:00-12:00', '13:00-17:00']`; a day without hours is closed. */
  week: Record<Weekday, string[]>
  /** Jalali `MM-DD`, or a range to `to` which may pass the year's end. */
  holidays: { jalali: string; to?: string }[]
  /** One-off holidays, Jalali `YYYY-MM-DD`. */
  dated: string[]
  /** Extra working days, Jalali `YYYY-MM-DD`; one whose weekday has no hours takes those of the week's first open day. */
  opened?: string[]
  /** Goes up with each change: an order never goes back to an older one. */
  revision?: number
}

/**
 * The instant a duration after `fromMs` (epoch milliseconds). With a calendar its days are working days and its hours working
 * hours: a start outside working time rolls forward to the next opening (a negative duration mirrors all: back to the closing
 * before), then a day is the same clock time on the next working day, clamped into that day's hours. Without, civil time in Tehran.
 * Months are Jalali months with clamp in both. Ends in DomainError `BadDuration`, `BadCalendar` or `NoWorkingTime`.
 */
export function addDuration(fromMs: number, duration: string, calendar?: BusinessCalendar): number {
  const { months, days, ms, negative } = parseDuration(duration)
  const sign = negative ? -1 : 1
  const monthsLater = addCivilMonths(fromMs, sign * months, calendar?.utcOffsetMinutes ?? tehranOffsetMinutes)
  if (calendar === undefined) return monthsLater + sign * (days * dayMs + ms)
  const hours = hoursOf(calendar)
  const start = roll(hours, monthsLater, sign)
  return walk(hours, addWorkingDays(hours, start, days, sign), ms, sign)
}

/** Working milliseconds from `aMs` to `bMs`, negative when b is before a. Without a calendar every millisecond counts. */
export function workingMsBetween(aMs: number, bMs: number, calendar?: BusinessCalendar): number {
  if (calendar === undefined) return bMs - aMs
  if (bMs < aMs) return 0 - workingMsBetween(bMs, aMs, calendar)
  const hours = hoursOf(calendar)
  let sum = 0
  for (let day = hours.dayAt(aMs); day <= hours.dayAt(bMs); day++) {
    for (const { open, close } of hours.on(day)) sum += Math.max(0, Math.min(close, bMs) - Math.max(open, aMs))
  }
  return sum
}

/** The instant `ms` working milliseconds after `fromMs` (before it when negative). The closing instant still belongs to its day. */
export function addWorkingMs(fromMs: number, ms: number, calendar?: BusinessCalendar): number {
  if (calendar === undefined) return fromMs + ms
  const hours = hoursOf(calendar)
  const sign = ms < 0 ? -1 : 1
  return walk(hours, roll(hours, fromMs, sign), Math.abs(ms), sign)
}

type Sign = 1 | -1

interface Window {
  open: number
  close: number
}

interface Hours {
  dayAt: (epochMs: number) => number
  on: (epochDay: number) => Window[]
}

const weekdays: readonly Weekday[] = ['sat', 'sun', 'mon', 'tue', 'wed', 'thu', 'fri']
const searchLimitDays = 400

function hoursOf(calendar: BusinessCalendar): Hours {
  const offsetMs = calendar.utcOffsetMinutes * 60_000
  const week = weekdays.map((weekday) => parseHours(calendar, calendar.week[weekday]))
  const firstOpen = week.find((windows) => windows.length > 0) ?? []
  const dated = new Set(calendar.dated)
  const opened = new Set(calendar.opened)

  const templateOf = (epochDay: number): Window[] => {
    const windows = week[(((epochDay + 5) % 7) + 7) % 7] ?? [] // 1970-01-01 was a Thursday
    const date = formatJalali(jalaliOfEpochDay(epochDay))
    if (opened.has(date)) return windows.length > 0 ? windows : firstOpen
    return dated.has(date) || calendar.holidays.some((holiday) => falls(date.slice(5), holiday)) ? [] : windows
  }

  return {
    dayAt: (epochMs) => Math.floor((epochMs + offsetMs) / dayMs),
    on: (epochDay) => {
      const midnight = epochDay * dayMs - offsetMs
      return templateOf(epochDay).map(({ open, close }) => ({ open: midnight + open, close: midnight + close }))
    },
  }
}

function falls(monthDay: string, { jalali, to = jalali }: { jalali: string; to?: string }): boolean {
  return jalali <= to ? monthDay >= jalali && monthDay <= to : monthDay >= jalali || monthDay <= to
}

function parseHours(calendar: BusinessCalendar, hours: string[]): Window[] {
  let before = 0
  return hours.map((text) => {
    const [, openHour, openMinute, closeHour, closeMinute] = /^(\d\d):([0-5]\d)-(\d\d):([0-5]\d)$/.exec(text) ?? []
    const open = (Number(openHour) * 60 + Number(openMinute)) * 60_000
    const close = (Number(closeHour) * 60 + Number(closeMinute)) * 60_000
    if (!(open >= before && close > open && close <= dayMs)) {
      const en = `hours "${text}" of calendar ${calendar.id} are malformed, out of order or overlapping`
      throw new DomainError('BadCalendar', { fa: `ساعت کار «${text}» در تقویم ${calendar.label.fa} درست نیست`, en })
    }
    before = close
    return { open, close }
  })
}

/** The instant itself when it is working time (closing included), else the next opening or, going back, the closing before. */
function roll(hours: Hours, epochMs: number, sign: Sign): number {
  const day = hours.dayAt(epochMs)
  for (let n = -1; n <= searchLimitDays; n++) {
    const windows = hours.on(day + sign * n)
    if (windows.some(({ open, close }) => epochMs >= open && epochMs <= close)) return epochMs
    const next =
      sign === 1 ? windows.find(({ open }) => open > epochMs) : windows.findLast(({ close }) => close < epochMs)
    if (next !== undefined) return sign === 1 ? next.open : next.close
  }
  throw noWorkingTime()
}

function addWorkingDays(hours: Hours, start: number, days: number, sign: Sign): number {
  if (days === 0) return start
  const startDay = dayOfWorkingInstant(hours, start, sign)
  let day = startDay
  for (let left = days; left > 0; left--) day = nextWorkingDay(hours, day, sign)
  return clamp(hours.on(day), start + (day - startDay) * dayMs)
}

/** A closing at midnight belongs to the day that it closes: its clock time is 24:00. */
function dayOfWorkingInstant(hours: Hours, instant: number, sign: Sign): number {
  const day = hours.dayAt(instant)
  const holds = (d: number) => hours.on(d).some(({ open, close }) => instant >= open && instant <= close)
  return sign === 1 && holds(day) ? day : holds(day - 1) ? day - 1 : day
}

function nextWorkingDay(hours: Hours, day: number, sign: Sign): number {
  for (let n = 1; n <= searchLimitDays; n++) if (hours.on(day + sign * n).length > 0) return day + sign * n
  throw noWorkingTime()
}

function clamp(windows: Window[], instant: number): number {
  const within = windows.find(({ close }) => instant <= close)
  return within === undefined ? (windows.at(-1)?.close ?? instant) : Math.max(within.open, instant)
}

function walk(hours: Hours, start: number, ms: number, sign: Sign): number {
  let at = start
  let left = ms
  let day = hours.dayAt(start)
  for (let idle = 0; left > 0 && idle <= searchLimitDays; day += sign) {
    const windows = hours.on(day)
    idle = windows.length > 0 ? 0 : idle + 1
    for (const { open, close } of sign === 1 ? windows : windows.reverse()) {
      const usable = sign === 1 ? close - Math.max(open, at) : Math.min(close, at) - open
      if (usable <= 0) continue
      const edge = sign === 1 ? Math.max(open, at) : Math.min(close, at)
      const used = Math.min(usable, left)
      at = edge + sign * used
      left -= used
      if (left === 0) return at
    }
  }
  if (left > 0) throw noWorkingTime()
  return at
}

function addCivilMonths(fromMs: number, months: number, utcOffsetMinutes: number): number {
  if (months === 0) return fromMs
  const date = jalaliDate(fromMs, utcOffsetMinutes)
  const timeOfDayMs = fromMs + utcOffsetMinutes * 60_000 - epochDayOfJalali(date) * dayMs
  return jalaliToEpochMs(addJalaliMonths(date, months), timeOfDayMs, utcOffsetMinutes)
}

const noWorkingTime = () =>
  new DomainError('NoWorkingTime', {
    fa: `تقویم تا ${searchLimitDays} روز هیچ ساعت کاری ندارد`,
    en: `the calendar has no working time within ${searchLimitDays} days`,
  })
