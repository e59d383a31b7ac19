/** What was, what is, and what was undone. */
export interface History<T> {
  past: readonly T[]
  present: T
  future: readonly T[]
}

/** More steps back than this are forgotten. */
const depth = 200

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [] })

/** A new present; what had been undone is gone. The same object again is no step. `merge` replaces the present: typing in one field is one step. */
export function record<T>({ past, present, future }: History<T>, next: T, merge = false): History<T> {
  if (next === present) return { past, present, future }
  return { past: merge ? past : [...past, present].slice(-depth), present: next, future: [] }
}

export function undo<T>(history: History<T>): History<T> {
  const last = history.past.at(-1)
  if (last === undefined) return history
  return { past: history.past.slice(0, -1), present: last, future: [history.present, ...history.future] }
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future
  if (next === undefined) return history
  return { past: [...history.past, history.present], present: next, future }
}
