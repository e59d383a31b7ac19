import type { PlacedState } from './walk.ts'

/** Marks of a state that waits for the customer: his own tasks are shown to him, in no work list of ours. */
export const customerTag = 'customer-waiting'

/** Whether a state (with those around it) waits for the customer, who needs no owner of ours. */
export function waitsForCustomer(states: readonly PlacedState[]): boolean {
  return states.some(({ state }) => (state.tags ?? []).includes(customerTag))
}
