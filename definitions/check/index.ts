import { DomainError } from '../../domain/errors.ts'
import { compile } from '../compile.ts'
import { EngineFault } from '../fault.ts'
import type { Definition } from '../format.ts'
import type { Graph } from '../graph.ts'
import { callFindings } from './calls.ts'
import { cycleFindings } from './cycles.ts'
import { dataFindings } from './data.ts'
import { type Exploration, explore } from './explore.ts'
import { type CheckCatalogues, error, type Finding, type Subject } from './finding.ts'
import { limitFindings } from './limits.ts'
import { nameFindings } from './names.ts'
import { ownTestFindings } from './own-tests.ts'
import { permissionFindings } from './permissions.ts'
import { locate } from './place.ts'
import { propertyFindings } from './properties.ts'
import { reachFindings } from './reach.ts'
import { readJson } from './read.ts'
import { schemaFindings } from './schemas.ts'
import { shapeFindings } from './shape.ts'
import { structureFindings } from './structure.ts'
import { unusedFindings } from './unused.ts'

/** Rules on the document, in the order in which they are told. Limits come first: nothing heavy runs on what breaks them. */
const documentRules: readonly ((subject: Subject) => Finding[])[] = [
  nameFindings,
  schemaFindings,
  permissionFindings,
  structureFindings,
  callFindings,
  dataFindings,
  unusedFindings,
]

/** Rules on the graph of all configurations. */
const graphRules: readonly ((subject: Subject, explored: Exploration) => Finding[])[] = [
  reachFindings,
  cycleFindings,
  propertyFindings,
]

const maxGraphBytes = 256 * 1024

/**
 * Everything that is wrong with the text of a definition, in the order text, form, limits, names and rules, graph,
 * properties, own tests; a stage that makes the next one meaningless ends the check. No error = it may be published.
 * Never throws, whatever the text; the ADSL order takes well under a second. Rules: docs/definitions.md.
 */
export function check(text: string, catalogues: CheckCatalogues): Finding[] {
  const reading = readJson(text)
  if (!reading.ok) return reading.findings
  const shape = shapeFindings(reading.value)
  const findings = shape.length > 0 ? shape : definitionFindings(reading.value as unknown as Definition, catalogues)
  return findings.map((finding) => ({ ...finding, ...locate(reading.tree, text, finding.path) }))
}

/** A text that passed the check without an error, as the definition it is. Ends in DomainError `BadDefinition` with the first fault of text or form. */
export function parseDefinition(text: string): Definition {
  const reading = readJson(text)
  const [fault] = reading.ok ? shapeFindings(reading.value) : reading.findings
  if (fault !== undefined || !reading.ok)
    throw new DomainError('BadDefinition', fault?.message ?? { fa: '', en: '' }, fault?.path)
  return reading.value as unknown as Definition
}

function definitionFindings(definition: Definition, catalogues: CheckCatalogues): Finding[] {
  const subject = { definition, catalogues }
  const limits = limitFindings(subject)
  if (limits.some(({ rule }) => rule === 'E33')) return limits
  const findings = [...limits, ...documentRules.flatMap((rule) => rule(subject))]
  if (findings.some(({ rule, severity }) => severity === 'error' && stopping.has(rule))) return findings
  const graph = compiled(subject)
  if (!('nodes' in graph)) return [...findings, graph]
  const bytes = new TextEncoder().encode(JSON.stringify(graph)).length
  if (bytes > maxGraphBytes)
    return [
      ...findings,
      error('E33', '$', {
        en: `the compiled graph has ${bytes} bytes, at most ${maxGraphBytes}`,
        fa: `گراف ${bytes} بایت است؛ حداکثر ${maxGraphBytes}`,
      }),
    ]
  return [...findings, ...graphFindings(subject, graph)]
}

/** Without these the graph could not be built, or a run of it would not mean anything. */
const stopping = new Set(['E02', 'E17', 'E25', 'E26', 'E27', 'E36'])

function compiled({ definition, catalogues }: Subject): Graph | Finding {
  try {
    return compile(definition, catalogues, '')
  } catch (fault) {
    if (fault instanceof DomainError) return error('E02', fault.place ?? '$', fault.text)
    throw fault
  }
}

function graphFindings(subject: Subject, graph: Graph): Finding[] {
  const explored = explore(graph)
  if (explored.cut)
    return [
      error('E33', '$.states', {
        en: 'too many parallel combinations to check: make the process smaller, or split off a child process',
        fa: 'ترکیب‌های موازی بیش از آن است که بررسی شود؛ فرایند را کوچک یا به فرایند فرزند بشکنید',
      }),
    ]
  const findings = graphRules.flatMap((rule) => rule(subject, explored))
  if (explored.loop !== undefined) return findings.filter(({ rule }) => rule === 'E06')
  try {
    return [...findings, ...ownTestFindings(subject, graph)]
  } catch (fault) {
    if (fault instanceof EngineFault)
      return [...findings, error('E35', '$.tests', { en: fault.message, fa: 'آزمون اجرا نشد' })]
    throw fault
  }
}
