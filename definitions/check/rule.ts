import type { Text } from '../../domain/errors.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { Graph } from '../graph.ts'
import type { TestRun } from '../own-tests/run.ts'
import type { Exploration } from './explore.ts'
import type { CheckCatalogues, Finding, RuleId, Subject } from './finding.ts'

/**
 * One rule of the check: its own words, an example of the fault and of the cure, and the functions that find it. A rule
 * without a function is told by the reader of text or form. docs/lint has a page of each, made from this.
 */
export interface Rule {
  id: RuleId
  title: Text
  /** What is wrong with it, how it is decided, and what to do. */
  about: Text
  fails: Example
  passes: Example
  /** On the document alone. */
  document?: (subject: Subject) => Finding[]
  /** On the graph of all configurations. */
  graph?: (subject: Subject, explored: Exploration, graph: Graph) => Finding[]
  /** On a run of the definition's own tests. */
  tests?: (subject: Subject, run: TestRun, explored: Exploration) => Finding[]
}

/** A change of the small order of examples/small-order.ts (JSON Merge Patch, RFC 7386: null takes a key away), or a whole text. */
export type Example = { change: JsonObject; catalogues?: Partial<CheckCatalogues> } | { text: string }
