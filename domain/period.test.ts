import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { formatJalali, jalaliOfEpochDay } from './jalali.ts'
import { dayRange, isoDay, maxPeriodDays, monthStart, monthsAndDays, startOfDayMs, weekStart } from './period.ts'

const days = fc.integer({ min: 12_000, max: 40_000 })
const jalali = (day: number) => formatJalali(jalaliOfEpochDay(day))

describe('a period of the Jalali calendar', () => {
  test('months and left-over days are the range, each day once', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 900 }), (fromDay, length) => {
        const { months, days: left } = monthsAndDays({ fromDay, toDay: fromDay + length })
        const inMonths = months.flatMap((month) => {
          const all = []
          for (let day = month; monthStart(day) === month; day++) all.push(day)
          return all
        })
        const covered = [...inMonths, ...left].sort((a, b) => a - b)
        expect(covered).toEqual(Array.from({ length }, (_, i) => fromDay + i))
        expect(left.length).toBeLessThanOrEqual(60)
      }),
    )
  })

  test('a week begins on Saturday and holds its day', () => {
    fc.assert(
      fc.property(days, (day) => {
        const start = weekStart(day)
        expect(new Date(startOfDayMs(start) + 43_200_000).getUTCDay()).toBe(6)
        expect(day - start).toBeGreaterThanOrEqual(0)
        expect(day - start).toBeLessThan(7)
      }),
    )
  })

  test('a day, a week, a month and a range are understood; nothing said is the last 30 days', () => {
    const now = Date.parse('2026-11-24T21:00:00Z') // after midnight in Tehran: 4 Azar 1405
    const told = (period: Parameters<typeof dayRange>[0]) => {
      const { fromDay, toDay } = dayRange(period, now)
      return [jalali(fromDay), jalali(toDay - 1)]
    }
    expect(told({ day: '1405-09-03' })).toEqual(['1405-09-03', '1405-09-03'])
    expect(told({ week: '1405-09-03' })).toEqual(['1405-08-30', '1405-09-06'])
    expect(told({ month: '1405-08' })).toEqual(['1405-08-01', '1405-08-30'])
    expect(told({ from: '1405-01-01', to: '1405-06-31' })).toEqual(['1405-01-01', '1405-06-31'])
    expect(told({})).toEqual(['1405-08-05', '1405-09-04'])
    expect(dayRange({ from: '1300-01-01' }, now).toDay - dayRange({ from: '1300-01-01' }, now).fromDay).toBe(
      maxPeriodDays,
    )
    expect(isoDay(dayRange({ day: '1405-09-03' }, now).fromDay)).toBe('2026-11-24')
    expect(() => dayRange({ day: '1405-13-01' }, now)).toThrow('no Jalali date')
  })
})
