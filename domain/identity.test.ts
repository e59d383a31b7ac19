import { describe, expect, test } from '@jest/globals'
import {
  foldText,
  isCardNumber,
  isIban,
  isLegalId,
  isNationalId,
  isPostalCode,
  latinDigits,
  parseNationalId,
  parsePhone,
  searchText,
} from './identity.ts'

describe('national id', () => {
  test.each(['0013542419', '0499370899', '0790419904'])('%s passes', (id) => {
    expect(isNationalId(id)).toBe(true)
  })
  test.each(['0013542418', '1111111111', '0000000000', '013542419', '00135424190', '001354241a'])(
    '%s is refused',
    (id) => {
      expect(isNationalId(id)).toBe(false)
    },
  )
  test('one wrong digit is always found', () => {
    for (let place = 0; place < 10; place++) {
      for (let digit = 0; digit < 10; digit++) {
        const id = `${'0013542419'.slice(0, place)}${digit}${'0013542419'.slice(place + 1)}`
        if (id !== '0013542419') expect(isNationalId(id)).toBe(false)
      }
    }
  })
  test('Persian digits and dashes are read', () => {
    expect(parseNationalId('۰۰۱-۳۵۴۲۴۱-۹')).toBe('0013542419')
    expect(() => parseNationalId('123')).toThrow('BadNationalId')
  })
  test('legal ids have their own check', () => {
    expect([isLegalId('10380284790'), isLegalId('14007650912')]).toEqual([true, true])
    expect([isLegalId('10380284791'), isLegalId('11111111111')]).toEqual([false, false])
    expect(parseNationalId('۱۰۳۸۰۲۸۴۷۹۰', 'company')).toBe('10380284790')
  })
})

describe('phone', () => {
  test.each([
    '09123456789',
    '۰۹۱۲۳۴۵۶۷۸۹',
    '+98 912 345 6789',
    '00989123456789',
    '989123456789',
    '9123456789',
    '٠٩١٢-٣٤٥-٦٧٨٩',
  ])('%s is a mobile', (text) => {
    expect(parsePhone(text)).toEqual({ number: '+989123456789', kind: 'mobile' })
  })
  test.each(['02188776655', '+98 (21) 88776655', '0098 21 8877 6655', '+98 021 88776655'])(
    '%s is a fixed line',
    (text) => {
      expect(parsePhone(text)).toEqual({ number: '+982188776655', kind: 'phone' })
    },
  )
  test.each(['', '88776655', '0912345678', '091234567890', '+14155550100', '2188776655'])('%s is refused', (text) => {
    expect(() => parsePhone(text)).toThrow('BadPhone')
  })
})

describe('folding', () => {
  test('spellings of one name are one', () => {
    const spellings = ['علي اكبر ميرزائي', 'علی‌اکبر میرزایی', 'عَلی  اکبر  میرزائی']
    expect(new Set(spellings.map(foldText))).toEqual(new Set(['علی اکبر میرزایی']))
  })
  test('digits become Latin and empty parts fall out', () => {
    expect(latinDigits('۰۱۲۳۴۵۶۷۸۹ ٠١٢٣٤٥٦٧٨٩')).toBe('0123456789 0123456789')
    expect(searchText(['آرش Karimi', null, '', '۰۲۱'])).toBe('ارش karimi 021')
  })
})

test('IBAN, card and postal code have their checks', () => {
  expect([isIban('IR062960000000100324200001'), isIban('IR072960000000100324200001')]).toEqual([true, false])
  expect([isCardNumber('6037701689095443'), isCardNumber('6037701689095444')]).toEqual([true, false])
  expect([isPostalCode('1619735744'), isPostalCode('1012345678')]).toEqual([true, false])
})
