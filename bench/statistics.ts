/** The middle of a list of numbers, the lower one of an even count; NaN of none. */
export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** The smallest value that at least `percent` of the values do not exceed (nearest rank); NaN of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN
}

/** Rounded to `digits` places after the point. */
export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits))
}

/** `1.02 (0.97–1.11)`: the median and how far the rounds lie apart. */
export function spread(values: readonly number[], digits = 2): string {
  const show = (value: number) => String(rounded(value, digits))
  return `${show(median(values))} (${show(Math.min(...values))}–${show(Math.max(...values))})`
}
