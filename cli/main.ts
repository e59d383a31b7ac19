import { Command } from 'commander'
import { definitionsCommand } from './commands/definitions.ts'
import { logCommand } from './commands/log.ts'

const terminal = {
  write: (text: string) => process.stdout.write(text),
  fail: () => {
    process.exitCode = 1
  },
  nowMs: () => Date.now(),
}

await new Command('samfony')
  .description('tools for designers and operators')
  .addCommand(definitionsCommand(terminal))
  .addCommand(logCommand(terminal))
  .parseAsync()
