import { DomainError } from './errors.ts'

declare const rialBrand: unique symbol

/** Whole Rials (M1): a safe integer wherever it is stored in JSON or crosses a boundary; arithmetic is done in bigint. */
export type Rial = number & { readonly [rialBrand]: true }

/** An exact factor: 10 % is `{ numerator: 10, denominator: 100 }`. Both are safe integers, the denominator positive. */
export interface Ratio {
  numerator: number
  denominator: number
}

/** Brands an amount; takes a number, a bigint or a decimal string. Ends in DomainError `BadAmount` unless it is a safe integer. */
export function rial(amount: number | bigint | string): Rial {
  const value = typeof amount === 'string' && !/^-?\d+$/.test(amount) ? Number.NaN : Number(amount)
  if (!Number.isSafeInteger(value)) throw badAmount(String(amount))
  return (value === 0 ? 0 : value) as Rial
}

/** The one rounding (M2): half-up on the absolute value, ties away from zero, of an exact fraction. */
export function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new RangeError('a fraction over zero')
  const negative = numerator < 0n !== denominator < 0n
  const [n, d] = [abs(numerator), abs(denominator)]
  const rounded = (2n * n + d) / (2n * d)
  return negative ? -rounded : rounded
}

/** A part of an amount, rounded once (M2). */
export function share(amount: Rial, { numerator, denominator }: Ratio): Rial {
  return rial(roundHalfUp(BigInt(amount) * BigInt(numerator), BigInt(denominator)))
}

/** Sum of amounts. Ends in DomainError `BadAmount` beyond the safe integers. */
export function sumRial(amounts: readonly Rial[]): Rial {
  return rial(amounts.reduce((sum, amount) => sum + BigInt(amount), 0n))
}

/** `net` whole Rials for `days` of a period of `daysInPeriod` Tehran days (M6). */
export function prorate(net: Rial, days: number, daysInPeriod: number): Rial {
  if (!(Number.isInteger(days) && days >= 0 && days <= daysInPeriod)) throw badAmount(`${days}/${daysInPeriod}`)
  return share(net, { numerator: days, denominator: daysInPeriod })
}

/**
 * Splits an amount over weights, exactly (M7): floor each part, then one Rial each to the first parts until the sum is right.
 * Parts of weight 0 get nothing. A negative amount is split like its opposite. Ends in DomainError `BadAmount` without any weight.
 */
export function splitRial(amount: Rial, weights: readonly number[]): Rial[] {
  const sizes = weights.map((weight) => BigInt(rial(weight)))
  const whole = sizes.reduce((sum, size) => sum + size, 0n)
  if (whole <= 0n || sizes.some((size) => size < 0n)) throw badAmount(`weights ${weights.join(', ')}`)
  const magnitude = abs(BigInt(amount))
  const parts = sizes.map((size) => (magnitude * size) / whole)
  let left = magnitude - parts.reduce((sum, part) => sum + part, 0n)
  return parts.map((part, index) => {
    const extra = left > 0n && sizes[index] !== 0n ? 1n : 0n
    left -= extra
    return rial(amount < 0 ? -(part + extra) : part + extra)
  })
}

/** `amount` in `parts` instalments of equal size, the first ones a Rial larger (M7). */
export function instalments(amount: Rial, parts: number): Rial[] {
  return splitRial(
    amount,
    Array.from({ length: parts }, () => 1),
  )
}

const abs = (n: bigint) => (n < 0n ? -n : n)

const badAmount = (given: string) =>
  new DomainError('BadAmount', { fa: `مبلغ «${given}» عدد صحیح ریالی نیست`, en: `${given} is no whole amount of Rial` })
