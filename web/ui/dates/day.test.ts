import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { dayEnd, dayStart, instantOf, inTehran } from './day.ts'

const instants = fc.date({
  min: new Date('2022-10-01T00:00:00Z'),
  max: new Date('2080-01-01T00:00:00Z'),
  noInvalidDate: true,
})

describe('days of Tehran', () => {
  test('an instant lies in the day that is shown for it, and in no other', () => {
    fc.assert(
      fc.property(instants, (at) => {
        const iso = at.toISOString()
        const { day } = inTehran(iso)
        expect(dayStart(day) <= iso && iso < dayEnd(day)).toBe(true)
      }),
    )
  })

  test('day and clock make the instant again, to the minute', () => {
    fc.assert(
      fc.property(instants, (at) => {
        const iso = new Date(Math.floor(at.getTime() / 60_000) * 60_000).toISOString()
        const { day, clock } = inTehran(iso)
        expect(instantOf(day, clock)).toBe(iso)
      }),
    )
  })

  test('a clock that is none makes no instant', () => expect(instantOf('2026-11-24', '25:99')).toBeNull())
})
