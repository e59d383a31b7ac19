import type { Text } from '../../domain/errors.ts'
import type { Actor } from '../../domain/transition.ts'
import { evaluate, type LeafResult, type Truth } from '../condition.ts'
import type { Definition, Leaf } from '../format.ts'
import { ancestors, type Chart, nodeAt } from '../interpreter/chart.ts'
import { draftOf, factReader } from '../interpreter/draft.ts'
import type { FactRequest, FactSnapshots, Instance } from '../interpreter/instance.ts'
import { holdsExit } from '../interpreter/microstep.ts'
import { allowTexts, roleFor } from '../interpreter/permission.ts'
import { candidatesOf } from '../interpreter/select.ts'
import { conditionWords } from '../words/condition.ts'
import { namesOf } from './names.ts'

/** One candidate of a user event. `offered` is of this candidate alone; `why` names the first thing that stands in its way. */
export interface ExplainedTransition {
  event: string
  label: Text
  /** Dotted id of the state that declares it; '' is the root. */
  state: string
  /** Position among the candidates of the event there. */
  position: number
  /** Where it leads; null = stays. */
  target: string | null
  offered: boolean
  why: 'offered' | 'notAllowed' | 'guardFalse' | 'guardUnreadable' | 'afterAnother' | 'busy'
  guard: { truth: Truth; words: Text | null; leaves: (LeafResult & { words: Text })[] }
  permission: { allowed: boolean; byRole: string | null; allow: string[] }
  /** Name of the form and the fields that it asks for; null where the event takes no input. */
  form: { name: string; required: string[] } | null
}

/** Every candidate in the order in which it is tried: inner states first, then by position. What depends on the form stays unknown. */
export function transitionsFor(
  { chart, definition }: { chart: Chart; definition: Definition },
  instance: Instance,
  actor: Actor,
  facts: FactSnapshots,
  nowMs: number,
): { transitions: ExplainedTransition[]; states: { id: string; label: Text }[]; needs: FactRequest[] } {
  const names = namesOf(definition)
  const draft = draftOf(chart, instance, facts, nowMs, actor)
  const outerFirst = [...draft.active].sort((a, b) => a - b)
  const states = outerFirst
    .map((index) => nodeAt(chart, index).id)
    .filter((id) => id !== '')
    .map((id) => ({ id, label: names.state(id) }))
  if (instance.outcome !== null) return { transitions: [], states, needs: [] }

  const read = factReader(draft)
  const knownBefore = (fact: string) => (fact === 'event' || fact === 'output' ? undefined : read(fact))
  const innerFirst = [...outerFirst].reverse()
  const undoing = instance.status === 'compensating'
  const held = instance.invocations.some(holdsExit)
  const events = new Set(innerFirst.flatMap((index) => Object.keys(nodeAt(chart, index).on ?? {})))
  const transitions = [...events]
    .filter((name) => chart.graph.events[name]?.kind === 'user')
    .sort()
    .flatMap((event) => {
      draft.event = { name: event, payload: null, output: null }
      const covered = new Set<number>()
      return innerFirst.flatMap((index) => {
        let taken = covered.has(index)
        return candidatesOf(draft, index).map((candidate, position): ExplainedTransition => {
          const judged =
            candidate.guard === undefined
              ? { truth: 'true' as Truth, leaves: [] }
              : evaluate(candidate.guard, chart.graph.guards, knownBefore)
          const role = roleFor(instance, candidate, actor)
          const why = taken
            ? 'afterAnother'
            : judged.truth === 'false'
              ? 'guardFalse'
              : judged.truth === 'error'
                ? 'guardUnreadable'
                : role === undefined
                  ? 'notAllowed'
                  : undoing || (held && candidate.target !== undefined)
                    ? 'busy'
                    : 'offered'
          if (judged.truth === 'true' && !taken) {
            taken = true
            for (const up of ancestors(chart, index)) covered.add(up)
          }
          return {
            event,
            label: names.event(event),
            state: nodeAt(chart, index).id,
            position,
            target: candidate.target === undefined ? null : nodeAt(chart, candidate.target).id,
            offered: why === 'offered',
            why,
            guard: {
              truth: judged.truth,
              words: candidate.guard === undefined ? null : conditionWords(candidate.guard, definition),
              leaves: judged.leaves.map((leaf) => ({ ...leaf, words: leafWords(leaf, definition) })),
            },
            permission: { allowed: role !== undefined, byRole: role ?? null, allow: allowTexts(candidate) },
            form: formOf(definition, event),
          }
        })
      })
    })
  return { transitions, states, needs: [...draft.needed.values()] }
}

function leafWords({ fact, path, operator, expected, negated }: LeafResult, definition: Definition): Text {
  const leaf = { fact, operator, value: expected, ...(path === undefined ? {} : { path }) } as Leaf
  return conditionWords(negated === true ? { not: leaf } : leaf, definition)
}

function formOf({ events, forms }: Definition, event: string): ExplainedTransition['form'] {
  const declared = events[event]
  const form = declared?.form === undefined ? undefined : forms?.[declared.form]
  const schema = form?.schema ?? declared?.payload
  if (schema === undefined) return null
  const required =
    typeof schema === 'object' && Array.isArray(schema['required']) ? (schema['required'] as string[]) : []
  return { name: declared?.form ?? event, required }
}
