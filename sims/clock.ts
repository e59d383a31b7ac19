export interface SimClock {
  nowMs(): number
  advance(ms: number): void
  set(atMs: number): void
  offsetMs(): number
}

/** A clock that runs with `base` and can be moved; what is due by the new time happens when it is next looked at. */
export function createClock(base: () => number, offset = 0): SimClock {
  let offsetMs = offset
  return {
    nowMs: () => base() + offsetMs,
    advance(ms) {
      offsetMs += ms
    },
    set(atMs) {
      offsetMs = atMs - base()
    },
    offsetMs: () => offsetMs,
  }
}
