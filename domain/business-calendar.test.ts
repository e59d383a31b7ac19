import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { addDuration, addWorkingMs, type BusinessCalendar, workingMsBetween } from './business-calendar.ts'

const office: BusinessCalendar = {
  id: 'office',
  label: { fa: 'ساعات اداری', en: 'Office hours' },
  utcOffsetMinutes: 210,
  week: {
    sat: ['08:00-16:00'],
    sun: ['08:00-16:00'],
    mon: ['08:00-12:00', '13:00-17:00'],
    tue: ['08:00-16:00'],
    wed: ['08:00-16:00'],
    thu: ['08:00-13:00'],
    fri: [],
  },
  holidays: [{ jalali: '12-29', to: '01-04' }, { jalali: '01-12' }],
  dated: ['1405-09-15'],
  opened: ['1405-09-20'],
}
const alwaysOpen: BusinessCalendar = {
  ...office,
  week: Object.fromEntries(Object.keys(office.week).map((day) => [day, ['00:00-24:00']])) as BusinessCalendar['week'],
  holidays: [],
  dated: [],
}
const at = (tehran: string) => Date.parse(`${tehran}:00+03:30`)
const tehran = (epochMs: number) => new Date(epochMs + 210 * 60_000).toISOString().slice(0, 16)
const later = (from: string, duration: string, calendar?: BusinessCalendar) =>
  tehran(addDuration(at(from), duration, calendar))

describe('addDuration', () => {
  test('without a calendar counts civil time and Jalali months with clamp', () => {
    expect(later('2026-11-24T10:15', 'P3DT4H')).toBe('2026-11-27T14:15')
    expect(later('2026-09-22T10:15', 'P1M')).toBe('2026-10-22T10:15') // 31 Shahrivar → 30 Mehr
    expect(later('2026-11-24T10:15', '-P1D')).toBe('2026-11-23T10:15')
  })

  test('a working day is the same clock time on the next working day, clamped into its hours', () => {
    expect(later('2026-11-24T10:15', 'P1D', office)).toBe('2026-11-25T10:15') // Tuesday → Wednesday
    expect(later('2026-11-25T15:00', 'P1D', office)).toBe('2026-11-26T13:00') // Thursday closes at 13
    expect(later('2026-11-26T10:00', 'P1D', office)).toBe('2026-11-28T10:00') // over Friday
    expect(later('2026-11-29T12:30', 'P1D', office)).toBe('2026-11-30T13:00') // Monday's noon break
  })

  test('a start outside working time rolls forward to the next opening first', () => {
    expect(later('2026-11-24T20:00', 'P1D', office)).toBe('2026-11-26T08:00')
    expect(later('2026-11-27T10:00', 'PT2H', office)).toBe('2026-11-28T10:00')
    expect(later('2026-11-24T16:00', 'PT1H', office)).toBe('2026-11-25T09:00')
  })

  test('hours are working hours and run over the night', () => {
    expect(later('2026-11-24T15:00', 'PT8H', office)).toBe('2026-11-25T15:00')
    expect(later('2026-11-30T11:00', 'PT2H', office)).toBe('2026-11-30T14:00')
    expect(later('2026-11-24T08:00', 'PT8H', office)).toBe('2026-11-24T16:00')
  })

  test('skips dated holidays, yearly ranges over the new year, and works on days opened by exception', () => {
    expect(later('2026-12-05T10:00', 'P1D', office)).toBe('2026-12-07T10:00') // 15 Azar is closed
    expect(later('2027-03-18T10:00', 'P1D', office)).toBe('2027-03-25T10:00') // 27 Esfand → 5 Farvardin
    expect(later('2026-12-10T10:00', 'P1D', office)).toBe('2026-12-11T10:00') // Friday 20 Azar is opened
  })

  test('a negative duration mirrors: back to the closing before, then working days back', () => {
    expect(later('2026-11-27T10:00', '-P1D', office)).toBe('2026-11-25T13:00')
    expect(later('2026-11-25T10:00', '-PT4H', office)).toBe('2026-11-24T14:00')
    expect(later('2026-11-24T00:00', '-P1D', alwaysOpen)).toBe('2026-11-23T00:00')
  })

  test('a calendar that never opens is an error, not an endless search', () => {
    const closed = {
      ...office,
      week: { ...office.week, sat: [], sun: [], mon: [], tue: [], wed: [], thu: [] },
      opened: [],
    }
    expect(() => addDuration(at('2026-11-24T10:00'), 'PT1H', closed)).toThrow('NoWorkingTime')
    expect(() => addDuration(at('2026-11-24T10:00'), 'P1D', closed)).toThrow('NoWorkingTime')
    expect(() => addWorkingMs(0, -1, closed)).toThrow('NoWorkingTime')
    expect(() => addWorkingMs(0, 1, { ...office, week: { ...office.week, sat: ['16:00-08:00'] } })).toThrow(
      'BadCalendar',
    )
  })
})

describe('working time', () => {
  const instant = fc.integer({ min: at('2026-01-01T00:00'), max: at('2027-12-31T00:00') })
  const span = fc.integer({ min: 0, max: 20 * 8 * 3_600_000 })
  const calendar = fc.constantFrom(office, alwaysOpen, undefined)

  test('addWorkingMs and workingMsBetween are inverse in both directions', () => {
    fc.assert(
      fc.property(instant, span, calendar, (from, ms, hours) => {
        expect(workingMsBetween(from, addWorkingMs(from, ms, hours), hours)).toBe(ms)
        expect(workingMsBetween(addWorkingMs(from, -ms, hours), from, hours)).toBe(ms)
      }),
    )
  })

  test('addWorkingMs is additive and monotone in the start and in the span', () => {
    fc.assert(
      fc.property(instant, instant, span, span, calendar, (a, b, x, y, hours) => {
        expect(addWorkingMs(addWorkingMs(a, x, hours), y, hours)).toBe(addWorkingMs(a, x + y, hours))
        expect(addWorkingMs(Math.min(a, b), x, hours)).toBeLessThanOrEqual(addWorkingMs(Math.max(a, b), x, hours))
        expect(addWorkingMs(a, Math.min(x, y), hours)).toBeLessThanOrEqual(addWorkingMs(a, Math.max(x, y), hours))
      }),
    )
  })

  test('workingMsBetween is additive over a point between and antisymmetric', () => {
    fc.assert(
      fc.property(instant, instant, instant, calendar, (a, b, c, hours) => {
        expect(workingMsBetween(a, b, hours) + workingMsBetween(b, c, hours)).toBe(workingMsBetween(a, c, hours))
      }),
      { numRuns: 50 },
    )
  })
})
