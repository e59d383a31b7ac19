import { DomainError } from '../../domain/errors.ts'
import { compile } from '../compile.ts'
import { EngineFault } from '../fault.ts'
import type { Definition } from '../format.ts'
import type { Graph } from '../graph.ts'
import { runTests } from '../own-tests/run.ts'
import { acknowledgementFor, acknowledgementsOf } from './acknowledged.ts'
import { explore } from './explore.ts'
import { type CheckCatalogues, error, type Finding, type Subject } from './finding.ts'
import { locate } from './place.ts'
import { readJson } from './read.ts'
import { E06 } from './rules/E06.ts'
import { E33 } from './rules/E33.ts'
import { rules } from './rules/index.ts'
import { shapeFindings } from './shape.ts'

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
  const list = shape.length > 0 ? [] : acknowledgementsOf(reading.value as unknown as Definition)
  return findings.map((finding) => {
    const known = finding.severity === 'warning' ? acknowledgementFor(finding, list) : undefined
    return {
      ...finding,
      ...(known === undefined ? {} : { acknowledged: known.reason }),
      ...locate(reading.tree, text, finding.path),
    }
  })
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
  const tooLarge = E33.document?.(subject) ?? []
  if (tooLarge.length > 0) return tooLarge
  const findings = rules.flatMap((rule) => rule.document?.(subject) ?? [])
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
  if (explored.cut) return [cutFinding(explored.configurations.length)]
  const loop = E06.graph?.(subject, explored, graph) ?? []
  if (loop.length > 0) return loop
  const findings = rules.flatMap((rule) => rule.graph?.(subject, explored, graph) ?? [])
  try {
    const run = runTests(subject.definition, graph)
    return [...findings, ...rules.flatMap((rule) => rule.tests?.(subject, run, explored) ?? [])]
  } catch (fault) {
    if (fault instanceof EngineFault)
      return [...findings, error('E35', '$.tests', { en: fault.message, fa: 'آزمون اجرا نشد' })]
    throw fault
  }
}

/** The search was given up: nothing that needs the whole graph is known. */
const cutFinding = (configurations: number) =>
  error('E33', '$.states', {
    en: `too many parallel combinations: the search was cut after ${configurations} configurations, and nothing is proved. Make the process smaller, or split off a child process`,
    fa: `ترکیب‌های موازی بیش از آن است که بررسی شود: جست‌وجو پس از ${configurations} پیکربندی بریده شد و چیزی اثبات نشده است. فرایند را کوچک یا به فرایند فرزند بشکنید`,
  })
