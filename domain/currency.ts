import { DomainError } from './errors.ts'
import { type Ratio, type Rial, rial, roundHalfUp } from './money.ts'

/** A currency and how many digits its minor unit has: IRR 0, USD 2. */
export interface Currency {
  code: string
  exponent: number
}

/** How many whole units of `quote` one whole unit of `base` is, from an instant on, as an exact fraction (M13). */
export interface ExchangeRate extends Ratio {
  base: string
  quote: string
  validFrom: string
  source: string
}

/**
 * Reads a rate or a percentage as people write it, `1123456.78`, exactly. Ends in DomainError `BadRate` for anything that is no
 * plain positive decimal or has more than 15 digits.
 */
export function parseDecimal(text: string): Ratio {
  const [, whole = '', part = ''] = /^(\d{1,15})(?:\.(\d{1,9}))?$/.exec(text) ?? []
  const numerator = Number(`${whole}${part}`)
  if (whole === '' || !Number.isSafeInteger(numerator))
    throw new DomainError('BadRate', { fa: `«${text}» عدد اعشاری درستی نیست`, en: `"${text}" is no plain decimal` })
  return { numerator, denominator: 10 ** part.length }
}

/**
 * An amount in minor units of one currency in minor units of another, rounded once (M2). Ends in DomainError `RateMismatch` when
 * the rate is of another pair.
 */
export function convert(amount: Rial, from: Currency, to: Currency, rate: ExchangeRate): Rial {
  if (from.code === to.code) return amount
  const direct = rate.base === from.code && rate.quote === to.code
  if (!direct && !(rate.base === to.code && rate.quote === from.code))
    throw new DomainError('RateMismatch', {
      fa: `نرخ ${rate.base}/${rate.quote} برای تبدیل ${from.code} به ${to.code} نیست`,
      en: `the rate ${rate.base}/${rate.quote} does not convert ${from.code} to ${to.code}`,
    })
  const [n, d] = direct ? [rate.numerator, rate.denominator] : [rate.denominator, rate.numerator]
  return rial(
    roundHalfUp(BigInt(amount) * BigInt(n) * 10n ** BigInt(to.exponent), BigInt(d) * 10n ** BigInt(from.exponent)),
  )
}

/**
 * The newest rate at an instant (ISO), unless it is older than `maxAgeHours`: a source that has been silent for so long is no
 * source, and a price in foreign money is better refused than guessed. Ends in DomainError `NoFreshRate`.
 */
export function freshRate(rates: readonly ExchangeRate[], at: string, maxAgeHours: number): ExchangeRate {
  const atMs = Date.parse(at)
  const newest = rates
    .filter(({ validFrom }) => Date.parse(validFrom) <= atMs)
    .reduce<ExchangeRate | undefined>(
      (best, rate) => (best === undefined || Date.parse(rate.validFrom) > Date.parse(best.validFrom) ? rate : best),
      undefined,
    )
  if (newest === undefined || atMs - Date.parse(newest.validFrom) > maxAgeHours * 3_600_000)
    throw new DomainError('NoFreshRate', {
      fa: newest === undefined ? 'نرخ ارز ثبت نشده است' : `آخرین نرخ ارز مربوط به ${newest.validFrom} و کهنه است`,
      en:
        newest === undefined
          ? 'there is no exchange rate'
          : `the last exchange rate is of ${newest.validFrom}, too old`,
    })
  return newest
}
