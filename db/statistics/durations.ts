/**
 * Bounds in milliseconds of the classes that durations are added up in: from one second, each a tenth longer than the one
 * before, to four years. Sums of such counts can be added further, and a percentile read from them is off by at most 5 %.
 */
export const durationBounds: readonly number[] = Array.from({ length: 197 }, (_, i) => Math.round(1_000 * 1.1 ** i))

/** Class of a duration: how many bounds it reaches. */
export function durationBucket(ms: number): number {
  let low = 0
  let high = durationBounds.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((durationBounds[middle] ?? 0) <= ms) low = middle + 1
    else high = middle
  }
  return low
}

/** The duration that a class stands for: the middle of its bounds on the logarithmic scale, in milliseconds; 0 below one second. */
export function durationOf(bucket: number): number {
  const [from, to] = [durationBounds[bucket - 1], durationBounds[bucket]]
  if (from === undefined) return 0
  return Math.round(to === undefined ? from : Math.sqrt(from * to))
}

/** The smallest duration that at least `percent` of those counted do not exceed, as its class tells it; null of none. */
export function percentileOf(counts: ReadonlyMap<number, number>, percent: number): number | null {
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0)
  if (total === 0) return null
  const wanted = Math.max(1, Math.ceil((total * percent) / 100))
  let seen = 0
  for (const bucket of [...counts.keys()].sort((a, b) => a - b)) {
    seen += counts.get(bucket) ?? 0
    if (seen >= wanted) return durationOf(bucket)
  }
  return null
}

/** Median, 90th and 95th percentile. */
export function percentilesOf(counts: ReadonlyMap<number, number>) {
  return { medianMs: percentileOf(counts, 50), p90Ms: percentileOf(counts, 90), p95Ms: percentileOf(counts, 95) }
}
