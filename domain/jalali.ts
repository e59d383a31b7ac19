import { d2j, isLeapJalaaliYear, isValidJalaaliDate, j2d, jalaaliMonthLength } from 'jalaali-js'
import { DomainError } from './errors.ts'

/** A day of the Jalali (solar Hijri) calendar; `month` and `day` count from 1. */
export interface JalaliDate {
  year: number
  month: number
  day: number
}

/** Iran keeps UTC+03:30 all year since 1401 (M12); workflows use this fixed offset, so a new tz database never changes a replay. */
export const tehranOffsetMinutes = 210

export const dayMs = 86_400_000

/** The Jalali day at an instant (epoch milliseconds), on a clock `utcOffsetMinutes` ahead of UTC. */
export function jalaliDate(epochMs: number, utcOffsetMinutes: number = tehranOffsetMinutes): JalaliDate {
  return jalaliOfEpochDay(Math.floor((epochMs + utcOffsetMinutes * 60_000) / dayMs))
}

/** The instant (epoch milliseconds) of a local time of a Jalali day. Ends in DomainError `BadJalaliDate` for a day that does not exist. */
export function jalaliToEpochMs(date: JalaliDate, timeOfDayMs = 0, utcOffsetMinutes = tehranOffsetMinutes): number {
  return epochDayOfJalali(date) * dayMs + timeOfDayMs - utcOffsetMinutes * 60_000
}

/** Days since 1970-01-01 of a Jalali day. Ends in DomainError `BadJalaliDate` for a day that does not exist. */
export function epochDayOfJalali({ year, month, day }: JalaliDate): number {
  if (!isValidJalaaliDate(year, month, day)) throw badDate(`${year}-${month}-${day}`)
  return j2d(year, month, day) - unixEpochJulianDay
}

/** The Jalali day of a count of days since 1970-01-01. */
export function jalaliOfEpochDay(epochDay: number): JalaliDate {
  const { jy, jm, jd } = d2j(epochDay + unixEpochJulianDay)
  return { year: jy, month: jm, day: jd }
}

/** `1405-09-03`: sorts as text. Digits are Latin; screens and templates localise them. */
export function formatJalali({ year, month, day }: JalaliDate): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

/** Reads `1405-09-03` or `1405/9/3`. Ends in DomainError `BadJalaliDate`. */
export function parseJalali(text: string): JalaliDate {
  const [, year, month, day] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text) ?? []
  const date = { year: Number(year), month: Number(month), day: Number(day) }
  if (year === undefined || !isValidJalaaliDate(date.year, date.month, date.day)) throw badDate(text)
  return date
}

/** The day `months` Jalali months later, clamped to the month's end; `anchorDay` is the day it returns to in longer months (M12). */
export function addJalaliMonths(date: JalaliDate, months: number, anchorDay = date.day): JalaliDate {
  const index = date.year * 12 + date.month - 1 + months
  const year = Math.floor(index / 12)
  const month = (index % 12) + 1
  return { year, month, day: Math.min(anchorDay, jalaliMonthLength(year, month)) }
}

/** 31 days for the first six months, 30 for the next five, 29 or 30 for Esfand. */
export function jalaliMonthLength(year: number, month: number): number {
  return jalaaliMonthLength(year, month)
}

/** True when Esfand of the year has 30 days: 1403, 1408, 1412 … */
export function isJalaliLeapYear(year: number): boolean {
  return isLeapJalaaliYear(year)
}

const unixEpochJulianDay = 2_440_588

const two = (n: number) => String(n).padStart(2, '0')

const badDate = (given: string) =>
  new DomainError('BadJalaliDate', { fa: `تاریخ ${given} در تقویم وجود ندارد`, en: `${given} is no Jalali date` })
