import type { Text } from '../../domain/errors.ts'
import type { Actor } from '../../domain/transition.ts'
import type { Definition } from '../format.ts'
import type { Chart } from '../interpreter/chart.ts'
import type { FactRequest, FactSnapshots, Instance } from '../interpreter/instance.ts'
import { type Coming, comingOf } from './coming.ts'
import { type ExplainedTransition, transitionsFor } from './transitions.ts'
import { type Wait, waitsOf } from './waits.ts'

/** Why an order stands where it stands, for one person. */
export interface Explanation {
  /** Active states, outermost first. */
  states: { id: string; label: Text }[]
  outcome: string | null
  /** Every candidate of every user event that the present states know, with why it is offered to this person or not. */
  transitions: ExplainedTransition[]
  /** For whom or what the order waits, and until when. */
  waits: Wait[]
  /** What will happen by itself, the next first. */
  coming: Coming[]
}

/**
 * Explains an order as it stands: pure, over the very functions that decide (guards, permissions, timers). Facts that are
 * not given leave their conditions unknown and are listed in `needs`: fetch them and ask again. Changes nothing.
 */
export function explain(
  { chart, definition }: { chart: Chart; definition: Definition },
  instance: Instance,
  actor: Actor,
  facts: FactSnapshots,
  nowMs: number,
): { explanation: Explanation; needs: FactRequest[] } {
  const { transitions, states, needs } = transitionsFor({ chart, definition }, instance, actor, facts, nowMs)
  return {
    explanation: {
      states,
      outcome: instance.outcome,
      transitions,
      waits: waitsOf({ chart, definition }, instance),
      coming: comingOf({ chart, definition }, instance),
    },
    needs,
  }
}
