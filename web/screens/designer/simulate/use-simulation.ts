import { useMemo, useState } from 'react'
import type { TestStep } from '../../../../definitions/format.ts'
import type { JsonObject } from '../../../../domain/json.ts'
import { useDraft } from '../draft.tsx'
import { madeFacts, run } from '../model/run.ts'

/** The steps of a walk through the definition as it is now; an edit lets the same steps run again. */
export function useSimulation(isOn: boolean) {
  const { definition, catalogues } = useDraft()
  const [steps, setSteps] = useState<TestStep[]>([])
  const [facts, setFacts] = useState<JsonObject>(() => madeFacts(definition))
  const [startMs] = useState(() => Date.now())
  const runs = useMemo(
    () => (isOn ? run(definition, catalogues, { name: 'simulation', given: { facts }, steps }, startMs) : null),
    [isOn, definition, catalogues, facts, steps, startMs],
  )
  return {
    steps,
    runs,
    facts,
    setFacts,
    add: (step: TestStep) => setSteps([...steps, step]),
    back: () => setSteps(steps.slice(0, -1)),
    restart: () => setSteps([]),
  }
}

export type Simulation = ReturnType<typeof useSimulation>
