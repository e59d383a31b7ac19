import { Command } from 'commander'
import { calendars } from '../../definitions/catalogue/calendars.ts'
import { parseDefinition } from '../../definitions/check/index.ts'
import { compile } from '../../definitions/compile.ts'
import { type Covered, runTests } from '../../definitions/own-tests/run.ts'
import { DomainError } from '../../domain/errors.ts'
import { readText } from '../read-text.ts'
import type { Terminal } from '../terminal.ts'

/** `definitions test FILE`: every test of the definition, and what they touched of it. */
export function testCommand(terminal: Terminal): Command {
  const { write, fail } = terminal
  return new Command('test')
    .argument('<file>', 'a definition (JSON)')
    .option('--json', 'results and coverage as JSON')
    .description('run the definition’s own tests; exit code 1 when one fails')
    .action((file: string, { json }: { json?: boolean }) => {
      const text = readText(file, json === true, terminal)
      if (text === undefined) return
      try {
        const definition = parseDefinition(text)
        const run = runTests(definition, compile(definition, { calendars }, ''))
        if (json === true) write(`${JSON.stringify(run, null, 2)}\n`)
        else {
          for (const { name, passed, failures } of run.results)
            write(
              `${passed ? 'ok    ' : 'FAILED'} ${name}\n${failures.map(({ path, message }) => `       ${message.en} (${path})\n`).join('')}`,
            )
          for (const [what, covered] of Object.entries(run.coverage)) write(told(what, covered))
        }
        if (run.results.some(({ passed }) => !passed)) fail()
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        write(`${error.message}\n`)
        fail()
      }
    })
}

function told(what: string, { total, covered, missed }: Covered): string {
  const percent = total === 0 ? 100 : Math.floor((100 * covered) / total)
  return `${what.padEnd(10)} ${covered} of ${total} (${percent}%)\n${missed.map((path) => `           not ${path}\n`).join('')}`
}
