/** Where a command writes, and how it says that something is wrong. */
export interface Terminal {
  write: (text: string) => void
  fail: () => void
  nowMs: () => number
}
