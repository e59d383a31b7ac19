import { DomainError } from './errors.ts'

/** Persian and Arabic digits as Latin ones; anything else unchanged. */
export function latinDigits(text: string): string {
  return text.replace(/[۰-۹٠-٩]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
}

/**
 * One spelling for comparison, search and unique indexes: Arabic yeh and kaf become Persian, hamza seats and diacritics fall,
 * half-space and marks become a space, digits Latin, case lower. Never for display.
 */
export function foldText(text: string): string {
  return latinDigits(text)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[يىئ]/g, 'ی')
    .replace(/ك/g, 'ک')
    .replace(/[أإآٱ]/g, 'ا')
    .replace(/ؤ/g, 'و')
    .replace(/[ةۀ]/g, 'ه')
    .replace(/[\u064b-\u065f\u0670\u0640]/g, '')
    .replace(/[\s\u200b-\u200f،؛؟.,;:!?()«»"'_/\\-]+/g, ' ')
    .trim()
}

/** Folded words of several values in one searchable text; empty ones are left out. */
export function searchText(values: readonly (string | null | undefined)[]): string {
  return foldText(values.filter((value) => value !== null && value !== undefined && value !== '').join(' '))
}

/** A national id (10 digits, kept as text for its leading zeros): r = Σ dᵢ·(10−i) mod 11, check = r < 2 ? r : 11 − r; equal digits are refused. */
export function isNationalId(text: string): boolean {
  if (!/^\d{10}$/.test(text) || /^(\d)\1{9}$/.test(text)) return false
  const r = digitsOf(text.slice(0, 9)).reduce((sum, digit, i) => sum + digit * (10 - i), 0) % 11
  return Number(text[9]) === (r < 2 ? r : 11 - r)
}

/** A legal person's id (11 digits): weights 29, 27, 23, 19, 17 repeated on dᵢ + d₁₀ + 2, mod 11, 10 → 0. */
export function isLegalId(text: string): boolean {
  if (!/^\d{11}$/.test(text) || /^(\d)\1{10}$/.test(text)) return false
  const weights = [29, 27, 23, 19, 17]
  const shift = Number(text[9]) + 2
  const r = digitsOf(text.slice(0, 10)).reduce((sum, digit, i) => sum + (digit + shift) * (weights[i % 5] ?? 0), 0) % 11
  return Number(text[10]) === r % 10
}

/** The id of a person or a company in Latin digits. Ends in DomainError `BadNationalId`. */
export function parseNationalId(text: string, kind: 'person' | 'company' = 'person'): string {
  const id = latinDigits(text).replace(/[\s-]/g, '')
  if (kind === 'person' ? isNationalId(id) : isLegalId(id)) return id
  throw new DomainError('BadNationalId', {
    fa: kind === 'person' ? 'کد ملی درست نیست' : 'شناسه ملی شرکت درست نیست',
    en: kind === 'person' ? 'not a national id' : 'not the id of a legal person',
  })
}

/** An Iranian number as `+98…` with its kind. Takes any digits, 0098, 98, +98 or 0 in front. Ends in DomainError `BadPhone`. */
export function parsePhone(text: string): { number: string; kind: 'mobile' | 'phone' } {
  const digits = latinDigits(text).replace(/[\s\u200b-\u200f().-]/g, '')
  const national = digits.replace(/^(\+98|0098|98(?=\d{10,11}$)|0)0?/, '')
  if (/^9\d{9}$/.test(national)) return { number: `+98${national}`, kind: 'mobile' }
  if (/^[1-8]\d{9,10}$/.test(national) && national !== digits) return { number: `+98${national}`, kind: 'phone' }
  throw new DomainError('BadPhone', {
    fa: `شماره تلفن «${text}» درست نیست`,
    en: `"${text}" is no Iranian telephone number`,
  })
}

/** An Iranian IBAN: `IR` and 24 digits, remainder 1 mod 97. */
export function isIban(text: string): boolean {
  return /^IR\d{24}$/.test(text) && BigInt(`${text.slice(4)}1827${text.slice(2, 4)}`) % 97n === 1n
}

/** A bank card: 16 digits by Luhn. */
export function isCardNumber(text: string): boolean {
  if (!/^\d{16}$/.test(text)) return false
  const sum = digitsOf(text).reduce(
    (s, digit, i) => s + (i % 2 === 0 ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit),
    0,
  )
  return sum % 10 === 0
}

/** A postal code: 10 digits, no 0 or 2 among the first five. Only the post's inquiry tells whether it exists. */
export function isPostalCode(text: string): boolean {
  return /^[13-9]{5}\d{5}$/.test(text)
}

const digitsOf = (text: string) => Array.from(text, Number)

/** The national form of a number that `parsePhone` gave: `+9821…` is `021…`. */
export function nationalPhone(number: string): string {
  return number.replace(/^\+98/, '0')
}
