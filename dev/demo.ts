import { runningAddress } from './running.ts'
import { tellAdslStory } from './story.ts'

/** `npm run demo`: tells the story of an ADSL order against a running `npm start`, and ends with exit code 1 when it goes wrong. */
const address = runningAddress()
const say = (line: string) => process.stdout.write(`${line}\n`)

try {
  say(`Samfony at ${address}\n`)
  await tellAdslStory(address, say)
} catch (error) {
  process.stderr.write(`\nThe story went wrong: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
