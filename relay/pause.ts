/** A pause between two rounds of a loop, which whoever has news, or asks the loop to stop, cuts short. */
export function createPause() {
  let end = () => undefined as void
  return {
    /** Resolves after `ms`, or when it is cut short. */
    wait: (ms: number) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        end = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
    /** Ends a pause that is under way; else does nothing. */
    cutShort: () => end(),
  }
}
