import { Command } from 'commander'
import { calendars } from '../../definitions/catalogue/calendars.ts'
import type { Finding } from '../../definitions/check/finding.ts'
import { check, parseDefinition } from '../../definitions/check/index.ts'
import { readJson } from '../../definitions/check/read.ts'
import { compile } from '../../definitions/compile.ts'
import type { DefinitionTest, TestStep } from '../../definitions/format.ts'
import type { Reason } from '../../definitions/interpreter/instance.ts'
import { testFromSimulation } from '../../definitions/own-tests/save.ts'
import { type SimulatedStep, simulate } from '../../definitions/simulate.ts'
import { DomainError } from '../../domain/errors.ts'
import { readText } from '../read-text.ts'
import { shippedCatalogues } from '../shipped-catalogues.ts'
import type { Terminal } from '../terminal.ts'
import { diffCommand } from './definition-diff.ts'
import { exportCommand, importCommand } from './definition-exchange.ts'
import { testCommand } from './definition-test.ts'

/** `definitions …`: what a designer runs before a definition is uploaded. */
export function definitionsCommand(terminal: Terminal): Command {
  const command = new Command('definitions').description('check and try process definitions')
  command
    .command('lint')
    .alias('check')
    .argument('<file>', 'a definition (JSON)')
    .option('--json', 'findings as JSON')
    .description('everything that is wrong with a definition; exit code 1 on an error')
    .action((file: string, { json }: { json?: boolean }) => lintFile(file, json === true, terminal))
  command
    .command('simulate')
    .argument('<file>', 'a definition (JSON)')
    .requiredOption('--steps <steps>', 'steps in the grammar of a definition’s tests: an array, or {given, steps}')
    .option('--at <instant>', 'when the first step happens (ISO); now by default')
    .option('--json', 'steps as JSON')
    .option('--save <name>', 'print the run as an entry of the definition’s tests instead')
    .description('run steps on the interpreter; exit code 1 when an expectation fails')
    .action((file: string, options: { steps: string; at?: string; json?: boolean; save?: string }) =>
      simulateFile(file, options, terminal),
    )
  command.addCommand(diffCommand(terminal))
  command.addCommand(testCommand(terminal))
  command.addCommand(exportCommand(terminal))
  command.addCommand(importCommand(terminal))
  return command
}

function lintFile(file: string, json: boolean, terminal: Terminal): void {
  const { write, fail } = terminal
  const text = readText(file, json, terminal)
  if (text === undefined) return
  const findings = check(text, shippedCatalogues())
  const count = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length
  const [errors, warnings, notes] = [count('error'), count('warning'), count('info')]
  if (json) write(`${JSON.stringify(findings, null, 2)}\n`)
  else {
    for (const finding of findings) write(told(file, finding))
    const known = findings.filter(({ acknowledged }) => acknowledged !== undefined).length
    write(`${errors} errors, ${warnings} warnings (${known} acknowledged), ${notes} notes\n`)
  }
  if (errors > 0) fail()
}

function told(file: string, finding: Finding): string {
  const { rule, severity, path, message, line = 1, column = 1, counterExample = [], witness, acknowledged } = finding
  const road = counterExample.map(
    ({ stimulus, to }, i) => `    ${i + 1}. ${stimulus}${to.length > 0 ? ` -> ${to.join(' ')}` : ''}\n`,
  )
  return [
    `${file}:${line}:${column} ${severity} ${rule} ${message.en}\n    ${message.fa}\n    at ${path}\n`,
    witness === undefined ? '' : `    for ${witness}\n`,
    ...road,
    acknowledged === undefined ? '' : `    acknowledged: ${acknowledged.en}\n`,
  ].join('')
}

function simulateFile(
  file: string,
  { steps, at, json, save }: { steps: string; at?: string; json?: boolean; save?: string },
  terminal: Terminal,
): void {
  const { write, fail, nowMs } = terminal
  const [text, stepsText] = [file, steps].map((path) => readText(path, json === true, terminal))
  if (text === undefined || stepsText === undefined) return
  let done: SimulatedStep[]
  let given: DefinitionTest['given'] = {}
  try {
    const definition = parseDefinition(text)
    const test = testOf(stepsText)
    given = test.given ?? {}
    parseDefinition(JSON.stringify({ ...definition, tests: [test] }))
    const startMs = at === undefined ? nowMs() : Date.parse(at)
    if (Number.isNaN(startMs))
      throw new DomainError('BadInstant', { en: `${at} is no instant`, fa: `${at} زمان نیست` }, '--at')
    done = simulate(compile(definition, { calendars }, ''), test, startMs)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    write(
      json === true
        ? `${JSON.stringify({ code: error.code, place: error.place, message: error.text }, null, 2)}\n`
        : `${error.message}\n`,
    )
    fail()
    return
  }
  if (save !== undefined) write(`${JSON.stringify(testFromSimulation(save, given, done), null, 2)}\n`)
  else write(json === true ? `${JSON.stringify(done, null, 2)}\n` : done.map(shown).join('\n'))
  if (done.some(({ failures }) => failures.length > 0)) fail()
}

/** STEPS.json as one test. Ends in DomainError `BadSteps`. */
function testOf(text: string): DefinitionTest {
  const reading = readJson(text)
  if (!reading.ok)
    throw new DomainError('BadSteps', reading.findings[0]?.message ?? { en: 'no steps', fa: 'گامی نیست' })
  const { value } = reading
  if (Array.isArray(value)) return { name: 'steps', steps: value as TestStep[] }
  return { name: 'steps', ...(value as unknown as Omit<DefinitionTest, 'name'>) }
}

function shown(
  { step, now, in: leaves, context, effects, outcome, rejected, reasons, incidents, failures }: SimulatedStep,
  index: number,
): string {
  const lines = [
    `${index}. ${JSON.stringify(step)}`,
    `   at       ${now}`,
    `   in       ${leaves.join(' ')}`,
    `   context  ${JSON.stringify(context)}`,
    ...(effects.length > 0 ? [`   effects  ${effects.join(' ')}`] : []),
    ...(outcome === null ? [] : [`   outcome  ${outcome}`]),
    ...(rejected === null ? [] : [`   rejected ${rejected}`, ...reasons.map((reason) => `     ${because(reason)}`)]),
    ...incidents.map(({ place, type }) => `   incident ${type} at ${place}`),
    ...failures.map((failure) => `   FAILED   ${failure}`),
  ]
  return `${lines.join('\n')}\n`
}

function because({ candidate, truth, leaves, allow, message }: Reason): string {
  const read = leaves.map(({ fact, path = '$', operator, expected, actual, result, negated }) => {
    const seen = actual === undefined ? '' : ` (it is ${JSON.stringify(actual)})`
    return `${negated === true ? 'not ' : ''}${fact}${path.slice(1)} ${operator} ${JSON.stringify(expected)}${seen}: ${result}`
  })
  const who = allow === undefined ? [] : [`allowed: ${allow.join('; ')}`]
  return [candidate, truth, message?.en, ...read, ...who]
    .filter((part) => part !== undefined && part !== '')
    .join(' | ')
}
