import type { JsonObject } from '../../domain/json.ts'
import type { DefinitionTest, TestStep } from '../format.ts'
import type { SimulatedStep } from '../simulate.ts'

/**
 * A simulation as an entry of `tests`: the same steps, and what came of each as its expectation (place, outcome, refusal,
 * effects, incident). Run again on the same definition it holds; it fails where a later version behaves otherwise.
 */
export function testFromSimulation(
  name: string,
  given: { context?: JsonObject; facts?: JsonObject },
  simulated: readonly SimulatedStep[],
): DefinitionTest {
  const steps = simulated.flatMap(({ step, in: leaves, outcome, rejected, effects, incidents }): TestStep[] => {
    if ('start' in step) return []
    const { expect: _before, ...stimulus } = step
    return [
      {
        ...stimulus,
        expect: {
          in: leaves,
          ...(outcome === null ? {} : { outcome }),
          ...(rejected === null ? {} : { rejected: rejected as NonNullable<TestStep['expect']>['rejected'] & string }),
          ...(effects.length === 0 ? {} : { effects: [...new Set(effects)] }),
          ...(incidents.length === 0 ? {} : { incident: true }),
        },
      },
    ]
  })
  const hasGiven = given.context !== undefined || given.facts !== undefined
  return { name, ...(hasGiven ? { given } : {}), steps }
}
