import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  addJalaliMonths,
  dayMs,
  epochDayOfJalali,
  formatJalali,
  isJalaliLeapYear,
  jalaliDate,
  jalaliMonthLength,
  jalaliOfEpochDay,
  jalaliToEpochMs,
  parseJalali,
} from './jalali.ts'

describe('Jalali calendar', () => {
  test('agrees with ICU on every day from 1300 to 1500', () => {
    const icu = new Intl.DateTimeFormat('en-u-ca-persian-nu-latn', { timeZone: 'UTC', dateStyle: 'short' })
    const first = epochDayOfJalali({ year: 1300, month: 1, day: 1 })
    const last = epochDayOfJalali({ year: 1500, month: 12, day: 29 })
    for (let day = first; day <= last; day++) {
      const { year, month, day: dayOfMonth } = jalaliOfEpochDay(day)
      if (icu.format(day * dayMs) !== `${month}/${dayOfMonth}/${year} AP`)
        throw new Error(`differs on ${year}-${month}-${dayOfMonth}`)
    }
    expect(last - first).toBe(73_413)
  })

  test('1403 and 1408 are leap years, 1404 and 1405 are not', () => {
    expect([1403, 1404, 1405, 1408].map(isJalaliLeapYear)).toEqual([true, false, false, true])
    expect(jalaliMonthLength(1403, 12)).toBe(30)
    expect(() => jalaliToEpochMs({ year: 1405, month: 12, day: 30 })).toThrow('BadJalaliDate')
    expect(jalaliToEpochMs({ year: 1405, month: 1, day: 1 })).toBe(Date.parse('2026-03-21T00:00:00+03:30'))
  })

  test('the day changes at midnight in Tehran, not in UTC', () => {
    expect(formatJalali(jalaliDate(Date.parse('2026-11-23T20:29:59.999Z')))).toBe('1405-09-02')
    expect(formatJalali(jalaliDate(Date.parse('2026-11-23T20:30:00Z')))).toBe('1405-09-03')
  })

  test('writing and reading a day are inverse', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 60_000 }), (day) => {
        expect(epochDayOfJalali(parseJalali(formatJalali(jalaliOfEpochDay(day))))).toBe(day)
      }),
    )
    expect(() => parseJalali('1405-13-01')).toThrow('BadJalaliDate')
    expect(() => parseJalali('tomorrow')).toThrow('BadJalaliDate')
  })

  test('an anchor of 31 clamps to shorter months and returns (M12)', () => {
    const mehr = addJalaliMonths({ year: 1405, month: 6, day: 31 }, 1)
    expect(formatJalali(mehr)).toBe('1405-07-30')
    expect(formatJalali(addJalaliMonths(mehr, 6, 31))).toBe('1406-01-31')
    expect(formatJalali(addJalaliMonths({ year: 1405, month: 1, day: 31 }, -1))).toBe('1404-12-29')
  })
})
