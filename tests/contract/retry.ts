import { OutcomeUnknown, Unavailable } from '../../gateways/errors.ts'

/** Does as a Temporal activity would: again after Unavailable and OutcomeUnknown, six times at most, never after a refusal. */
export async function retried<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act()
    } catch (error) {
      if (attempt === 6 || !(error instanceof Unavailable || error instanceof OutcomeUnknown)) throw error
    }
  }
}

/** Waits until `happened`, looking every 10 ms for at most 5 s. */
export async function until(happened: () => boolean): Promise<void> {
  const end = Date.now() + 5_000
  while (!happened()) {
    if (Date.now() > end) throw new Error('it never happened')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** What a call ended in, for asserting on errors. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('it should have failed')
}
