import { Command } from 'commander'
import { calendars } from '../../definitions/catalogue/calendars.ts'
import { parseDefinition } from '../../definitions/check/index.ts'
import { diffDefinitions } from '../../definitions/diff/diff.ts'
import { readText } from '../read-text.ts'
import type { Terminal } from '../terminal.ts'

/** `definitions diff OLD NEW`: every difference in a sentence, then the roads that are gained and lost. */
export function diffCommand(terminal: Terminal): Command {
  const { write } = terminal
  return new Command('diff')
    .argument('<old>', 'a definition (JSON)')
    .argument('<new>', 'another version of it')
    .option('--json', 'as JSON')
    .option('--lang <language>', 'fa or en', 'en')
    .description('what another version changes, in sentences, and what it can do that the first could not')
    .action((before: string, after: string, { json, lang }: { json?: boolean; lang: string }) => {
      const [old, other] = [before, after].map((file) => readText(file, json === true, terminal))
      if (old === undefined || other === undefined) return
      const [from, to] = [parseDefinition(old), parseDefinition(other)]
      const diff = diffDefinitions(from, to, { calendars })
      if (json === true) {
        write(`${JSON.stringify(diff, null, 2)}\n`)
        return
      }
      const locale = lang === 'fa' ? 'fa' : 'en'
      for (const { message, path } of diff.changes) write(`${message[locale]}  (${path})\n`)
      const { gained, lost, cut } = diff.behaviour
      for (const [sign, roads] of [
        ['+', gained],
        ['-', lost],
      ] as const)
        for (const road of roads)
          write(`${sign} ${road.map(({ stimulus, to: states }) => `${stimulus} -> ${states.join(' ')}`).join('; ')}\n`)
      if (cut) write('there may be more: the search was given up\n')
    })
}
