import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { calendars } from '../../definitions/catalogue/calendars.ts'
import { parseDefinition } from '../../definitions/check/index.ts'
import { diffDefinitions } from '../../definitions/diff/diff.ts'
import type { Terminal } from '../terminal.ts'

/** `definitions diff OLD NEW`: every difference in a sentence, then the roads that are gained and lost. */
export function diffCommand({ write }: Terminal): Command {
  return new Command('diff')
    .argument('<old>', 'a definition (JSON)')
    .argument('<new>', 'another version of it')
    .option('--json', 'as JSON')
    .option('--lang <language>', 'fa or en', 'en')
    .description('what another version changes, in sentences, and what it can do that the first could not')
    .action((before: string, after: string, { json, lang }: { json?: boolean; lang: string }) => {
      const [from, to] = [before, after].map((file) => parseDefinition(readFileSync(file, 'utf8'))) as [
        ReturnType<typeof parseDefinition>,
        ReturnType<typeof parseDefinition>,
      ]
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
