const faultKinds = ['refuse', 'http500', 'rubbish', 'reset', 'cut', 'slow', 'twice', 'loseAnswer'] as const
/**
 * What goes wrong with one call. Without effect: `refuse` (the system says no, with `code` if given), `http500`,
 * `rubbish`, `reset` (connection broken before anything is done). With effect: `cut` (half of the answer),
 * `slow` (`ms` late), `twice` (the answer comes two times), `loseAnswer` (done, and then silence).
 */
export type FaultKind = (typeof faultKinds)[number]

export interface Fault {
  kind: FaultKind
  /** Only calls of this method; any call without it. */
  method?: string
  /** How many calls it spoils; 1 by default. */
  count?: number
  ms?: number
  code?: string
}

export interface Faults {
  add(fault: Fault): void
  /** The fault for a call of `method`, used up by this question. */
  take(method: string): Fault | undefined
  list(): Fault[]
  clear(): void
}

/** A queue of scripted faults; the first that fits a call spoils it. */
export function createFaults(): Faults {
  let queue: (Fault & { left: number })[] = []
  return {
    add(fault) {
      if (!faultKinds.includes(fault.kind)) throw new RangeError(`no such fault: ${String(fault.kind)}`)
      queue.push({ ...fault, left: fault.count ?? 1 })
    },
    take(method) {
      const fault = queue.find((f) => f.method === undefined || f.method === method)
      if (fault) {
        fault.left -= 1
        queue = queue.filter((f) => f.left > 0)
      }
      return fault
    },
    list: () => queue.map(({ left, ...fault }) => ({ ...fault, count: left })),
    clear() {
      queue = []
    },
  }
}
