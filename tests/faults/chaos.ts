import type { FaultWorld, Part } from './fault-world.ts'

/** Numbers from 0 to 1 that are the same for the same seed. (mulberry32) */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Kills a part at a random instant within `pauseMs` of its being back, and starts it again after at most a second. Answers how often. */
export async function killAtRandom(
  world: FaultWorld,
  parts: readonly Part[],
  { times, pauseMs, random }: { times: number; pauseMs: number; random: () => number },
): Promise<number> {
  for (let i = 0; i < times; i++) {
    const part = parts[Math.floor(random() * parts.length)] ?? 'worker'
    await pause(random() * pauseMs)
    await world.kill(part)
    await pause(random() * 1_000)
    await world.start(part)
  }
  return times
}
