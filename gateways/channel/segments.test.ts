import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { smsSegments } from './segments.ts'

describe('smsSegments', () => {
  test('a Latin text is charged by 160 alone and by 153 when joined', () => {
    expect(smsSegments('a'.repeat(160))).toEqual({ encoding: 'gsm7', units: 160, parts: 1 })
    expect(smsSegments('a'.repeat(161))).toEqual({ encoding: 'gsm7', units: 161, parts: 2 })
    expect(smsSegments('a'.repeat(306)).parts).toBe(2)
    expect(smsSegments('a'.repeat(307)).parts).toBe(3)
  })

  test('a Persian text is charged by 70 alone and by 67 when joined', () => {
    expect(smsSegments('س'.repeat(70))).toEqual({ encoding: 'ucs2', units: 70, parts: 1 })
    expect(smsSegments('س'.repeat(71)).parts).toBe(2)
    expect(smsSegments('س'.repeat(95)).parts).toBe(2)
    expect(smsSegments('س'.repeat(134)).parts).toBe(2)
    expect(smsSegments('س'.repeat(135)).parts).toBe(3)
  })

  test('one half-space or one Persian digit makes a Latin text UCS-2', () => {
    expect(smsSegments('abc\u200cdef').encoding).toBe('ucs2')
    expect(smsSegments('order ۱۲').encoding).toBe('ucs2')
  })

  test('an escaped GSM character costs two', () => {
    expect(smsSegments('€'.repeat(80))).toEqual({ encoding: 'gsm7', units: 160, parts: 1 })
    expect(smsSegments('€'.repeat(81)).parts).toBe(2)
  })

  test('a surrogate pair is never split between two parts', () => {
    // 66 + 2 units would put half of the emoji at the end of part one.
    expect(smsSegments(`${'س'.repeat(66)}😀${'س'.repeat(66)}`)).toEqual({ encoding: 'ucs2', units: 134, parts: 3 })
  })

  test('no text has fewer parts than its units need, and none has more than one spare unit in each part', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const { encoding, units, parts } = smsSegments(text)
        const [alone, joined] = encoding === 'gsm7' ? [160, 153] : [70, 67]
        if (units <= alone) return parts === 1
        return parts >= Math.ceil(units / joined) && parts <= Math.ceil(units / (joined - 1))
      }),
    )
  })
})
