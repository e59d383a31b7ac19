import { DomainError } from '../../domain/errors.ts'
import type { Graph } from '../graph.ts'
import { simulate } from '../simulate.ts'
import { error, type Finding, type Subject, warning } from './finding.ts'
import { at } from './place.ts'

/** A Saturday morning in office hours, so that a test means the same on every day it is run. */
const startMs = Date.parse('2026-05-02T06:00:00Z')

/** E35: every test of the definition holds on the interpreter. W12: an outcome that no test reaches. */
export function ownTestFindings({ definition }: Subject, graph: Graph): Finding[] {
  const reached = new Set<string | null>()
  const findings = (definition.tests ?? []).flatMap((test, i) => {
    const path = at('$.tests', i)
    try {
      const steps = simulate(graph, test, startMs)
      for (const { outcome } of steps) reached.add(outcome)
      return steps.flatMap(({ failures }, step) =>
        failures.map((failure) =>
          error('E35', step === 0 ? path : at(path, 'steps', step - 1), {
            en: `${test.name}: ${failure}`,
            fa: `${test.name}: ${failure}`,
          }),
        ),
      )
    } catch (fault) {
      if (!(fault instanceof DomainError)) throw fault
      return [error('E35', path, { en: `${test.name}: ${fault.text.en}`, fa: `${test.name}: ${fault.text.fa}` })]
    }
  })
  const missed = Object.keys(definition.outcomes).filter((outcome) => !reached.has(outcome))
  return [
    ...findings,
    ...missed.map((outcome) =>
      warning('W12', at('$.outcomes', outcome), {
        en: `no test ends in ${outcome}`,
        fa: `هیچ آزمونی به نتیجه ${outcome} نمی‌رسد`,
      }),
    ),
  ]
}
