import { DomainError, type Text } from '../../domain/errors.ts'
import { markedTransitions } from '../check/along.ts'
import { markedGraph, markOf } from '../check/marked.ts'
import { at } from '../check/place.ts'
import { statesOf } from '../check/walk.ts'
import type { Definition, DefinitionTest } from '../format.ts'
import type { Graph } from '../graph.ts'
import { type SimulatedStep, simulate } from '../simulate.ts'

/** One expectation that did not hold, at the step that holds it. */
export interface TestFailure {
  path: string
  message: Text
}

export interface TestResult {
  name: string
  passed: boolean
  failures: TestFailure[]
}

/** What the tests of a definition came to: each test, and what they touched of it. */
export interface TestRun {
  results: TestResult[]
  coverage: { states: Covered; candidates: Covered; outcomes: Covered }
}

/** `missed` are places (`$.states.paid`), in the order of the document. */
export interface Covered {
  total: number
  covered: number
  missed: string[]
}

/** A Saturday morning in office hours, so that a test means the same on every day it is run. */
const startMs = Date.parse('2026-05-02T06:00:00Z')

/** Runs a definition's own tests on the interpreter that runs orders, and counts the states, candidates and outcomes they reach. */
export function runTests(definition: Definition, graph: Graph): TestRun {
  const marked = markedGraph(graph)
  const seen = new Set<string>()
  const outcomes = new Set<string>()
  const results = (definition.tests ?? []).map((test, i): TestResult => {
    const path = at('$.tests', i)
    const steps = played(marked, test)
    if (!Array.isArray(steps)) return { name: test.name, passed: false, failures: [{ path, message: steps }] }
    for (const { tokens, outcome } of steps) {
      for (const token of tokens) for (const mark of markOf(token)) seen.add(mark)
      if (outcome !== null) outcomes.add(outcome)
    }
    const failures = steps.flatMap(({ failures }, step) =>
      failures.map((failure) => ({
        path: step === 0 ? path : at(path, 'steps', step - 1),
        message: { en: failure, fa: failure },
      })),
    )
    return { name: test.name, passed: failures.length === 0, failures }
  })
  const transitions = [...markedTransitions(definition)].map(([mark, { path }]) => ({ path, hit: seen.has(mark) }))
  return {
    results,
    coverage: {
      states: covered(
        statesOf(definition)
          .filter(({ state }) => state.type !== 'history')
          .map(({ id, path }) => ({ path, hit: seen.has(`+${id}`) })),
      ),
      candidates: covered(transitions),
      outcomes: covered(
        Object.keys(definition.outcomes).map((name) => ({ path: at('$.outcomes', name), hit: outcomes.has(name) })),
      ),
    },
  }
}

/** The steps of a test; or why it could not be run at all. */
function played(marked: Graph, test: DefinitionTest): SimulatedStep[] | Text {
  try {
    return simulate(marked, test, startMs)
  } catch (fault) {
    if (fault instanceof DomainError) return fault.text
    throw fault
  }
}

function covered(places: { path: string; hit: boolean }[]): Covered {
  const missed = places.filter(({ hit }) => !hit).map(({ path }) => path)
  return { total: places.length, covered: places.length - missed.length, missed }
}
