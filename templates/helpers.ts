import { formatJalali, jalaliDate, tehranOffsetMinutes } from '../domain/jalali.ts'

export type Locale = 'fa' | 'en'

/** The helpers that a text may use. Each takes one value; what cannot be shown is shown as nothing. */
export const helperNames = ['clock', 'digits', 'jalaliDate', 'rial', 'toman'] as const
export type HelperName = (typeof helperNames)[number]

/**
 * `jalaliDate` and `clock` read an ISO instant and show Tehran's day (1405/09/03) and time (14:05); `rial` groups an
 * amount in Rial, `toman` shows a tenth of it exactly; `digits` writes digits as the language does.
 */
export function helpersOf(locale: Locale): Record<HelperName, (value: unknown) => string> {
  const digits = (text: string) =>
    locale === 'fa' ? text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + persianOffset)) : text
  const grouped = (amount: bigint) =>
    digits(amount.toString().replace(/\B(?=(\d{3})+(?!\d))/g, locale === 'fa' ? '٬' : ','))
  return {
    clock: (value) => {
      const epochMs = instantOf(value)
      if (epochMs === undefined) return ''
      return digits(new Date(epochMs + tehranOffsetMinutes * 60_000).toISOString().slice(11, 16))
    },
    digits: (value) => (typeof value === 'string' || typeof value === 'number' ? digits(String(value)) : ''),
    jalaliDate: (value) => {
      const epochMs = instantOf(value)
      return epochMs === undefined ? '' : digits(formatJalali(jalaliDate(epochMs)).replaceAll('-', '/'))
    },
    rial: (value) => {
      const amount = amountOf(value)
      return amount === undefined ? '' : grouped(amount)
    },
    toman: (value) => {
      const amount = amountOf(value)
      if (amount === undefined) return ''
      const rest = amount < 0n ? -(amount % 10n) : amount % 10n
      return rest === 0n
        ? grouped(amount / 10n)
        : `${grouped(amount / 10n)}${locale === 'fa' ? '٫' : '.'}${digits(String(rest))}`
    },
  }
}

const persianOffset = '۰'.charCodeAt(0) - '0'.charCodeAt(0)

function instantOf(value: unknown): number | undefined {
  const epochMs = typeof value === 'string' && value.length <= 40 ? Date.parse(value) : Number.NaN
  return Number.isNaN(epochMs) ? undefined : epochMs
}

/** Amounts cross boundaries as safe integers or decimal strings (M1). */
function amountOf(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  return typeof value === 'string' && /^-?\d{1,30}$/.test(value) ? BigInt(value) : undefined
}
