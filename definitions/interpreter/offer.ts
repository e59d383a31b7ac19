import type { Actor } from '../../domain/transition.ts'
import { evaluate, type Truth } from '../condition.ts'
import { ancestors, type Chart, nodeAt } from './chart.ts'
import { draftOf, factReader } from './draft.ts'
import type { FactRequest, FactSnapshots, Instance, Reason } from './instance.ts'
import { allowTexts, roleFor } from './permission.ts'
import { candidatesOf } from './select.ts'

/** A button: whether it is offered to this actor, and each condition with what it read (WF25). */
export interface Offer {
  event: string
  offered: boolean
  why: 'offered' | 'notAllowed' | 'guardFalse' | 'busy'
  reasons: Reason[]
  /** Roles and scopes that may. */
  allow: string[]
}

/**
 * The user events of the present state, each offered if some candidate is true or unknown for this actor, else with
 * every false leaf. What depends on the form is unknown until it is filled in. `needs` lists facts that would decide
 * more; call again with them. Changes nothing.
 */
export function offersOf(
  chart: Chart,
  instance: Instance,
  actor: Actor,
  facts: FactSnapshots,
  nowMs: number,
): { offers: Offer[]; needs: FactRequest[] } {
  if (instance.outcome !== null) return { offers: [], needs: [] }
  const draft = draftOf(chart, instance, facts, nowMs, actor)
  const read = factReader(draft)
  const knownBefore = (fact: string) => (fact === 'event' || fact === 'output' ? undefined : read(fact))
  const innerFirst = [...draft.active].sort((a, b) => b - a)
  const names = new Set(innerFirst.flatMap((index) => Object.keys(nodeAt(chart, index).on ?? {})))

  const offers = [...names]
    .filter((name) => chart.graph.events[name]?.kind === 'user')
    .sort()
    .map((event): Offer => {
      draft.event = { name: event, payload: null, output: null }
      const reasons: Reason[] = []
      const allow: string[] = []
      let allowed = false
      let open = false
      const covered = new Set<number>()
      for (const index of innerFirst) {
        if (covered.has(index)) continue
        for (const [i, candidate] of candidatesOf(draft, index).entries()) {
          const { truth, leaves } =
            candidate.guard === undefined
              ? { truth: 'true' as Truth, leaves: [] }
              : evaluate(candidate.guard, chart.graph.guards, knownBefore)
          reasons.push({ candidate: candidate.id ?? `${nodeAt(chart, index).id}:${event}[${i}]`, truth, leaves })
          allow.push(...allowTexts(candidate))
          const may = roleFor(instance, candidate, actor) !== undefined
          allowed ||= may
          open ||= may && (truth === 'true' || truth === 'unknown')
          if (truth !== 'true') continue
          // This one would be taken: neither those behind it nor those of the states around it are asked.
          for (const up of ancestors(chart, index)) covered.add(up)
          break
        }
      }
      const busy = instance.status === 'compensating'
      const why = !allowed ? 'notAllowed' : !open ? 'guardFalse' : busy ? 'busy' : 'offered'
      return { event, offered: why === 'offered', why, reasons, allow: [...new Set(allow)] }
    })
  return { offers, needs: [...draft.needed.values()] }
}
